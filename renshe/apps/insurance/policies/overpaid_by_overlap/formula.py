"""A benefit drawn in months in which the law says it rests: prison, a second pension, a pension beside unemployment."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import count
from renshe.kernel.policy.engine.units import Count, Fen, Text

STOP = "社会保险法 第五十一条；失业保险条例 第十五条；劳社厅函〔2001〕44号"
RETURN = "社会保险经办条例 第四十六条"
FINE = "社会保险法 第八十八条"


@rule("重叠的月数", unit=Count, article=STOP)
def overlap_months(benefit_months, begin, end):
    return count(benefit_months, lambda month: (month >= begin) & (month <= end))


@rule("应退回金额", unit=Fen, article=RETURN)
def overpaid(amount, overlap_months):
    return amount * overlap_months


@rule("停发的依据", unit=Text, article=STOP)
def legal_basis(reason_of, kind):
    return reason_of[kind]


@rule("属于骗取时的罚款下限", unit=Fen, article=FINE, round="half_up")
def fine_min(overpaid, fraud_fine_least):
    return overpaid * fraud_fine_least


@rule("属于骗取时的罚款上限", unit=Fen, article=FINE, round="half_up")
def fine_max(overpaid, fraud_fine_most):
    return overpaid * fraud_fine_most


@condition(
    "没有重叠", article=STOP,
    unmet="停发期间仍领取了待遇，重叠月份应当退回", then="请退回重叠月份的待遇；停发的情形结束后可以申请恢复",
)
def no_overlap(overlap_months):
    return overlap_months == 0


RULES = (overlap_months, overpaid, legal_basis, fine_min, fine_max, no_overlap)
