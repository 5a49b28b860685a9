"""How long an injured person keeps full pay, and what the fund pays for meals in hospital."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Fen, Months

PAY = "工伤保险条例 第三十三条"
MEAL = "浙江省工伤保险条例 第二十四条"


@rule("停工留薪期上限", unit=Months, article=PAY)
def stop_work_allowed(extension_confirmed, stop_work_most, stop_work_extension):
    return stop_work_most + when(extension_confirmed, stop_work_extension, 0)


@condition(
    "停工留薪期不超过上限", article=PAY,
    unmet="停工留薪的月数超过上限", then="伤情严重的，请在期满前向劳动能力鉴定委员会申请确认延长，最多再延长十二个月",
)
def stop_work_within(stop_work_months, stop_work_allowed):
    return stop_work_months <= stop_work_allowed


@rule("每月住院伙食补助标准", unit=Fen, article=MEAL, round="half_up")
def meal_month(month, meal_share):
    return month * meal_share


@rule("住院伙食补助", unit=Fen, article=MEAL, round="half_up")
def meal(meal_month, hospital_days, meal_month_days):
    return meal_month * hospital_days / meal_month_days


RULES = (stop_work_allowed, stop_work_within, meal_month, meal)
