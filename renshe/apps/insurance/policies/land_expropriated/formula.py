"""Social security of farmers whose land was taken: who is in, by when the money must be there, and whether it is enough.

The law leaves levels and conversion to province and city; Quzhou's were not found and are asked of the operator.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when
from renshe.kernel.policy.engine.units import Day, Fen, Months, Ratio

FULL = "社会保险法 第九十六条"
LEVEL = "土地管理法 第四十八条"
DUE = "浙江省土地管理条例 第四十六条"
SHARE = "浙政发〔2003〕26号"


@condition(
    "在公示名单内", article=DUE,
    unmet="不在村集体提出、乡镇审核公示的被征地农民名单内", then="请向村集体经济组织提出，由乡镇（街道）审核公示后再办理参保",
)
def listed(on_list):
    return on_list


@rule("费用最迟到位日", unit=Day, article=DUE)
def pay_by(notice, pay_within_days):
    return notice + pay_within_days


@condition(
    "社会保障费用按期到位", article=DUE,
    unmet="社会保障费用超过规定期限才到位", then="请市、县人民政府立即落实；参保人可以向上一级人力社保部门反映",
)
def in_time(paid, pay_by):
    return paid <= pay_by


@rule("还差的费用", unit=Fen, article=FULL)
def shortfall(required, arrived):
    return greatest(0, required - arrived)


@condition(
    "社会保障费用足额", article=FULL,
    unmet="社会保障费用没有足额安排，不得办理征地", then="请先把费用补足并存入专户；费用不得挪作他用",
)
def in_full(arrived, required):
    return arrived >= required


@rule("政府承担比例", unit=Ratio, article=SHARE, round="half_up 4")
def government_share(government_part, required):
    return government_part / required


@condition("政府承担比例足够", article=SHARE, unmet="政府承担的部分低于规定比例", then="请补足政府承担部分")
def share_enough(government_part, required, government_share_least):
    return government_part >= required * government_share_least


@rule("参保缴费标准", unit=Fen, article=LEVEL)
def premium(listed, premium_level):
    return when(listed, premium_level, 0)


@rule("每月基本生活保障", unit=Fen, article=LEVEL)
def monthly(listed, monthly_level):
    return when(listed, monthly_level, 0)


@rule("可折算的职工养老缴费月数", unit=Months, article=LEVEL)
def employee_months(listed, months_bought):
    return when(listed, months_bought, 0)


RULES = (
    listed, pay_by, in_time, shortfall, in_full, government_share, share_enough, premium, monthly, employee_months,
)
