"""What is paid when work causes a death: funeral, the single grant, and the family's monthly pension."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import least, total, when
from renshe.kernel.policy.engine.units import Bool, Fen

ARTICLE = "工伤保险条例 第三十九条"


@rule("一至四级伤残职工在停工留薪期满后死亡", unit=Bool, article=ARTICLE)
def dies_later(grade, in_stop_work_period):
    return (grade >= 1) & (grade <= 4) & ~in_stop_work_period


@rule("丧葬补助金", unit=Fen, article=ARTICLE)
def funeral(average_wage, injury_funeral_months):
    return average_wage * injury_funeral_months


@rule("一次性工亡补助金", unit=Fen, article=ARTICLE)
def death_grant(dies_later, national_income, death_grant_multiple):
    return when(dies_later, 0, national_income * death_grant_multiple)


@rule("配偶每月抚恤金", unit=Fen, article=ARTICLE, round="half_up")
def spouse(own_wage, survivor_share_spouse):
    return own_wage * survivor_share_spouse


@rule("供养亲属每月抚恤金合计（不高于本人工资）", unit=Fen, article=ARTICLE, round="half_up")
def survivors_total(
    survivors, own_wage, survivor_share_spouse, survivor_share_other, survivor_share_extra, survivor_share_most,
):
    lonely = survivor_share_other + survivor_share_extra
    shares = total(survivors, lambda one: when(
        one == "spouse", survivor_share_spouse,
        when((one == "orphan_child") | (one == "lonely_parent"), lonely, survivor_share_other),
    ))
    return own_wage * least(shares, survivor_share_most)


RULES = (dies_later, funeral, death_grant, spouse, survivors_total)
