"""The pension of a civil servant who retires in the ten years of transition: never under the old way, capped over it."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least, when
from renshe.kernel.policy.engine.units import Fen, Month, Ratio

ARTICLE = "人社部发〔2015〕28号"


@condition(
    "在十年过渡期内退休", article=ARTICLE,
    unmet="退休时间不在2014年10月至2024年9月的过渡期内，不作新老办法对比",
    then="改革前退休的按老办法，过渡期后退休的按新办法发放",
)
def in_transition(retire_month, reform_month, last_month):
    return (retire_month >= reform_month) & (retire_month <= last_month)


@rule("对应的比例月份", unit=Month, article=ARTICLE)
def share_month(retire_month, reform_month, last_month):
    return least(greatest(retire_month, reform_month), last_month)


@rule("超出部分的发放比例", unit=Ratio, article=ARTICLE)
def share(share_by_year, share_month):
    return share_by_year[share_month // 12]


@rule("新办法高于老办法的部分", unit=Fen, article=ARTICLE)
def excess(old, new):
    return greatest(0, new - old)


@rule("过渡期内的待遇", unit=Fen, article=ARTICLE, round="half_up")
def transitional(old, share, excess):
    return old + share * excess


@rule("应发待遇", unit=Fen, article=f"国发〔2015〕2号；{ARTICLE}")
def monthly(retire_month, reform_month, in_transition, transitional, old, new):
    return when(in_transition, transitional, when(retire_month < reform_month, old, new))


RULES = (in_transition, share_month, share, excess, transitional, monthly)
