"""When a person reaches the statutory retirement age."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import least, when
from renshe.kernel.policy.engine.units import Age, Month, Months

ARTICLE = "国务院关于渐进式延迟法定退休年龄的办法 第一条"


@rule("自开始延迟起的出生月数", unit=Months, article=ARTICLE)
def months_after_start(birth, first_birth, group):
    return birth - first_birth[group]


@rule("延迟月数", unit=Months, article=ARTICLE)
def delay_months(months_after_start, step, longest_delay, group):
    return when(months_after_start < 0, 0, least(months_after_start // step[group] + 1, longest_delay[group]))


@rule("法定退休年龄", unit=Age, article=ARTICLE)
def statutory_age(original_age, group, delay_months):
    return original_age[group] + delay_months


@rule("达到法定退休年龄的年月", unit=Month, article=ARTICLE)
def retire_month(birth, statutory_age):
    return birth + statutory_age


RULES = (months_after_start, delay_months, statutory_age, retire_month)
