"""The third pillar: how much may still be paid in this year, and what is left of a withdrawal after tax."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least
from renshe.kernel.policy.engine.units import Fen

JOIN = "国务院办公厅关于推动个人养老金发展的意见（国办发〔2022〕7号）"
TAX = "财政部 税务总局公告2024年第21号"


@condition(
    "已参加基本养老保险", article=JOIN,
    unmet="没有参加职工或城乡居民基本养老保险，不能开立个人养老金账户",
    then="请先参加基本养老保险；2024年12月15日起全国都可办理",
)
def may_join(in_basic_pension):
    return in_basic_pension


@rule("本年还可缴", unit=Fen, article=JOIN)
def room(annual_limit, paid_this_year):
    return greatest(0, annual_limit - paid_this_year)


@condition(
    "不超过年缴费上限", article=JOIN,
    unmet="拟缴金额超过本年剩余额度", then="请减少到本年剩余额度以内，其余可在下一年缴",
)
def within_limit(payment, room):
    return payment <= room


@rule("可税前扣除", unit=Fen, article=TAX)
def deductible(payment, room):
    return least(payment, room)


@rule("领取应缴个人所得税", unit=Fen, article=TAX, round="half_up")
def tax(withdrawal, withdrawal_tax):
    return withdrawal * withdrawal_tax


@rule("税后领取", unit=Fen, article=TAX)
def net(withdrawal, tax):
    return withdrawal - tax


RULES = (may_join, room, within_limit, deductible, tax, net)
