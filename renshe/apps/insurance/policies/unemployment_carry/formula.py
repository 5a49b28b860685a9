"""What is left of an earlier entitlement is added when a person loses work again."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import least
from renshe.kernel.policy.engine.units import Months

ARTICLE = "社会保险法 第四十六条"


@rule("合并后的领取期限", unit=Months, article=ARTICLE)
def months(new_statutory_months, unused_months, combined_cap):
    return least(new_statutory_months + unused_months, combined_cap)


@rule("超出最长期限不再合并的月数", unit=Months, article=ARTICLE)
def lost_months(new_statutory_months, unused_months, months):
    return new_statutory_months + unused_months - months


RULES = (months, lost_months)
