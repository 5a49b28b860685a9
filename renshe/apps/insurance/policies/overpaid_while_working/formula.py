"""Unemployment benefit drawn in months in which the person already worked again: the right ends with the new job."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import count
from renshe.kernel.policy.engine.units import Count, Fen

STOP = "社会保险法 第五十一条第一项"
RETURN = "社会保险经办条例 第四十六条"
FINE = "社会保险法 第八十八条"


@rule("重叠的月数", unit=Count, article=STOP)
def overlap_months(benefit_months, new_job):
    return count(benefit_months, lambda month: month >= new_job)


@rule("应退回金额", unit=Fen, article=f"{STOP}；{RETURN}")
def overpaid(amount, overlap_months):
    return amount * overlap_months


@rule("属于骗取时的罚款下限", unit=Fen, article=FINE, round="half_up")
def fine_min(overpaid, fraud_fine_least):
    return overpaid * fraud_fine_least


@rule("属于骗取时的罚款上限", unit=Fen, article=FINE, round="half_up")
def fine_max(overpaid, fraud_fine_most):
    return overpaid * fraud_fine_most


@condition(
    "领取期间没有就业", article=STOP,
    unmet="重新就业后仍领取了失业保险金，重叠月份应当退回",
    then="请从重新就业当月起停止领取并退回；未领的月数保留，以后再失业时可以接续",
)
def no_overlap(overlap_months):
    return overlap_months == 0


RULES = (overlap_months, overpaid, fine_min, fine_max, no_overlap)
