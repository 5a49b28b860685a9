"""For how many months unemployment benefit is paid: Zhejiang's own count, under the caps of the national law."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least, when
from renshe.kernel.policy.engine.units import Bool, Months

CAPS = "社会保险法 第四十六条"
OLD = "浙江省失业保险条例（2022年8月1日修改前）第二十三条"
NEW = "浙江省失业保险条例（2022年8月1日起施行）领取期限条款"
NEAR = "国务院关于渐进式延迟法定退休年龄的办法（领取失业保险金且距法定退休年龄不足一年的人员）"


@condition(
    "缴费满一年", article="社会保险法 第四十五条",
    unmet="失业前用人单位和本人缴纳失业保险费未满一年，不能领取失业保险金",
    then="再就业后继续缴费，缴费月数接着累计；生活困难的可向街道（乡镇）申请临时救助",
)
def paid_enough(paid_months, least_paid_months):
    return paid_months >= least_paid_months


@rule("法定最长期限", unit=Months, article=CAPS)
def statutory_cap(
    paid_months, paid_enough, middle_band_from, long_band_from, short_cap, middle_cap, long_cap,
):
    by_length = when(paid_months < middle_band_from, short_cap, when(paid_months < long_band_from, middle_cap, long_cap))
    return when(paid_enough, by_length, 0)


@rule("满一年以后的缴费月数", unit=Months, article=OLD, since="2004-01-01", name="later_months")
def later_months_old(paid_months, least_paid_months):
    return greatest(paid_months - least_paid_months, 0)


@rule("满五年以后的缴费月数", unit=Months, article=NEW, since="2022-08-01", name="later_months")
def later_months_new(paid_months, middle_band_from):
    return greatest(paid_months - middle_band_from, 0)


@rule("满一年发给的月数", unit=Months, article=OLD, since="2004-01-01", name="early_benefit")
def early_benefit_old(first_year_benefit):
    return first_year_benefit


@rule("前五年的缴费月数", unit=Months, article=NEW, since="2022-08-01")
def early_months(paid_months, later_months):
    return paid_months - later_months


@rule("前五年余下的缴费月数", unit=Months, article=NEW, since="2022-08-01")
def early_rest(early_months, months_per_early_benefit):
    return early_months % months_per_early_benefit


@rule("前五年缴费发给的月数", unit=Months, article=NEW, since="2022-08-01", name="early_benefit")
def early_benefit_new(early_months, months_per_early_benefit, early_rest, early_remainder_counts_from):
    return early_months // months_per_early_benefit + when(early_rest >= early_remainder_counts_from, 1, 0)


@rule("其后余下的缴费月数", unit=Months, article=f"{OLD}；{NEW}", since="2004-01-01")
def later_rest(later_months, months_per_later_benefit):
    return later_months % months_per_later_benefit


@rule("其后缴费发给的月数", unit=Months, article=f"{OLD}；{NEW}", since="2004-01-01")
def later_benefit(later_months, months_per_later_benefit, later_rest, later_remainder_counts_from):
    return later_months // months_per_later_benefit + when(later_rest >= later_remainder_counts_from, 1, 0)


@rule("领取期限", unit=Months, article=f"{CAPS}；浙江省失业保险条例 领取期限条款", since="2004-01-01")
def months(paid_enough, early_benefit, later_benefit, statutory_cap):
    return when(paid_enough, least(early_benefit + later_benefit, statutory_cap), 0)


@rule("距法定退休年龄不足一年", unit=Bool, article=NEAR, since="2025-01-01")
def near_retirement(months_to_statutory, near_retirement_months):
    return months_to_statutory < near_retirement_months


@rule("延长到法定退休年龄后的期限", unit=Months, article=NEAR, since="2025-01-01")
def months_with_extension(months, near_retirement, months_to_statutory):
    return when((months > 0) & near_retirement, greatest(months, months_to_statutory), months)


RULES = (
    paid_enough, statutory_cap, later_months_old, later_months_new, early_months, early_rest, early_benefit_old,
    early_benefit_new, later_rest, later_benefit, months, near_retirement, months_with_extension,
)
