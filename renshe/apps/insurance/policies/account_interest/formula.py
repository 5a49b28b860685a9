"""What an account grows to, from the monthly record: each year the rate on the balance held at its start, then the year's
payments with their own interest. Every amount is rounded to the fen as it is booked.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import count, largest, rounded, running, smallest, total, when, year_of
from renshe.kernel.policy.engine.units import Count, Fen

ARTICLE = "社会保险法 第十四条；人社部发〔2017〕31号"
CREDIT = "国发〔2005〕38号 第六条；浙江省职工基本养老保险条例 第二十四条"
IN_YEAR = "劳办发〔1997〕116号"


@rule("首个计息年度", unit=Count, article=ARTICLE)
def first_year(years):
    return smallest(years, lambda year: year, empty=0)


@rule("最后计息年度", unit=Count, article=ARTICLE)
def last_year(years):
    return largest(years, lambda year: year, empty=0)


def is_inside(row, first_year, last_year):
    return (year_of(row["month"]) >= first_year) & (year_of(row["month"]) <= last_year)


def booked(row, account_share):
    """What one month's payment brings into the account."""
    return rounded(row["base"] * account_share.in_month(row["month"]), "half_up")


@rule("记入个人账户合计", unit=Fen, article=CREDIT)
def credited(rows, account_share, first_year, last_year):
    return total(rows, lambda row: when(is_inside(row, first_year, last_year), booked(row, account_share), 0))


@rule("期末储存额", unit=Fen, article=f"{ARTICLE}；{CREDIT}；{IN_YEAR}")
def closing_balance(balance, years, rows, account_interest_rate, account_share, in_year_weight):
    def a_year(held, year):
        rate = account_interest_rate.in_year(year)
        paid = total(rows, lambda row: when(year_of(row["month"]) == year, booked(row, account_share), 0))
        return rounded(held * (1 + rate), "half_up") + paid + rounded(paid * rate * in_year_weight, "half_up")

    return running(balance, years, a_year)


@rule("利息合计", unit=Fen, article=ARTICLE)
def interest(closing_balance, balance, credited):
    return closing_balance - balance - credited


@rule("依次核对到的年度（重复、颠倒或跳过的为零）", unit=Count, article=ARTICLE)
def followed(years):
    return running(1, years, lambda last, year: when((last == 1) | (year == last + 1), year, 0))


@condition(
    "计息年度连续", article=ARTICLE, unmet="计息年度有重复、颠倒或跳过", then="请按先后逐年列出，没有缴费的年度也要列入",
)
def years_in_order(followed):
    return followed > 0


@rule("不在计息年度内的缴费月数", unit=Count, article=ARTICLE)
def months_outside(rows, first_year, last_year):
    return count(rows, lambda row: ~is_inside(row, first_year, last_year))


@condition(
    "缴费都在计息年度内", article=ARTICLE, unmet="有的缴费月份不在所列的计息年度内，没有记入", then="请把这些月份的年度列入计息年度",
)
def rows_inside(months_outside):
    return months_outside == 0


RULES = (
    first_year, last_year, credited, closing_balance, interest, followed, years_in_order, months_outside, rows_inside,
)
