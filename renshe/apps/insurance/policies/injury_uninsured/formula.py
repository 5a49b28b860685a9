"""What an employer owes at once when it had not insured the person who was injured or died."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when
from renshe.kernel.policy.engine.units import Count, Fen

LUMP = "浙江省工伤保险条例 第三十四条"
SURVIVOR = "浙江省工伤保险条例 第三十五条"


@condition(
    "伤残等级为一至四级", article=LUMP,
    unmet="五至十级没有一次性长期待遇这一项",
    then="由用人单位按工伤保险的项目和标准支付，金额请按“工伤伤残待遇”测算",
)
def lump_grade(grade):
    return grade <= 4


@condition(
    "本人选择一次性领取", article=LUMP,
    unmet="没有选择一次性领取长期待遇", then="由用人单位按月支付伤残津贴和护理费；想一次性领取的，请向单位书面提出",
)
def chosen(wants_lump):
    return wants_lump


@rule("一次性支付", unit=Fen, article=LUMP)
def lump(average_annual_wage, lump_years, grade):
    return average_annual_wage * lump_years[grade]


@rule("供养亲属抚恤金一次性计发的年数", unit=Count, article=SURVIVOR)
def survivor_lump_years(
    survivor_age, adult_age, survivor_years, reducing_age, oldest_age, oldest_years,
):
    reduced = survivor_years - greatest(survivor_age - reducing_age, 0)
    grown = when(survivor_age >= oldest_age, oldest_years, reduced)
    return when(survivor_age < adult_age, adult_age - survivor_age, grown)


@rule("供养亲属抚恤金一次性支付", unit=Fen, article=SURVIVOR)
def survivor_lump(survivor_monthly, survivor_lump_years):
    return survivor_monthly * 12 * survivor_lump_years


RULES = (lump_grade, chosen, lump, survivor_lump_years, survivor_lump)
