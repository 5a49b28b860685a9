"""What is due when an employer does not declare: last month's premium and a tenth more."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.units import Fen


@rule("暂按应缴数额", unit=Fen, article="社会保险法 第六十二条", round="half_up")
def assessed(last_month_premium, assessment_factor):
    return last_month_premium * assessment_factor


RULES = (assessed,)
