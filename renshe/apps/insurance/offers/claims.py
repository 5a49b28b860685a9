"""Columns about claims and employers that follow from their rows: what the law gives for them, what overlaps, how often."""

import polars as pl

from renshe.apps.insurance.offers.present import by_law
from renshe.kernel.frames import reading
from renshe.kernel.frames.catalogue import column
from renshe.kernel.frames.manifest import manifest
from renshe.kernel.frames.offered import Offered, Slice

RISES = ("cpi_rise", "food_rise", "scpi_rise")


def month_of(day: str) -> pl.Expr:
    """The month (year*12+month-1) of a column of days."""
    date = pl.col(day).cast(pl.Date)
    return date.dt.year().cast(pl.Int32) * 12 + date.dt.month().cast(pl.Int32) - 1


def _unemployment(here: Slice) -> pl.DataFrame:
    """Each claim: months left and granted, whether it goes on, months drawn in a new job."""
    rows = here.read("unemployments", ["lost_on", "premium_months", "drawn_from", "drawn_months", "new_job"])
    persons = here.read("persons", ["birth_month", "retire_group"])
    rows = rows.join(persons, on="person", how="left", maintain_order="left")
    facts = rows.select(group="retire_group", birth=pl.col("birth_month").cast(pl.Int64))
    rows = rows.with_columns(by_law(here, "retirement_age", facts, "retire_month").alias("retires"))
    rows = rows.with_columns((pl.col("retires") - month_of("lost_on")).clip(0, 720).alias("left"))
    facts = rows.select(paid_months=pl.col("premium_months").cast(pl.Int64), months_to_statutory=pl.col("left").cast(pl.Int64))
    granted = by_law(here, "unemployment_months", facts, "months").alias("granted_months")
    ends = pl.col("drawn_from") + pl.col("drawn_months")  # first month no longer drawn
    worked = (ends - pl.max_horizontal("new_job", "drawn_from")).clip(lower_bound=0)
    return rows.with_columns(granted).select(
        "person", "lost_on", pl.col("left").alias("months_to_statutory"), "granted_months",
        pl.col("new_job").is_not_null().alias("re_employed"),
        # Paid in arrears: whoever was paid for last month, has months left and no work is paid for this one.
        ((ends >= here.month) & (pl.col("drawn_months") < pl.col("granted_months")) & pl.col("new_job").is_null())
        .fill_null(False).alias("drawing_benefit"), worked.alias("overlap_months"),
    )


def _of_unemployment(here: Slice) -> pl.DataFrame:
    return here.once(_unemployment)


def _prices(here: Slice) -> pl.DataFrame:
    """The newest monthly rises of prices known, the same on every claim."""
    rows = here.read("unemployments", ["lost_on"]).select("person", "lost_on")
    known = reading.whole("prices").filter(pl.col("month") <= here.month).tail(1) if manifest("prices").parts else None
    return rows.with_columns(
        pl.lit(known[name][0] if known is not None and known.height else None, pl.Int32).alias(name) for name in RISES
    )


def _of_prices(here: Slice) -> pl.DataFrame:
    return here.once(_prices)


def _injury(here: Slice) -> pl.DataFrame:
    """Each injury: the year of death, how many at the same employer and the worst of their grades."""
    rows = here.read("injuries", ["injured_on", "employer", "grade", "died_on"])
    graded = pl.col("grade").is_not_null()
    return rows.select(
        "person", "injured_on", pl.col("died_on").cast(pl.Date).dt.year().alias("death_year"),
        graded.sum().over("person", "employer").alias("graded_here"), pl.col("grade").min().over("person", "employer").alias("worst_grade"),
    )


def _of_injury(here: Slice) -> pl.DataFrame:
    return here.once(_injury)


def _hire(here: Slice) -> pl.DataFrame:
    """Each hire: its month, the age on that day, whether the person was dead by then."""
    persons = here.read("persons", ["birth_month", "died_month"])
    rows = here.read("hires", ["hired_on"]).join(persons, on="person", how="left", maintain_order="left")
    month = month_of("hired_on")
    return rows.select(
        "person", "hired_on", month.alias("hired_month"), ((month - pl.col("birth_month")) // 12).alias("age_at_hire"),
        (pl.col("died_month") < month).fill_null(False).alias("deceased"),
    )


def _of_hire(here: Slice) -> pl.DataFrame:
    return here.once(_hire)


def _only(here: Slice) -> pl.DataFrame:
    persons = here.read("persons", ["birth_month"])
    rows = here.read("injury_only", ["hired_month"]).join(persons, on="person", how="left", maintain_order="left")
    return rows.select("person", ((pl.col("hired_month") - pl.col("birth_month")) // 12).alias("age_at_hire"))


def _certificate(here: Slice) -> pl.DataFrame:
    """When the subsidy was, or would now be, claimed."""
    rows = here.read("certificates", ["certified_month", "applied_month"])
    return rows.select("person", "certified_month", pl.col("applied_month").fill_null(here.month).alias("claim_month"))


def _custody(here: Slice) -> pl.DataFrame:
    """Months in prison for which a pension was paid all the same."""
    drawn = here.read("pensions", ["since", "paid_until", "suspended_from", "suspended_until"]).rename({"since": "drawn_from"})
    rows = here.read("custody", ["since", "until"]).join(drawn, on="person", how="left", maintain_order="left")
    end = (pl.col("until") - 1).fill_null(here.month)
    paid = _months("drawn_from", "paid_until", end) - _months("suspended_from", pl.col("suspended_until") - 1, end)
    return rows.select(
        "person", pl.lit("prison_pension").alias("overlap_kind"), end.alias("last_month"),
        pl.when(pl.col("drawn_from").is_not_null()).then(paid.clip(lower_bound=0)).alias("overlap_months"),
    )


def _months(first: str, last: str | pl.Expr, end: pl.Expr) -> pl.Expr:
    """How many months of `first` to `last` (included; unending if empty) lie in custody."""
    upto = pl.min_horizontal(pl.col(last) if isinstance(last, str) else last, end)
    return pl.when(pl.col(first).is_null()).then(0).otherwise(
        (upto - pl.max_horizontal(first, "since") + 1).clip(lower_bound=0))


def _of_custody(here: Slice) -> pl.DataFrame:
    return here.once(_custody)


def _payroll(here: Slice) -> pl.DataFrame:
    """Each employer's monthly wages of all whose work goes on."""
    if not manifest("spells").parts:
        return pl.DataFrame(schema={"employer": pl.Int32, "payroll": pl.Int64})
    running = reading.scan("spells").filter(pl.col("until").is_null(), pl.col("pension")).drop_nulls("employer")
    mine = running.filter(pl.col("employer").is_between(here.first, here.last, closed="left"))
    return mine.group_by("employer").agg(pl.col("wage").cast(pl.Int64).sum().alias("payroll")).collect()


def _about(table: str, compute: object, *lines: tuple[str, str, str, str, str]) -> tuple[Offered, ...]:
    return tuple(
        Offered(column(*line, nullable=True), compute, table=table) for line in lines  # type: ignore[arg-type]
    )


COLUMNS = (
    *_about(
        "unemployments", _of_unemployment,
        ("months_to_statutory", "Int32", "count", "失业时距法定退休年龄的月数", "L3"),
        ("granted_months", "Int32", "count", "按缴费月数算得的领取期限", "L3"),
        ("re_employed", "Boolean", "flag", "已重新就业", "L3"), ("drawing_benefit", "Boolean", "flag", "当月领取失业保险金", "L3"),
        ("overlap_months", "Int32", "count", "重新就业后仍领取的月数", "L3"),
    ),
    *_about(
        "unemployments", _of_prices, ("cpi_rise", "Int32", "share", "最近一月居民消费价格同比涨幅", "L1"),
        ("food_rise", "Int32", "share", "最近一月食品价格同比涨幅", "L1"), ("scpi_rise", "Int32", "share", "最近一月低收入居民基本生活费用价格同比涨幅", "L1"),
    ),
    *_about(
        "injuries", _of_injury, ("death_year", "Int32", "year", "因工死亡年份", "L4"),
        ("graded_here", "Int32", "count", "在同一单位评定等级的工伤次数", "L4"), ("worst_grade", "Int32", "code", "在同一单位的最高伤残等级", "L4"),
    ),
    *_about(
        "hires", _of_hire, ("hired_month", "Int32", "month", "用工年月", "L3"), ("age_at_hire", "Int32", "count", "用工之日的周岁", "L3"),
        ("deceased", "Boolean", "flag", "用工时已死亡", "L3"),
    ),
    *_about("injury_only", _only, ("age_at_hire", "Int32", "count", "用工之日的周岁", "L3")),
    *_about("certificates", _certificate, ("claim_month", "Int32", "month", "申领补贴年月（没有申领的为测算月）", "L3")),
    *_about(
        "custody", _of_custody, ("overlap_kind", "String", "code", "重叠的情形", "L4"), ("last_month", "Int32", "month", "服刑的最后一月", "L4"),
        ("overlap_months", "Int32", "count", "服刑期间领取养老金的月数", "L4"),
    ),
    *_about("employers", _payroll, ("payroll", "Int64", "fen", "每月缴费工资总额", "L2")),
)
