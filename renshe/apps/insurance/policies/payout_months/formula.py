"""Over how many months an account is paid out: by whole years of age, and since 2025 by the month between them.

No national text on the months was seen; the published answer of Jinan (60 years 1 month: 138.4; 50 years 1 month: 194.6)
and an approval table of Hangzhou (50 years 5 months: 192.9) agree with the straight line.
"""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import least
from renshe.kernel.policy.engine.units import Count, Months, Number

ARTICLE = "国务院关于完善企业职工基本养老保险制度的决定（国发〔2005〕38号）附件"
BY_MONTH = f"{ARTICLE}；计发月数细化到月的经办口径（济南市政策解答，杭州核定表）"


@rule("退休时的整岁", unit=Count, article=ARTICLE)
def whole_age(retire_age):
    return retire_age // 12


@rule("计发月数", unit=Number, article=ARTICLE, name="payout_months")
def by_whole_age(months_at_age, whole_age):
    return months_at_age[whole_age]


@rule("下一整岁", unit=Count, article=BY_MONTH, since="2025-01-01")
def next_age(whole_age, oldest):
    return least(whole_age + 1, oldest)


@rule("整岁以后的月数", unit=Months, article=BY_MONTH, since="2025-01-01")
def months_over(retire_age):
    return retire_age % 12


@rule("计发月数", unit=Number, article=BY_MONTH, since="2025-01-01", round="half_up 1")
def payout_months(months_at_age, whole_age, next_age, months_over):
    return months_at_age[whole_age] - (months_at_age[whole_age] - months_at_age[next_age]) * months_over / 12


RULES = (whole_age, by_whole_age, next_age, months_over, payout_months)
