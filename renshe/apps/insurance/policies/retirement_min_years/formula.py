"""How many months must be paid: fifteen years, rising by six months a year from 2030 to twenty years.

The year of the statutory age decides, also for who retires later; who retires earlier needs the months of that year.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least, year_of
from renshe.kernel.policy.engine.units import Count, Month, Months

LAW = "社会保险法 第十六条"
ARTICLE = "国务院关于渐进式延迟法定退休年龄的办法 第二条"
CHOICE = "实施弹性退休制度暂行办法（人社部发〔2024〕94号）"


@rule("选定的退休年月（未另行选择的为法定退休年月）", unit=Month, article=CHOICE)
def chosen(retire_month):
    return retire_month


@rule("决定最低年限的年份", unit=Count, article=f"{ARTICLE}；{CHOICE}")
def year(chosen, retire_month):
    return year_of(least(chosen, retire_month))


@rule("最低缴费月数", unit=Months, article=LAW, name="min_months")
def min_months_before(months_until_2029):
    return months_until_2029


@rule("最低缴费月数", unit=Months, article=f"{LAW}；{ARTICLE}", since="2025-01-01")
def min_months(year, months_until_2029, yearly_rise, last_year_before_rise, months_at_most):
    return least(months_until_2029 + yearly_rise * greatest(0, year - last_year_before_rise), months_at_most)


@rule("还差的月数", unit=Months, article=f"{LAW}；{ARTICLE}")
def short_months(min_months, paid_months):
    return greatest(0, min_months - paid_months)


@condition(
    "达到最低缴费年限", article=f"{LAW}；{ARTICLE}",
    unmet="累计缴费（含视同缴费）不满最低缴费年限，不能按月领取基本养老金",
    then="可以继续缴费到满，或按规定一次性缴费到满；也可以转入城乡居民基本养老保险",
)
def eligible(paid_months, min_months):
    return paid_months >= min_months


RULES = (chosen, year, min_months_before, min_months, short_months, eligible)
