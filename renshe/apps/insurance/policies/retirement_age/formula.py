"""When a person reaches the statutory retirement age. Before 2025 nobody's age is delayed."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import least, when
from renshe.kernel.policy.engine.units import Age, Month, Months

ARTICLE = "国务院关于渐进式延迟法定退休年龄的办法 第一条"
BEFORE = "国务院关于工人退休、退职的暂行办法 第一条（国发〔1978〕104号）"


@rule("延迟月数", unit=Months, article=BEFORE, name="delay_months")
def no_delay():
    return 0


@rule("自开始延迟起的出生月数", unit=Months, article=ARTICLE, since="2025-01-01")
def months_after_start(birth, first_birth, group):
    return birth - first_birth[group]


@rule("延迟月数", unit=Months, article=ARTICLE, since="2025-01-01")
def delay_months(months_after_start, step, longest_delay, group):
    return when(months_after_start < 0, 0, least(months_after_start // step[group] + 1, longest_delay[group]))


@rule("法定退休年龄", unit=Age, article=BEFORE, name="statutory_age")
def age_before_reform(original_age, group, delay_months):
    return original_age[group] + delay_months


@rule("法定退休年龄", unit=Age, article=ARTICLE, since="2025-01-01")
def statutory_age(original_age, group, delay_months):
    return original_age[group] + delay_months


@rule("达到法定退休年龄的年月", unit=Month, article=f"{BEFORE}；{ARTICLE}")
def retire_month(birth, statutory_age):
    return birth + statutory_age


@rule("按月发放养老金的首月", unit=Month, article="浙江省职工基本养老保险条例 第三十一条")
def pension_from(retire_month):
    return retire_month + 1


RULES = (no_delay, months_after_start, delay_months, age_before_reform, statutory_age, retire_month, pension_from)
