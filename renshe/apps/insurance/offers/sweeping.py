"""Which facts the insurance policies read from columns about everybody, and what those policies pay, to whom."""

import polars as pl

from renshe.apps.insurance.offers import standing
from renshe.kernel.sweeps.facts import MONTHLY, ONCE, Reading, Swept
from renshe.kernel.sweeps.running import Fold

PENSION = ("employee_pension", "civil_service_pension", "invalidity")
ALIVE = pl.col("died_month").is_null()

READINGS = (
    Reading("group", "retire_group"),
    Reading("birth", "birth_month"),
    Reading("paid_months", "insured_months", (
        "retirement_min_years", "scheme_transfer", "invalidity", "survivor_benefit", "pension_adjustment",
    )),
    Reading("months", "insured_months", ("employee_pension",)),
    Reading("avg_index", "average_index", ("employee_pension",), over=10_000),
    Reading("account_balance", "account_balance", ("employee_pension",)),
    Reading("now", "", ("employee_pension",)),
    Reading("wage", "wage", ("contribution",)),
    Reading("year", "", ("contribution", "pension_adjustment")),
    Reading("pension", "pension", ("pension_adjustment",)),
    Reading("retired", "pension_since", ("pension_adjustment",)),
    Reading("total", "pension", ("lowest_pension",)),
    Reading("death", "died_month", ("overpaid_after_death",)),
    Reading("paid_through", "pension_paid_until", ("overpaid_after_death",)),
    Reading("monthly", "pension", ("overpaid_after_death",)),
)

SWEPT = (
    Swept(
        "employee_pension", "在世、参加职工养老保险、还没有领取养老金的人",
        ALIVE & pl.col("retired_month").is_null() & (pl.col("insured_months") > 0),
        ("died_month", "retired_month", "insured_months"), "total", MONTHLY,
    ),
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
)

FOLDS = (Fold("职工养老保险累计", standing.is_current, standing.fold),)
