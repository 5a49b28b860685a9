"""The monthly pension of an employee in Zhejiang: five parts, each rounded to the fen, the sum up to the next jiao."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Age, Fen, Months, Years

PARTS = "浙江省职工基本养老保险条例 第三十二条"
TABLES = "浙江养老金核定表的计算口径"


@rule("计发基数", unit=Fen, article=PARTS)
def base(pension_base):
    return pension_base


@rule("累计缴费月数", unit=Months, article=PARTS)
def paid_months(months):
    return months


@rule("缴费年限", unit=Years, article=f"{PARTS}；{TABLES}", round="half_up 2")
def years(paid_months):
    return paid_months / 12


@rule("退休年龄", unit=Age, article=PARTS)
def retire_age(chosen, birth):
    return chosen - birth


@rule("基础养老金", unit=Fen, article=f"{PARTS}第一项；国发〔2005〕38号 第六条", round="half_up")
def basic(base, avg_index, years, rate_per_year):
    return base * (1 + avg_index) / 2 * years * rate_per_year


@rule("个人账户养老金", unit=Fen, article=f"{PARTS}第二项；国发〔2005〕38号 第六条", round="half_up")
def account(account_balance, payout_months):
    return account_balance / payout_months


@rule("过渡性养老金", unit=Fen, article=f"{PARTS}第三项", round="half_up")
def transitional(base, index_to_1997, years_to_1997, transitional_rate):
    return base * index_to_1997 * years_to_1997 * transitional_rate


@rule("过渡性调节金", unit=Fen, article="浙人社发〔2018〕102号", round="half_up")
def adjustment(adjustment_start, adjustment_factor, avg_index, years):
    return adjustment_start + adjustment_factor * avg_index * years


@rule("基本养老金补贴", unit=Fen, article="浙人社发〔2011〕146号")
def subsidy(pension_subsidy):
    return pension_subsidy


@rule("每月基本养老金", unit=Fen, article=f"{TABLES}（见分进角）", round="up -1")
def total(basic, account, transitional, adjustment, subsidy):
    return basic + account + transitional + adjustment + subsidy


@condition(
    "已到选定的退休年月", article="社会保险法 第十六条；国务院关于渐进式延迟法定退休年龄的办法 第一条、第三条",
    unmet="还没有到退休年月", then="请到退休年月办理申领，次月起按月发放；年限够的，可以选定较早的年月提前退休",
)
def of_age(now, chosen):
    return now >= chosen


RULES = (
    base, paid_months, years, retire_age, basic, account, transitional, adjustment, subsidy, total, of_age,
)
