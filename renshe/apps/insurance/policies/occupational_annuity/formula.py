"""The second pillar of public bodies: what unit and person pay, and the monthly draw until the account is used up."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Fen

PAY = "机关事业单位职业年金办法（国办发〔2015〕18号）第四条"
DRAW = "机关事业单位职业年金办法（国办发〔2015〕18号）第九条"


@condition(
    "参加机关事业单位养老保险", article=PAY,
    unmet="没有参加机关事业单位养老保险，不建立职业年金", then="企业职工请看企业年金和个人养老金",
)
def covered(in_scheme):
    return in_scheme


@rule("单位缴费", unit=Fen, article=PAY, round="half_up")
def paid_by_unit(base, unit_rate):
    return base * unit_rate


@rule("个人缴费", unit=Fen, article=PAY, round="half_up")
def paid_by_person(base, person_rate):
    return base * person_rate


@rule("每月计入职业年金", unit=Fen, article=PAY)
def both(paid_by_unit, paid_by_person):
    return paid_by_unit + paid_by_person


@rule("按月领取（发完为止）", unit=Fen, article=DRAW, round="half_up")
def monthly(account_balance, payout_months):
    return account_balance / payout_months


RULES = (covered, paid_by_unit, paid_by_person, both, monthly)
