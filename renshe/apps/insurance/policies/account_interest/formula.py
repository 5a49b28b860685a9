"""What an account grows to when nothing is paid in: each year's published rate on the balance held at its start."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import rounded, running
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "社会保险法 第十四条；人社部发〔2017〕31号"


@rule("期末储存额", unit=Fen, article=ARTICLE)
def closing_balance(balance, years, account_interest_rate):
    return running(
        balance, years,
        lambda held, year: rounded(held * (1 + account_interest_rate.in_year(year)), "half_up"),
    )


@rule("利息合计", unit=Fen, article=ARTICLE)
def interest(closing_balance, balance):
    return closing_balance - balance


RULES = (closing_balance, interest)
