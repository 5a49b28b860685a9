"""What was paid after a death. The pension is due through the month of death; every later month is to be returned."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest
from renshe.kernel.policy.engine.units import Count, Fen, Month

DUE = "浙江省职工基本养老保险条例 第三十一条"
RETURN = "社会保险经办条例 第四十六条"
FINE = "社会保险法 第八十八条"


@rule("停发首月", unit=Month, article=DUE)
def stop_from(death):
    return death + 1


@rule("多发月数", unit=Count, article=DUE)
def overpaid_months(death, paid_through):
    return greatest(0, paid_through - death)


@rule("应退回金额", unit=Fen, article=RETURN)
def overpaid(monthly, overpaid_months):
    return monthly * overpaid_months


@rule("属于骗取时的罚款下限", unit=Fen, article=FINE, round="half_up")
def fine_min(overpaid, fraud_fine_least):
    return overpaid * fraud_fine_least


@rule("属于骗取时的罚款上限", unit=Fen, article=FINE, round="half_up")
def fine_max(overpaid, fraud_fine_most):
    return overpaid * fraud_fine_most


@condition(
    "没有多发", article=RETURN,
    unmet="死亡次月起仍有发放，多发部分应当退回",
    then="请退回到社会保险基金账户；一次退回有困难的，可约定分期，或从后续待遇、个人账户余额中抵扣",
)
def nothing_overpaid(overpaid_months):
    return overpaid_months == 0


RULES = (stop_from, overpaid_months, overpaid, fine_min, fine_max, nothing_overpaid)
