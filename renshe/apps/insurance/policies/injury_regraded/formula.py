"""Several injuries at one employer: a disability grant for each, the two grants on leaving once, at the highest grade."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import each, smallest, total
from renshe.kernel.policy.engine.units import Count, Fen

ONCE = "浙江省工伤保险条例 第二十八条"


@rule("最高伤残等级", unit=Count, article=ONCE)
def grade(grades):
    return smallest(grades, lambda one: one, empty=0)


@rule("各次一次性伤残补助金（基金支付）", unit=Fen, article=f"工伤保险条例 第三十五条至第三十七条；{ONCE}")
def disability_grants(grades, own_wage_used, disability_grant_months):
    return each(grades, lambda one: own_wage_used * disability_grant_months[one])


@rule("一次性伤残补助金合计", unit=Fen, article=ONCE)
def disability_total(disability_grants):
    return total(disability_grants, lambda grant: grant)


RULES = (grade, disability_grants, disability_total)
