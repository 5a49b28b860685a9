"""In which scheme and at which place a person draws the pension after a life of moves."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Months, Text

LINK = "城乡养老保险制度衔接暂行办法（人社部发〔2014〕17号）"
PLACE = "城镇企业职工基本养老保险关系转移接续暂行办法（国办发〔2009〕66号）第六条"


@rule("领取待遇的制度", unit=Text, article=LINK)
def scheme(eligible):
    return when(eligible, "职工基本养老保险", "城乡居民基本养老保险")


@rule("计入职工养老的缴费月数（居民年限不折算）", unit=Months, article=LINK)
def employee_months(eligible, paid_months):
    return when(eligible, paid_months, 0)


@rule("计入居民养老的缴费月数（含职工年限）", unit=Months, article=LINK)
def resident_total_months(eligible, paid_months, resident_months, double_months):
    return when(eligible, 0, paid_months + resident_months - double_months)


@condition(
    "没有重复缴费", article=LINK,
    unmet="同一时期既缴了职工养老又缴了居民养老", then="保留职工养老缴费，退还同期的居民养老个人缴费",
)
def no_double(double_months):
    return double_months == 0


@rule("待遇领取地", unit=Text, article=PLACE)
def draw_place(account_at_home, months_here, months_elsewhere, stay_months):
    return when(
        account_at_home, "户籍地",
        when(months_here >= stay_months, "现参保地", when(months_elsewhere >= stay_months, "上一个缴费满十年的参保地", "户籍地")),
    )


RULES = (scheme, employee_months, resident_total_months, no_double, draw_place)
