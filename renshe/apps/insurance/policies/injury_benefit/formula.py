"""What a person disabled by work is paid, by grade, and who pays it."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import count, greatest, least, total, when
from renshe.kernel.policy.engine.units import Bool, Count, Fen, Ratio, Text

GRADES = "工伤保险条例 第三十五条至第三十七条"
ALLOWANCE = "工伤保险条例 第三十五条、第三十六条"
ENDING = "浙江省工伤保险条例 第二十七条"


@rule("上年度全省职工月平均工资", unit=Fen, article="工伤保险条例 第六十四条；浙江省工伤保险条例 第二十七条")
def average_wage(injury_average_wage):
    return injury_average_wage


@rule("本人工资（受伤前十二个月平均月缴费工资）", unit=Fen, article="工伤保险条例 第六十四条", round="half_up")
def own_wage(recent_bases):
    return total(recent_bases, lambda base: base) / count(recent_bases, lambda base: base >= 0)


@rule("计发所用本人工资", unit=Fen, article="工伤保险条例 第六十四条", round="half_up")
def own_wage_used(own_wage, average_wage, own_wage_floor_share, own_wage_cap_share):
    return least(greatest(own_wage, average_wage * own_wage_floor_share), average_wage * own_wage_cap_share)


@rule("一次性伤残补助金（基金支付）", unit=Fen, article=GRADES)
def disability_grant(own_wage_used, disability_grant_months, grade):
    return own_wage_used * disability_grant_months[grade]


@rule("劳动关系终结，应发两项一次性补助", unit=Bool, article=ENDING)
def contract_ends(grade, stays):
    return (grade > 4) & ~stays


@rule("一次性工伤医疗补助金（基金支付）", unit=Fen, article=ENDING)
def medical_grant(contract_ends, average_wage, medical_grant_months, grade):
    return when(contract_ends, average_wage * medical_grant_months[grade], 0)


@rule("距龄不足五年以后增加的周岁数", unit=Count, article=ENDING)
def years_over(years_to_statutory, near_retirement_years):
    return greatest(near_retirement_years - years_to_statutory, 0) // 1


@rule("就业补助金发给的比例", unit=Ratio, article=ENDING)
def employment_grant_share(years_over, near_retirement_step):
    return greatest(1 - years_over * near_retirement_step, 0)


@rule("一次性伤残就业补助金（用人单位支付）", unit=Fen, article=ENDING, round="half_up")
def employment_grant(contract_ends, average_wage, employment_grant_months, grade, employment_grant_share):
    return when(contract_ends, average_wage * employment_grant_months[grade] * employment_grant_share, 0)


@rule("每月发给伤残津贴", unit=Bool, article=ALLOWANCE)
def allowance_due(grade, stays, given_work):
    return (grade <= 4) | ((grade <= 6) & stays & ~given_work)


@rule("每月伤残津贴", unit=Fen, article=ALLOWANCE, round="half_up")
def monthly_allowance(allowance_due, own_wage_used, allowance_rate, grade):
    return when(allowance_due, own_wage_used * allowance_rate[grade], 0)


@rule(
    "伤残津贴由谁支付", unit=Text, article="社会保险法 第三十八条、第三十九条",
    choices={"fund": "工伤保险基金", "employer": "用人单位", "none": "不设津贴"},
)
def payer(grade):
    return when(grade <= 4, "fund", when(grade <= 6, "employer", "none"))


@rule("当地月最低工资", unit=Fen, article="浙江省人民政府关于调整全省最低工资标准的通知")
def min_wage(month):
    return month


@rule("伤残津贴低于最低工资应补足的差额", unit=Fen, article=ALLOWANCE)
def allowance_top_up(allowance_due, monthly_allowance, min_wage):
    return when(allowance_due, greatest(min_wage - monthly_allowance, 0), 0)


@rule("退休后基金应补足的养老金差额", unit=Fen, article="社会保险法 第四十条")
def pension_gap(grade, monthly_allowance, pension):
    return when(grade <= 4, greatest(monthly_allowance - pension, 0), 0)


RULES = (
    average_wage, own_wage, own_wage_used, disability_grant, contract_ends, medical_grant, years_over, employment_grant_share, employment_grant,
    allowance_due, monthly_allowance, payer, min_wage, allowance_top_up, pension_gap,
)
