"""Which facts the policies about persons read from columns, and what those policies pay, to whom."""

import polars as pl

from renshe.kernel.sweeps.facts import MONTHLY, ONCE, Reading, Swept, Unswept
from renshe.kernel.sweeps.running import Fold

PENSIONS = ("employee_pension", "civil_service_pension", "invalidity")
ALIVE = pl.col("died_month").is_null()
WORKING = ALIVE & pl.col("retired_month").is_null() & (pl.col("insured_months") > 0)
BY_WORKING = ("died_month", "retired_month", "insured_months")

READINGS = (
    Reading("group", "retire_group"),
    Reading("birth", "birth_month"),
    Reading("paid_months", "insured_months", (
        "retirement_min_years", "scheme_transfer", "invalidity", "survivor_benefit", "pension_adjustment",
    )),
    Reading("months", "insured_months", PENSIONS),
    Reading("avg_index", "average_index", PENSIONS, over=10_000),
    Reading("account_balance", "account_balance", (*PENSIONS, "survivor_benefit")),
    Reading("in_scheme", "in_public_scheme", ("civil_service_pension",)),
    Reading("now", "", ("employee_pension",)),
    Reading("claim", "", ("invalidity", "resident_pension")),
    Reading("full_loss", "full_loss", ("invalidity",)),
    Reading("chosen", "chosen_month", ("retirement_range",)),
    Reading("told", "told_month", ("retirement_range",)),
    Reading("retire_age", "statutory_age_months", ("payout_months", "occupational_annuity")),
    Reading("wage", "wage", ("contribution",)),
    Reading("payer", "payer", ("contribution",)),
    Reading("year", "", ("contribution", "pension_adjustment")),
    Reading("pension", "pension", ("pension_adjustment",)),
    Reading("retired", "pension_since", ("pension_adjustment",)),
    Reading("total", "pension", ("lowest_pension",)),
    Reading("death", "died_month", ("overpaid_after_death",)),
    Reading("paid_through", "pension_paid_until", ("overpaid_after_death",)),
    Reading("monthly", "pension", ("overpaid_after_death",)),
    # 城乡居民养老保险
    Reading("account_balance", "balance", ("resident_pension",)),
    Reading("years", "years", ("resident_pension",)),
    Reading("other_pension", "drawing_staff_pension", ("resident_pension",)),
    Reading("payment", "payment", ("resident_contribution",)),
    Reading("age_years", "age_years", ("resident_contribution",)),
    Reading("student", "is_student", ("resident_contribution",)),
    Reading("in_staff_scheme", "in_staff_scheme", ("resident_contribution",)),
    Reading("back_payment", "back_payment", ("resident_contribution",)),
    Reading("collective", "collective", ("resident_contribution",)),
    # 制度衔接、新老办法、年金、个人养老金
    Reading("resident_months", "resident_months", ("scheme_transfer",)),
    Reading("double_months", "double_months", ("scheme_transfer",)),
    Reading("account_at_home", "at_home", ("scheme_transfer",)),
    Reading("months_here", "insured_months", ("scheme_transfer",)),
    Reading("months_elsewhere", "months_elsewhere", ("scheme_transfer",)),
    Reading("retire_month", "retire_month", ("civil_service_transition",)),
    Reading("old", "by_old", ("civil_service_transition",)),
    Reading("new", "by_new", ("civil_service_transition",)),
    Reading("base", "recent_base", ("occupational_annuity",)),
    Reading("in_scheme", "in_public_scheme", ("occupational_annuity",)),
    Reading("account_balance", "occupational_balance", ("occupational_annuity",)),
    Reading("in_basic_pension", "in_basic_pension", ("personal_pension",)),
    Reading("paid_this_year", "paid_this_year", ("personal_pension",)),
    Reading("payment", "planned", ("personal_pension",)),
    Reading("withdrawal", "withdrawal", ("personal_pension",)),
    # 认证、死亡、重叠领取、骗取
    Reading("last_proof", "last_month", ("benefit_certification",)),
    Reading("proof_of_life", "proof_of_life", ("benefit_certification",)),
    Reading("month", "", ("benefit_certification",)),
    Reading("death", "died_on", ("survivor_benefit", "resident_death")),
    Reading("status", "status_at_death", ("survivor_benefit",)),
    Reading("pension_years", "pension_years", ("survivor_benefit",)),
    Reading("other_funeral", "other_funeral", ("survivor_benefit",)),
    Reading("account_balance", "resident_balance", ("resident_death",)),
    Reading("in_scheme", "in_resident_scheme", ("resident_death",)),
    Reading("kind", "overlap_kind", ("overpaid_by_overlap",)),
    Reading("begin", "since", ("overpaid_by_overlap",)),
    Reading("end", "last_month", ("overpaid_by_overlap",)),
    Reading("overlap_months", "overlap_months", ("overpaid_by_overlap",)),
    Reading("amount", "pension", ("overpaid_by_overlap",)),
    Reading("amount", "amount", ("fraud_fine",)),
    Reading("recovered", "recovered", ("fraud_fine",)),
    # 被征地农民
    Reading("on_list", "on_list", ("land_expropriated",)),
    Reading("notice", "notice_on", ("land_expropriated",)),
    Reading("paid", "paid_on", ("land_expropriated",)),
    Reading("required", "required", ("land_expropriated",)),
    Reading("arrived", "arrived", ("land_expropriated",)),
    Reading("government_part", "government_part", ("land_expropriated",)),
)

SWEPT = (
    Swept("employee_pension", "在世、参加职工养老保险、还没有领取养老金的人", WORKING, BY_WORKING, "total", MONTHLY),
    Swept(
        "civil_service_pension", "在世、参加机关事业单位养老保险、还没有领取养老金的人", WORKING & pl.col("in_public_scheme"),
        (*BY_WORKING, "in_public_scheme"), "civil_total", MONTHLY,
    ),
    Swept("payout_months", "在世、参加职工养老保险、还没有领取养老金的人", WORKING, BY_WORKING),
    Swept("retirement_range", "在世、参加职工养老保险、还没有领取养老金的人（没有选定退休时间的为待定）", WORKING, BY_WORKING),
    Swept(
        "contribution", "在世、有现申报工资的人", ALIVE & pl.col("wage").is_not_null(), ("died_month", "wage"), "pension_person", MONTHLY,
    ),
    Swept(
        "pension_adjustment", "在领职工养老金的人", ALIVE & (pl.col("pension_scheme") == "employee"),
        ("died_month", "pension_scheme"), "rise", MONTHLY,
    ),
    Swept(
        "lowest_pension", "在领职工养老金的人", ALIVE & (pl.col("pension_scheme") == "employee"),
        ("died_month", "pension_scheme"), "topup", MONTHLY,
    ),
    Swept(
        "overpaid_after_death", "已故、有养老金发放记录的人", pl.col("died_month").is_not_null() & pl.col("pension").is_not_null(),
        ("died_month", "pension"), "overpaid", ONCE,
    ),
    Swept(
        "contribution_index", "有职工养老缴费记录的人（逐月记录已折算）", pl.lit(True), table="standings",
        folded=(Reading("avg_index", "avg_index", over=10_000), Reading("paid_months", "paid_months")),
    ),
    Swept(
        "account_interest", "有职工养老缴费记录的人（逐月记录已折算到上年末）", pl.lit(True), table="standings",
        folded=(Reading("closing_balance", "balance"),),
    ),
    Swept("invalidity", "因病做过劳动能力鉴定的人", ALIVE, ("died_month",), "monthly", MONTHLY, "incapacities"),
    Swept("resident_pension", "在世、有居民养老保险个人账户的人", ALIVE, ("died_month",), "total", MONTHLY, "resident_accounts"),
    Swept(
        "resident_contribution", "在世、有居民养老保险个人账户、还没有领取养老金的人", ALIVE & ~pl.col("drawing_pension"),
        ("died_month", "drawing_pension"), "subsidy", table="resident_accounts", times=1,
    ),
    Swept("scheme_transfer", "在世、有多种或多处养老保险关系的人", ALIVE, ("died_month",), table="ties"),
    Swept("civil_service_transition", "十年过渡期内从机关事业单位退休的人", ALIVE, ("died_month",), "monthly", MONTHLY, "transitions"),
    Swept("occupational_annuity", "有职业年金个人账户的人", ALIVE, ("died_month",), "both", MONTHLY, "occupational_accounts"),
    Swept("personal_pension", "开立个人养老金账户的人", ALIVE, ("died_month",), "tax", MONTHLY, "personal_pensions"),
    Swept("benefit_certification", "在世、领取养老待遇的人", ALIVE, ("died_month",), table="certifications"),
    Swept(
        "survivor_benefit", "已故、参加过职工养老保险的人", pl.col("insured_months") > 0, ("insured_months",), "grant", ONCE, "deaths",
    ),
    Swept("resident_death", "已故、有居民养老保险个人账户的人", pl.col("in_resident_scheme"), ("in_resident_scheme",), "funeral", ONCE, "deaths"),
    Swept(
        "overpaid_by_overlap", "服刑、有养老金发放记录的人", pl.col("overlap_months").is_not_null(), ("overlap_months",), "overpaid", ONCE, "custody",
    ),
    Swept("fraud_fine", "查处的骗取待遇", pl.lit(True), (), "repay", ONCE, "frauds"),
    Swept("land_expropriated", "被征地农民", pl.lit(True), (), "shortfall", ONCE, "land_losses"),
)

UNSWEPT = (
    Unswept("identifier", "核对的是号码；列式数据不存身份号码和单位代码"),
    Unswept("contribution_limits", "算的是某一年度全市的上下限，不问某个人、某个单位或某件事"),
)

FOLDS = (Fold("职工养老保险累计", "renshe.apps.insurance.offers.standing"),)
