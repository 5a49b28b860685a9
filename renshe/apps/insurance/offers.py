"""What insurance gives the platform: steps of journeys, indicators, and columns about every person."""

import polars as pl

from renshe.apps.insurance import indicators
from renshe.apps.insurance.actions import Enrol, Rebase, Stop
from renshe.kernel.frames.catalogue import column
from renshe.kernel.frames.offered import Offered, Slice

ENROL = Enrol()
STOP = Stop()
REBASE = Rebase()
INDICATORS = indicators.INDICATORS


def _history(here: Slice) -> pl.DataFrame:
    """Each person's contribution years summed up."""
    rows = here.read("person_years", ["year", "months", "paid_months", "base_sum"])
    last = pl.col("paid_months").last().cast(pl.Int32)  # its highest bit is the last month paid, counted from January
    return rows.group_by("person", maintain_order=True).agg(
        pl.col("months").cast(pl.Int32).sum().alias("insured_months"),
        pl.col("base_sum").sum().alias("contributed_base"),
        (pl.col("year").last().cast(pl.Int32) * 12 + 31 - last.bitwise_leading_zeros().cast(pl.Int32)).alias("last_paid_month"),
    )


def _of_history(here: Slice) -> pl.DataFrame:
    return here.once(_history)


COLUMNS = (
    Offered(column("insured_months", "Int32", "count", "职工养老保险缴费月数", "L3"), _of_history, 0),
    Offered(column("contributed_base", "Int64", "fen", "职工养老保险缴费基数合计", "L3"), _of_history, 0),
    Offered(column("last_paid_month", "Int32", "month", "职工养老保险最近缴费年月", "L3", nullable=True), _of_history),
)
