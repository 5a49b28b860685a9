"""What an insured employee receives who can no longer work and is not yet of age.

Years enough and at most five years to go: the whole pension. Years enough and longer to go: the basic part. Years not
enough: the basic part for a limited time. The years asked for are those of the year of the claim.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when, year_of
from renshe.kernel.policy.engine.units import Age, Count, Fen, Month, Months

ARTICLE = "企业职工基本养老保险病残津贴暂行办法（人社部发〔2024〕72号）"


@condition(
    "完全丧失劳动能力", article=f"社会保险法 第十七条；{ARTICLE}",
    unmet="没有经劳动能力鉴定为完全丧失劳动能力", then="请先申请劳动能力鉴定",
)
def unable_to_work(full_loss):
    return full_loss


@condition(
    "未达到法定退休年龄", article=f"社会保险法 第十七条；{ARTICLE}",
    unmet="已达到法定退休年龄，不再发病残津贴", then="请申领基本养老金",
)
def before_statutory_age(claim, retire_month):
    return claim < retire_month


@rule("申领年份", unit=Count, article=ARTICLE)
def year(claim):
    return year_of(claim)


@rule("查计发月数所用的年龄（表自四十周岁起；更年轻的不计个人账户部分）", unit=Age, article=ARTICLE)
def retire_age(claim, birth, youngest):
    return greatest(claim - birth, youngest)


@rule("距法定退休年龄的月数", unit=Months, article=ARTICLE)
def months_to_statutory(retire_month, claim):
    return greatest(0, retire_month - claim)


@rule("每月病残津贴", unit=Fen, article=ARTICLE)
def monthly(eligible, months_to_statutory, near_months, total, basic):
    return when(eligible & (months_to_statutory <= near_months), total, basic)


@rule("超过五年的年数（不足一年按一年）", unit=Count, article=ARTICLE)
def years_over_5(paid_months, short_years):
    return greatest(0, paid_months - short_years + 11) // 12


@rule("发给的月数", unit=Months, article=ARTICLE)
def paid_for_months(eligible, months_to_statutory, shortest_months, months_per_year, years_over_5):
    return when(eligible, months_to_statutory, shortest_months + months_per_year * years_over_5)


@rule("发到（不含）", unit=Month, article=ARTICLE)
def until(claim, paid_for_months):
    return claim + paid_for_months


RULES = (
    unable_to_work, before_statutory_age, year, retire_age, months_to_statutory, monthly, years_over_5,
    paid_for_months, until,
)
