"""Between which months a person may choose to retire: up to three years earlier, never under the old age, or later."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when
from renshe.kernel.policy.engine.units import Age, Month

ARTICLE = "国务院关于渐进式延迟法定退休年龄的办法 第三条"
NOTICE = "实施弹性退休制度暂行办法（人社部发〔2024〕94号）"
BEFORE = "国务院关于工人退休、退职的暂行办法 第一条（国发〔1978〕104号）"


@rule("法定退休年月", unit=Month, article=f"{BEFORE}；{ARTICLE}")
def statutory(retire_month):
    return retire_month


@rule("最早退休年龄", unit=Age, article=BEFORE, name="earliest_age")
def earliest_age_before(statutory_age):
    return statutory_age


@rule("最早退休年龄", unit=Age, article=ARTICLE, since="2025-01-01")
def earliest_age(original_age, group, statutory_age, early_most):
    return greatest(original_age[group], statutory_age - early_most)


@rule("最早退休年月", unit=Month, article=f"{BEFORE}；{ARTICLE}")
def earliest(birth, earliest_age):
    return birth + earliest_age


@rule("最晚退休年龄", unit=Age, article=BEFORE, name="latest_age")
def latest_age_before(statutory_age):
    return statutory_age


@rule("最晚退休年龄", unit=Age, article=ARTICLE, since="2025-01-01")
def latest_age(statutory_age, late_most):
    return statutory_age + late_most


@rule("最晚退休年月", unit=Month, article=f"{BEFORE}；{ARTICLE}")
def latest(birth, latest_age):
    return birth + latest_age


@condition(
    "不早于最早退休年月", article=ARTICLE,
    unmet="选定的退休年月早于可以提前的最早年月", then="请改选最早退休年月或以后；提前退休还须达到最低缴费年限",
)
def not_too_early(chosen, earliest):
    return chosen >= earliest


@condition(
    "不晚于最晚退休年月", article=ARTICLE,
    unmet="选定的退休年月晚于可以延迟的最晚年月", then="请改选最晚退休年月或以前；延迟退休须与单位协商一致",
)
def not_too_late(chosen, latest):
    return chosen <= latest


@condition(
    "已按期告知或约定", article=NOTICE, since="2025-01-01",
    unmet="提前退休须至少提前三个月书面告知单位，延迟退休须提前一个月与单位书面约定",
    then="请改选较晚的退休年月，或尽快向单位书面告知、约定",
)
def told_in_time(chosen, statutory, told, early_notice, late_notice):
    return when(
        chosen < statutory, chosen - told >= early_notice,
        when(chosen > statutory, statutory - told >= late_notice, True),
    )


RULES = (
    statutory, earliest_age_before, earliest_age, earliest, latest_age_before, latest_age, latest, not_too_early,
    not_too_late, told_in_time,
)
