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


def _years(here: Slice, made: pl.Expr) -> pl.DataFrame:
    """One expression over each person's contribution years."""
    rows = here.read("person_years", ["year", "months", "paid_months", "base_sum"])
    return rows.group_by("person", maintain_order=True).agg(made)


def _insured_months(here: Slice) -> pl.DataFrame:
    return _years(here, pl.col("months").cast(pl.Int32).sum().alias("insured_months"))


def _contributed(here: Slice) -> pl.DataFrame:
    return _years(here, pl.col("base_sum").sum().alias("contributed_base"))


def _last_paid(here: Slice) -> pl.DataFrame:
    # The highest bit set of a year's months, counted from January.
    last = pl.col("paid_months").last().cast(pl.Int32)
    return _years(here, (pl.col("year").last().cast(pl.Int32) * 12 + 31 - last.bitwise_leading_zeros().cast(pl.Int32)).alias("last_paid_month"))


COLUMNS = (
    Offered(column("insured_months", "Int32", "count", "职工养老保险缴费月数", "L3"), _insured_months, 0),
    Offered(column("contributed_base", "Int64", "fen", "职工养老保险缴费基数合计", "L3"), _contributed, 0),
    Offered(column("last_paid_month", "Int32", "month", "职工养老保险最近缴费年月", "L3", nullable=True), _last_paid),
)
