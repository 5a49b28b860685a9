"""What an employer may be fined that was ordered to pay its arrears and did not."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "社会保险法 第八十六条"


@condition(
    "已责令限期缴纳", article=ARTICLE,
    unmet="征收机构还没有责令限期缴纳，不能直接处以罚款", then="请先发出责令限期缴纳通知书；滞纳金自欠缴之日起照算",
)
def was_ordered(ordered):
    return ordered


@condition(
    "逾期仍不缴纳", article=ARTICLE,
    unmet="欠费已在责令的期限内缴清，不处罚款", then="只补缴欠费和滞纳金即可",
)
def still_owed(paid_in_term):
    return ~paid_in_term


@rule("罚款下限", unit=Fen, article=ARTICLE, round="half_up")
def fine_min(owed, nonpayment_fine_least):
    return owed * nonpayment_fine_least


@rule("罚款上限", unit=Fen, article=ARTICLE, round="half_up")
def fine_max(owed, nonpayment_fine_most):
    return owed * nonpayment_fine_most


RULES = (was_ordered, still_owed, fine_min, fine_max)
