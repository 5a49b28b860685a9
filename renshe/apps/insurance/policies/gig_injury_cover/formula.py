"""Cover of couriers, riders and drivers against injury on an order: the platform pays by order, the person nothing."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Bool, Fen

ARTICLE = "新就业形态就业人员职业伤害保障办法（试行）（人社部发〔2021〕110号）"


@condition(
    "本省已实施", article=ARTICLE,
    unmet="当时本省还没有实施新就业形态就业人员职业伤害保障", then="与平台或劳务公司有劳动关系的，请按工伤申请认定",
)
def in_force(cover_in_force):
    return cover_in_force


@condition(
    "平台企业已纳入保障", article=ARTICLE,
    unmet="接单的平台企业还没有纳入职业伤害保障", then="可请用工方按特定人员单独参加工伤保险；已发生的伤害可协商或起诉要求赔偿",
)
def platform_covered(platform_joined):
    return platform_joined


@condition(
    "伤害发生在接单期间", article=ARTICLE,
    unmet="伤害不是发生在接单到完成订单期间", then="请核对平台的订单时间；记录有误的，请向平台调取订单轨迹",
)
def during_order(on_order):
    return on_order


@rule("可以享受职业伤害保障", unit=Bool, article=ARTICLE)
def covered(in_force, platform_covered, during_order):
    return in_force & platform_covered & during_order


@rule("每单缴费", unit=Fen, article=ARTICLE)
def fee_per_order(order_kind, fee_ride, fee_delivery, fee_freight):
    return when(order_kind == "ride", fee_ride, when(order_kind == "delivery", fee_delivery, fee_freight))


@rule("平台当月应缴", unit=Fen, article=ARTICLE)
def fee(orders, fee_per_order):
    return fee_per_order * orders


@rule("待遇计发所用工资（全省月平均工资，不看个人收入）", unit=Fen, article=ARTICLE)
def wage_base(average_wage):
    return average_wage


@rule("一次性伤残补助金", unit=Fen, article=f"{ARTICLE}；工伤保险条例 第三十五条至第三十七条")
def disability_grant(wage_base, disability_grant_months, grade):
    return wage_base * disability_grant_months[grade]


RULES = (in_force, platform_covered, during_order, covered, fee_per_order, fee, wage_base, disability_grant)
