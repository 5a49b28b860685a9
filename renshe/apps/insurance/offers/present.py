"""Columns about every person that follow from others on a day: age, months to retirement, payer class, standing in a scheme."""

import polars as pl

from renshe.kernel.frames import reading
from renshe.kernel.frames.catalogue import column
from renshe.kernel.frames.manifest import manifest
from renshe.kernel.frames.offered import Offered, Slice
from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies

PLACE = "330800"
PUBLIC = ("civil", "institution")
PAYERS = {
    "enterprise": "employee", "institution": "institution", "civil": "civil_service", "flexible": "flexible", "gig": "flexible",
}


def by_law(here: Slice, policy: str, facts: pl.DataFrame, output: str) -> pl.Series:
    """What a policy gives for rows of facts named as its inputs, by the law of the slice's day."""
    law = policies()[policy].law(here.on, PLACE, entered(PLACE))
    return columns(law, facts.lazy(), on=here.on, wanted=[output]).select(output).collect()[output]


def _now(here: Slice) -> pl.DataFrame:
    """What follows from a person's row alone."""
    rows = here.read("persons", ["birth_month", "retire_group", "status", "scheme", "died_month"])
    facts = rows.select(group="retire_group", birth=pl.col("birth_month").cast(pl.Int64))
    retires = by_law(here, "retirement_age", facts, "retire_month").alias("retire_month")
    left = (pl.col("retire_month") - here.month).clip(lower_bound=0)
    return rows.with_columns(retires).select(
        "person", "retire_month", left.alias("months_to_retirement"), (left // 12).alias("years_to_retirement"),
        (pl.col("retire_month") - pl.col("birth_month")).alias("statutory_age_months"),
        ((here.month - pl.col("birth_month")) // 12).alias("age_years"),
        pl.col("status").replace_strict(PAYERS, default=None, return_dtype=pl.String).alias("payer"),
        pl.col("status").is_in(PUBLIC).alias("in_public_scheme"), pl.col("scheme").is_not_null().alias("in_basic_pension"),
        (pl.col("scheme") == "employee").fill_null(False).alias("in_staff_scheme"), (pl.col("status") == "student").alias("is_student"),
    )


def _of_now(here: Slice) -> pl.DataFrame:
    return here.once(_now)


def _recent_base(here: Slice) -> pl.DataFrame:
    """The mean base of the last year with contributions."""
    rows = here.read("person_years", ["year", "months", "paid_months", "base_sum"])
    return rows.group_by("person", maintain_order=True).agg((pl.col("base_sum").last() // pl.col("months").last()).alias("recent_base"))


def _unemployment_months(here: Slice) -> pl.DataFrame:
    """Months in work for enterprises and institutions, which pay unemployment premiums; spells that overlap count once."""
    kinds = reading.whole("employers", ["employer", "kind"]) if manifest("employers").parts else None
    rows = here.read("spells", ["start", "until", "employer", "pension"]).filter("pension").drop_nulls("employer")
    if kinds is not None:
        rows = rows.join(kinds.filter(pl.col("kind") != "30").select("employer"), on="employer", how="semi", maintain_order="left")
    until = pl.col("until").fill_null(here.month + 1)
    before = until.cum_max().shift(1).over("person").fill_null(0)
    length = (until - pl.max_horizontal("start", before)).clip(lower_bound=0)
    return rows.with_columns(length.alias("length")).group_by("person", maintain_order=True).agg(
        pl.col("length").sum().alias("unemployment_paid_months"))


def _imprisoned(here: Slice) -> pl.DataFrame:
    inside = (pl.col("since") <= here.month) & (pl.col("until").is_null() | (pl.col("until") > here.month))
    return here.read("custody", ["since", "until"]).select("person", inside.alias("imprisoned"))


def _pensioner(here: Slice) -> pl.DataFrame:
    """Who drew a pension: of which scheme at death, for how many full years until death."""
    rows = here.read("pensions", ["scheme", "since"]).join(here.read("persons", ["died_month"]), on="person", how="left")
    employee = pl.col("scheme") == "employee"
    return rows.select(
        "person", (pl.col("since") <= here.month).alias("drawing_pension"),
        (employee & (pl.col("since") <= here.month)).alias("drawing_staff_pension"),
        pl.when(employee).then(pl.lit("retired")).otherwise(pl.lit("working")).alias("status_at_death"),
        pl.when(employee).then(((pl.col("died_month") - pl.col("since")) // 12).clip(lower_bound=0)).alias("pension_years"),
    )


def _of_pensioner(here: Slice) -> pl.DataFrame:
    return here.once(_pensioner)


def _resident(here: Slice) -> pl.DataFrame:
    return here.read("resident_accounts", ["years", "balance"]).select(
        "person", (pl.col("years") * 12).alias("resident_months"), pl.col("balance").alias("resident_balance"),
        pl.lit(True).alias("in_resident_scheme"),
    )


def _of_resident(here: Slice) -> pl.DataFrame:
    return here.once(_resident)


def _choice(here: Slice) -> pl.DataFrame:
    return here.read("retirement_choices", ["chosen_month", "told_month"])


COLUMNS = (
    Offered(column("retire_month", "Int32", "month", "达到法定退休年龄的年月", "L2"), _of_now),
    Offered(column("months_to_retirement", "Int32", "count", "距法定退休年龄的月数", "L2"), _of_now),
    Offered(column("years_to_retirement", "Int32", "count", "距法定退休年龄的周岁数", "L2"), _of_now),
    Offered(column("statutory_age_months", "Int32", "count", "法定退休年龄（月数）", "L2"), _of_now),
    Offered(column("age_years", "Int32", "count", "周岁", "L2"), _of_now),
    Offered(column("payer", "String", "code", "缴费人类别（没有缴费的为空）", "L2", nullable=True), _of_now),
    Offered(column("in_public_scheme", "Boolean", "flag", "参加机关事业单位养老保险", "L2"), _of_now, False),
    Offered(column("in_basic_pension", "Boolean", "flag", "参加基本养老保险", "L2"), _of_now, False),
    Offered(column("in_staff_scheme", "Boolean", "flag", "参加职工或机关事业单位养老保险", "L2"), _of_now, False),
    Offered(column("is_student", "Boolean", "flag", "在校学生", "L2"), _of_now, False),
    Offered(column("recent_base", "Int32", "fen", "最近缴费年度的月平均缴费基数", "L3", nullable=True), _recent_base),
    Offered(column("unemployment_paid_months", "Int32", "count", "失业保险累计缴费月数", "L3"), _unemployment_months, 0),
    Offered(column("imprisoned", "Boolean", "flag", "正在服刑", "L4"), _imprisoned, False),
    Offered(column("drawing_pension", "Boolean", "flag", "已享受基本养老保险待遇", "L3"), _of_pensioner, False),
    Offered(column("drawing_staff_pension", "Boolean", "flag", "已领取职工基本养老金", "L3"), _of_pensioner, False),
    Offered(column("status_at_death", "String", "code", "死亡时的身份（working在职、retired退休）", "L3"), _of_pensioner, "working"),
    Offered(column("pension_years", "Int32", "count", "已领取职工养老金的整年数（在世的为空）", "L3", nullable=True), _of_pensioner),
    Offered(column("resident_months", "Int32", "count", "居民养老累计缴费月数", "L3"), _of_resident, 0),
    Offered(column("resident_balance", "Int32", "fen", "居民养老个人账户储存额", "L3", nullable=True), _of_resident),
    Offered(column("in_resident_scheme", "Boolean", "flag", "参加居民养老保险", "L2"), _of_resident, False),
    Offered(column("chosen_month", "Int32", "month", "选定的退休年月", "L3", nullable=True), _choice),
    Offered(column("told_month", "Int32", "month", "书面告知或约定退休的年月", "L3", nullable=True), _choice),
)
