"""Whether a pension lies under three fifths of the local average of the year before, and what is added then."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "浙江省职工基本养老保险条例 第三十七条"


@rule("最低水平", unit=Fen, article=ARTICLE, round="half_up")
def floor(local_average_pension, topup_share):
    return local_average_pension * topup_share


@rule("补足额", unit=Fen, article=ARTICLE)
def topup(floor, total):
    return greatest(0, floor - total)


@rule("补足后每月基本养老金", unit=Fen, article=ARTICLE)
def after(total, topup):
    return total + topup


@condition("不低于最低水平", article=ARTICLE, unmet="养老金低于上年度当地月平均养老金的规定比例", then="经办机构核定后按规定补足，无须申请")
def not_below(total, floor):
    return total >= floor


RULES = (floor, topup, after, not_below)
