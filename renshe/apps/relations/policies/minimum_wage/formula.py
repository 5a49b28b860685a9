"""The least an employer must pay, by month and by hour, and what is lacking."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when
from renshe.kernel.policy.engine.units import Count, Fen

ARTICLE = "劳动法 第四十八条；浙江省人民政府关于调整全省最低工资标准的通知"


@rule("适用的档次", unit=Count, article=ARTICLE)
def tier_used(tiers, tier):
    return tiers[tier]


@rule("月最低工资", unit=Fen, article=ARTICLE, since="2010-04-01", name="month")
def month_of_four(tier_used, month_tier_1, month_tier_2, month_tier_3, month_tier_4):
    lower = when(tier_used == 3, month_tier_3, month_tier_4)
    return when(tier_used == 1, month_tier_1, when(tier_used == 2, month_tier_2, lower))


@rule("月最低工资", unit=Fen, article=ARTICLE, since="2021-08-01", name="month")
def month_of_three(tier_used, month_tier_1, month_tier_2, month_tier_3):
    return when(tier_used == 1, month_tier_1, when(tier_used == 2, month_tier_2, month_tier_3))


@rule("非全日制小时最低工资", unit=Fen, article=ARTICLE, since="2010-04-01", name="hour")
def hour_of_four(tier_used, hour_tier_1, hour_tier_2, hour_tier_3, hour_tier_4):
    lower = when(tier_used == 3, hour_tier_3, hour_tier_4)
    return when(tier_used == 1, hour_tier_1, when(tier_used == 2, hour_tier_2, lower))


@rule("非全日制小时最低工资", unit=Fen, article=ARTICLE, since="2021-08-01", name="hour")
def hour_of_three(tier_used, hour_tier_1, hour_tier_2, hour_tier_3):
    return when(tier_used == 1, hour_tier_1, when(tier_used == 2, hour_tier_2, hour_tier_3))


@condition(
    "月工资不低于最低工资", article=ARTICLE,
    unmet="实发月工资低于当地最低工资标准", then="请用人单位补足差额；拒不补足的，可向劳动保障监察机构投诉",
)
def month_met(paid_month, month):
    return paid_month >= month


@condition(
    "小时工资不低于最低小时工资", article=ARTICLE,
    unmet="实发小时工资低于当地非全日制最低小时工资标准", then="请用人单位补足差额；拒不补足的，可向劳动保障监察机构投诉",
)
def hour_met(paid_hour, hour):
    return paid_hour >= hour


@rule("月工资应补足的差额", unit=Fen, article=ARTICLE)
def month_gap(paid_month, month):
    return greatest(month - paid_month, 0)


@rule("小时工资应补足的差额", unit=Fen, article=ARTICLE)
def hour_gap(paid_hour, hour):
    return greatest(hour - paid_hour, 0)


RULES = (
    tier_used, month_of_four, month_of_three, hour_of_four, hour_of_three, month_met, hour_met, month_gap, hour_gap,
)
