"""What the family of an insured person receives: two months of income for the funeral, and a grant by years paid."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least, when
from renshe.kernel.policy.engine.units import Count, Fen

ARTICLE = "企业职工基本养老保险遗属待遇暂行办法（人社部发〔2021〕18号）"


@condition(
    "参加过职工基本养老保险", article="社会保险法 第十七条",
    unmet="没有职工基本养老保险缴费，不能领取遗属待遇",
    then="如参加城乡居民基本养老保险，请申领居民养老保险的丧葬补助和个人账户余额",
)
def insured(paid_months):
    return paid_months > 0


@condition(
    "没有领取其他险种的丧葬补助金", article="社会保险法 第四十九条",
    unmet="同时符合养老、工伤、失业保险丧葬补助条件的，只能选领其中一项", then="请从中选领较高的一项；多领的应退回",
)
def no_other_funeral(other_funeral):
    return ~other_funeral


@rule("丧葬补助金", unit=Fen, article=ARTICLE, round="half_up")
def funeral(annual_urban_income, funeral_months):
    return annual_urban_income / 12 * funeral_months


@rule("超过十五年的年数（不足一年按一年）", unit=Count, article=ARTICLE)
def years_over_15(paid_months, fifteen_years):
    return greatest(0, paid_months - fifteen_years + 11) // 12


@rule("按缴费年限的抚恤金月数", unit=Count, article=ARTICLE)
def months_by_years(
    paid_months, five_years, ten_years, years_over_15, grant_under_5_years, grant_under_10_years, grant_to_15_years,
    grant_at_most,
):
    return when(
        paid_months < five_years, grant_under_5_years,
        when(paid_months < ten_years, grant_under_10_years, least(grant_to_15_years + years_over_15, grant_at_most)),
    )


@rule("已领取养老金的整年数", unit=Count, article=ARTICLE)
def full_pension_years(pension_years):
    return pension_years // 1


@rule("抚恤金月数", unit=Count, article=ARTICLE)
def grant_months(status, months_by_years, full_pension_years, grant_to_15_years):
    return when(status == "retired", greatest(grant_to_15_years, months_by_years - full_pension_years), months_by_years)


@rule("抚恤金", unit=Fen, article=ARTICLE, round="half_up")
def grant(annual_urban_income, grant_months):
    return annual_urban_income / 12 * grant_months


@rule("可继承的个人账户余额", unit=Fen, article="社会保险法 第十四条")
def inheritance(account_balance):
    return account_balance


RULES = (
    insured, no_other_funeral, funeral, years_over_15, months_by_years, full_pension_years,
    grant_months, grant, inheritance,
)
