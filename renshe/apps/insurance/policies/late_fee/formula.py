"""The surcharge on premiums not paid in time."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.units import Fen, Ratio


@rule("加收比例", unit=Ratio, article="社会保险法 第八十六条")
def share(days, late_fee_daily):
    return late_fee_daily * days


@rule("滞纳金", unit=Fen, article="社会保险法 第八十六条", round="half_up")
def late_fee(owed, share):
    return owed * share


RULES = (share, late_fee)
