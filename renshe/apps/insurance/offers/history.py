"""Columns about every person: what was contributed, what stands to their name, what they earn and draw."""

import numpy as np
import polars as pl

from renshe.kernel.frames.catalogue import column
from renshe.kernel.frames.offered import Offered, Slice


def _months(here: Slice) -> pl.DataFrame:
    """Each person's months, the years summed up between the rows where another person begins."""
    rows = here.read("person_years", ["months"])
    person = rows["person"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[person.size > 0], person[1:] != person[:-1]]))
    return pl.DataFrame({"person": person[starts], "insured_months": np.add.reduceat(rows["months"].to_numpy(), starts, dtype=np.int32)})


def _base(here: Slice) -> pl.DataFrame:
    rows = here.read("person_years", ["base_sum"])
    return rows.group_by("person", maintain_order=True).agg(pl.col("base_sum").sum().alias("contributed_base"))


def _last(here: Slice) -> pl.DataFrame:
    rows = here.read("person_years", ["year", "paid_months"]).group_by("person", maintain_order=True).last()
    bits = pl.col("paid_months").cast(pl.Int32)  # the highest is the last month paid, counted from January
    return rows.select(
        "person", (pl.col("year").cast(pl.Int32) * 12 + 31 - bits.bitwise_leading_zeros().cast(pl.Int32)).alias("last_paid_month")
    )


def _standing(here: Slice) -> pl.DataFrame:
    return here.read("standings", ["avg_index", "balance"]).rename({"avg_index": "average_index", "balance": "account_balance"})


def _of_standing(here: Slice) -> pl.DataFrame:
    return here.once(_standing)


def _wage(here: Slice) -> pl.DataFrame:
    """The wage last declared in spells that go on; the highest, where there are several."""
    rows = here.read("spells", ["start", "until", "wage"]).filter(pl.col("until").is_null())
    return rows.group_by("person", maintain_order=True).agg(pl.col("wage").max())


def _pension(here: Slice) -> pl.DataFrame:
    rows = here.read("pensions", ["scheme", "since", "paid_until", "amount"])
    return rows.select(
        "person", pl.col("amount").alias("pension"), pl.col("since").alias("pension_since"),
        pl.col("paid_until").alias("pension_paid_until"), pl.col("scheme").alias("pension_scheme"),
    )


def _of_pension(here: Slice) -> pl.DataFrame:
    return here.once(_pension)


COLUMNS = (
    Offered(column("average_index", "Int32", "index", "平均缴费指数", "L3", nullable=True), _of_standing),
    Offered(column("account_balance", "Int64", "fen", "职工养老保险个人账户储存额", "L3", nullable=True), _of_standing),
    Offered(column("wage", "Int32", "fen", "现申报月工资", "L3", nullable=True), _wage),
    Offered(column("pension", "Int32", "fen", "现月养老金", "L3", nullable=True), _of_pension),
    Offered(column("pension_since", "Int32", "month", "开始发放养老金年月", "L3", nullable=True), _of_pension),
    Offered(column("pension_paid_until", "Int32", "month", "养老金已发放到（含）", "L3", nullable=True), _of_pension),
    Offered(column("pension_scheme", "String", "code", "养老金制度（employee、resident）", "L3", nullable=True), _of_pension),
    Offered(column("insured_months", "Int32", "count", "职工养老保险缴费月数", "L3"), _months, 0),
    Offered(column("contributed_base", "Int64", "fen", "职工养老保险缴费基数合计", "L3"), _base, 0),
    Offered(column("last_paid_month", "Int32", "month", "职工养老保险最近缴费年月", "L3", nullable=True), _last),
)
