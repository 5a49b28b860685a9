"""What unemployment benefit comes to each month: a share of the local minimum wage, within the bounds of the law."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Fen

SHARE = "浙江省失业保险条例 待遇标准条款"


@rule("当地月最低工资", unit=Fen, article="浙江省人民政府关于调整全省最低工资标准的通知")
def min_wage(month):
    return month


@rule("每月失业保险金", unit=Fen, article=SHARE, round="half_up")
def amount(min_wage, share):
    return min_wage * share


@rule("领满期限合计", unit=Fen, article=SHARE)
def total(amount, months):
    return amount * months


@condition(
    "低于当地最低工资", article="失业保险条例 第十八条",
    unmet="算得的标准不低于当地最低工资，不符合规定", then="请核对最低工资和比例",
)
def under_min_wage(amount, min_wage):
    return amount < min_wage


@condition(
    "高于城市居民最低生活保障标准", article="社会保险法 第四十七条",
    unmet="算得的标准不高于城市居民最低生活保障标准，不符合规定", then="请核对最低工资、比例和最低生活保障标准",
)
def above_subsistence(amount, subsistence):
    return amount > subsistence


RULES = (min_wage, amount, total, under_min_wage, above_subsistence)
