"""The yearly rise of pensions already paid: a fixed part, parts linked to years paid and to the pension, a tilt for the aged.

The national overall rate is an average of all pensioners; `overall_rise` is what it would be, not what a person gets.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when, year_of
from renshe.kernel.policy.engine.units import Count, Fen

LAW = "社会保险法 第十八条"
NATIONAL = "人力资源社会保障部、财政部当年调整退休人员基本养老金的通知"
PROVINCE = "浙江省当年调整退休人员基本养老金的通知"


@condition(
    "在上年底以前退休", article=NATIONAL,
    unmet="调整只及于上年底以前已退休的人员", then="当年退休的从下一年起参加调整",
)
def retired_in_time(retired, year):
    return year_of(retired) < year


@rule("按全国总体水平的增加额（不是个人实际）", unit=Fen, article=f"{LAW}；{NATIONAL}", round="half_up")
def overall_rise(pension, overall_rate, year):
    return pension * overall_rate.in_year(year)


@rule("缴费的整年数", unit=Count, article=PROVINCE)
def full_years(paid_months):
    return paid_months // 12


@rule("每月增加", unit=Fen, article=f"{LAW}；{PROVINCE}", round="half_up")
def rise(pension, full_years, aged, year, fixed_rise, rise_per_year, rise_by_level, aged_rise):
    return (
        fixed_rise.in_year(year)
        + rise_per_year.in_year(year) * full_years
        + pension * rise_by_level.in_year(year)
        + when(aged, aged_rise.in_year(year), 0)
    )


@rule("调整后每月基本养老金", unit=Fen, article=f"{LAW}；{PROVINCE}")
def pension_after(pension, rise):
    return pension + rise


RULES = (retired_in_time, overall_rise, full_years, rise, pension_after)
