"""What the workers of Spark do in these tests: imported there by name, so nothing here runs on import."""

import datetime

import polars as pl

from renshe.kernel.policy.engine import spark
from renshe.kernel.policy.engine.account import account
from renshe.kernel.policy.registry import in_worker

PLACE = "330802"
TODAY = datetime.date(2026, 11, 24)


def judged(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The outputs of the policy a file is for, as one column of text, so that one job serves every policy."""
    name = frame.select("policy").first().collect().item()
    found = spark.Judging(in_worker, name, TODAY, PLACE)(frame.drop("policy", "row"))
    answer = found.select(pl.struct(in_worker()[name].outputs).struct.json_encode().alias("answer"))
    return pl.concat([frame.select("policy", "row"), answer], how="horizontal")


def rolled(frame: pl.LazyFrame) -> pl.LazyFrame:
    return account(in_worker()["account_interest"].law(TODAY, PLACE), frame.collect(), 2024).lazy()
