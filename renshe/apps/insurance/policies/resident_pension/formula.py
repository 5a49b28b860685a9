"""The monthly pension of a resident: the local basic standard, the account over 139 months, and a part by years paid."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least
from renshe.kernel.policy.engine.units import Fen, Month

WHO = "国发〔2014〕8号 第七条"
PARTS = "国发〔2014〕8号 第六条"
LENGTH = "浙政发〔2009〕62号；浙政发〔2014〕28号"


@rule("年满六十周岁的年月", unit=Month, article=WHO)
def claim_from(birth, start_age):
    return birth + start_age


@condition(
    "年满六十周岁", article=WHO, unmet="还没有到待遇领取年龄", then="请在年满六十周岁的当月申领；在此之前可以继续缴费",
)
def of_age(claim, claim_from):
    return claim >= claim_from


@condition(
    "缴费满最低年数", article=WHO,
    unmet="累计缴费年数不够", then="可以逐年继续缴费或按规定补缴；补缴的年份没有政府补贴",
)
def enough_years(years, least_years, sixty_at_start):
    return sixty_at_start | (years >= least_years)


@condition(
    "没有领取其他基本养老待遇", article=WHO,
    unmet="已领取职工基本养老金等国家规定的基本养老待遇，不能同时领取", then="请终止居民养老保险关系，退还重复缴费期间的个人账户",
)
def no_other_pension(other_pension):
    return ~other_pension


@rule("个人账户养老金", unit=Fen, article=PARTS, round="half_up")
def account(account_balance, payout_months):
    return account_balance / payout_months


@rule("缴费年限养老金", unit=Fen, article=LENGTH)
def length_pension(years, first_years_rate, middle_years_rate, later_years_rate, extra_years_rate):
    return (
        first_years_rate * least(years, 5)
        + middle_years_rate * least(greatest(years - 5, 0), 5)
        + later_years_rate * least(greatest(years - 10, 0), 5)
        + extra_years_rate * greatest(years - 15, 0)
    )


@rule("每月居民养老金", unit=Fen, article=f"{PARTS}；{LENGTH}")
def total(basic_standard, account, length_pension):
    return basic_standard + account + length_pension


@rule("基础养老金不得低于", unit=Fen, article=PARTS)
def lowest_standard(lowest_zhejiang, lowest_national):
    return greatest(lowest_zhejiang, lowest_national)


RULES = (claim_from, of_age, enough_years, no_other_pension, account, length_pension, total, lowest_standard)
