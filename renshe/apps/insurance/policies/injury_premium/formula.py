"""What an employer pays for work-injury cover. The person pays nothing."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Fen, Ratio


@condition(
    "浮动系数在允许的档次内", article="人社部发〔2015〕71号 第三条",
    unmet="单位登记的工伤浮动系数不在本类行业允许的档次内", then="请联系社保经办机构核对单位的费率档次",
)
def factor_allowed(float_factor, risk_class, float_down_two, float_down_one, float_up_one, float_up_two):
    lowered = (risk_class > 1) & ((float_factor == float_down_two) | (float_factor == float_down_one))
    return lowered | (float_factor == 1) | (float_factor == float_up_one) | (float_factor == float_up_two)


@rule("工伤保险费率", unit=Ratio, article="人社部发〔2015〕71号 第二条、第三条")
def rate(base_rate, risk_class, float_factor):
    return base_rate[risk_class] * float_factor


@rule("工伤保险单位缴费", unit=Fen, article="工伤保险条例 第十条", round="half_up")
def premium(payroll, rate):
    return payroll * rate


RULES = (factor_allowed, rate, premium)
