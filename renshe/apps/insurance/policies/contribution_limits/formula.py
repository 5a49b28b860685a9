"""How the floor and the cap of the contribution base follow from the average wage, beside those published."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Count, Fen

ARTICLE = "浙江省职工基本养老保险条例 第九条"


@rule("下限所用平均工资的年度", unit=Count, article=ARTICLE)
def floor_year(year, floor_years_back):
    return year - floor_years_back


@rule("上限所用平均工资的年度", unit=Count, article=ARTICLE)
def cap_year(year):
    return year - 1


@rule("下限所用平均工资", unit=Fen, article=ARTICLE)
def floor_wage(average_wage, reference_wage, floor_year):
    return when(average_wage > 0, average_wage, reference_wage.in_year(floor_year))


@rule("上限所用平均工资", unit=Fen, article=ARTICLE)
def cap_wage(average_wage, reference_wage, cap_year):
    return when(average_wage > 0, average_wage, reference_wage.in_year(cap_year))


@rule("算得的缴费基数下限", unit=Fen, article=ARTICLE, round="half_up")
def floor(floor_wage, base_floor_share):
    return floor_wage * base_floor_share


@rule("算得的缴费基数上限", unit=Fen, article=ARTICLE, round="half_up")
def cap(cap_wage, base_cap_share):
    return cap_wage * base_cap_share


@rule("公布的缴费基数下限", unit=Fen, article=ARTICLE)
def floor_published(base_floor):
    return base_floor


@rule("公布的缴费基数上限", unit=Fen, article=ARTICLE)
def cap_published(base_cap):
    return base_cap


RULES = (floor_year, cap_year, floor_wage, cap_wage, floor, cap, floor_published, cap_published)
