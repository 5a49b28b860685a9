"""The average index of a life of contributions: each month's base over the average wage of the year before.

Article 9 limits the base to 60 to 300 per cent. Only the upper limit is applied again here: since 2022 the floor of the
base follows the wage of two years before, so a month honestly paid at the floor has an index a little under 0.6.
Months before 1998 have an index of their own in the file: they come as deemed months.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import count, largest, least, running, smallest, total, when, year_of
from renshe.kernel.policy.engine.units import Month, Months, Number

BASE = "浙江省职工基本养老保险条例 第九条"
PARTS = "浙江省职工基本养老保险条例 第三十二条"
BROKEN, START = 12, 13  # the first two months of the calendar: no record has them


@rule("有记录的缴费月数", unit=Months, article=PARTS)
def recorded_months(rows):
    return count(rows, lambda row: row["base"] > 0)


@condition(
    "有缴费记录", article=PARTS,
    unmet="没有缴费记录，也没有视同缴费，不能计算平均缴费指数", then="请核对缴费记录；有视同缴费的，请提交档案认定",
)
def has_records(paid_months):
    return paid_months > 0


@rule("各月缴费指数之和", unit=Number, article=BASE)
def index_sum(rows, reference_wage, index_cap):
    return total(rows, lambda row: least(row["base"] / reference_wage.in_year(year_of(row["month"]) - 1), index_cap))


@rule("缴费月数（含视同缴费）", unit=Months, article=PARTS)
def paid_months(recorded_months, deemed_months):
    return recorded_months + deemed_months


@rule("平均缴费指数", unit=Number, article=f"{PARTS}；取四位小数为经办核定的口径", round="half_up 4")
def avg_index(index_sum, deemed_months, deemed_index, paid_months):
    return when(paid_months > 0, (index_sum + deemed_index * deemed_months) / paid_months, 0)


@rule("首末月之间中断的月数", unit=Months, article=PARTS)
def gap_months(rows, recorded_months):
    first = smallest(rows, lambda row: row["month"], empty=0)
    last = largest(rows, lambda row: row["month"], empty=0)
    return when(recorded_months > 0, last - first + 1 - recorded_months, 0)


@rule("依次核对到的月份（重复或颠倒的，停在公元一年一月）", unit=Month, article=PARTS)
def followed(rows):
    return running(
        START, rows, lambda last, row: when((last > BROKEN) & (row["month"] > last), row["month"], BROKEN)
    )


@condition(
    "每月一行，按先后排列", article=PARTS,
    unmet="缴费记录中有同一月份重复的行，或没有按月份先后排列", then="同月在两处缴费的，请先合并或退费，再按月份先后排列",
)
def one_row_a_month(followed):
    return followed > BROKEN


RULES = (
    recorded_months, index_sum, paid_months, has_records, avg_index, gap_months, followed, one_row_a_month,
)
