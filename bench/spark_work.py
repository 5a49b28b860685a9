"""The work that Spark schedules in `docs/scale.md`: the employee pension of a file of facts, by the law as columns."""

import datetime
import os

import django
import polars as pl

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from renshe.kernel.policy.engine.columns import columns  # noqa: E402
from renshe.kernel.policy.registry import policies  # noqa: E402

ON, PLACE = datetime.date(2025, 12, 31), "330800"


def pension(frame: pl.LazyFrame) -> pl.LazyFrame:
    """`person` and the monthly pension of everybody in a file who draws none yet."""
    asked = frame.filter(pl.col("died_month").is_null() & pl.col("retired_month").is_null() & (pl.col("insured_months") > 0))
    facts = asked.select(
        "person", pl.col("insured_months").cast(pl.Int64).alias("months"), pl.col("account_balance"),
        (pl.col("average_index").cast(pl.Decimal(18, 4)) / pl.lit(10_000).cast(pl.Decimal(18, 0))).cast(pl.Decimal(18, 4)).alias("avg_index"),
        pl.col("retire_group").alias("group"), pl.col("birth_month").cast(pl.Int64).alias("birth"),
    )
    law = policies()["employee_pension"].law(ON, PLACE)
    return columns(law, facts, on=ON, wanted=["basic", "total"]).select("person", "basic", "total")
