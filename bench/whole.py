"""The pieces that `bench.sweep` measures: the whole city's pensions from raw rows, from stored totals, and OpenFisca's."""

import datetime
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.model_api import Variable
from openfisca_core.periods import YEAR
from openfisca_core.simulation_builder import SimulationBuilder

from bench import fisca
from bench.law import ACCOUNT, INDEX, PENSION, the_law
from renshe.apps.insurance.offers import standing
from renshe.kernel.frames import offered, reading
from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.engine.draft import Change, drafted
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.sweeps import running
from renshe.kernel.sweeps.facts import ready
from renshe.kernel.sweeps.judging import judged
from renshe.kernel.sweeps.weighing import weigh

ON = datetime.date(2025, 12, 31)
FIRST, LAST = fisca.FIRST * 12, fisca.LAST * 12 + 11
MONTHS = LAST - FIRST + 1
TERMS = standing.terms(INDEX, ACCOUNT)
Array = np.ndarray


def scan(table: str) -> int:
    """Reads every column of a table and adds it up: the floor of whatever reads it."""
    found = reading.scan(table).select(pl.all().cast(pl.Int64).sum()).collect(engine="streaming")
    return int(found.row(0)[-1])


def fold() -> None:
    """The product's fold: months, index and account of everybody, all years, written as a table."""
    standing.fold(ON)


def warm() -> None:
    """Compile what is compiled before the clock runs."""
    held = pl.DataFrame({"person": [1], "month": [FIRST], "base": [500_000]}, schema=dict.fromkeys(("person", "month", "base"), pl.Int32))
    standing.standing(*(held[name].to_numpy() for name in held.columns), TERMS, fisca.LAST)  # read-only, as files are


def rows(one: reading.Range) -> tuple[Array, Array, Array]:
    """The rows of a range that both sides know the law of."""
    frame = reading.read(one, ["person", "month", "base"], prove=False)
    frame = frame.filter(pl.col("month").is_between(FIRST, LAST))
    return tuple(frame[name].to_numpy() for name in ("person", "month", "base"))  # type: ignore[return-value]


def pensions(held: pl.DataFrame | pl.LazyFrame) -> pl.Series:
    """The monthly pension in fen of stored totals, by the law as columns: a range level by level, a city as one plan."""
    frame = held.select(
        "person", pl.col("paid_months").cast(pl.Int64).alias("months"), pl.col("balance").alias("account_balance"),
        (pl.col("avg_index").cast(pl.Decimal(18, 4)) / pl.lit(10_000).cast(pl.Decimal(18, 0))).cast(pl.Decimal(18, 4)).alias("avg_index"),
        pl.lit(139, pl.Int64).alias("payout_months"),
    )
    return columns(PENSION, frame, on=ON, wanted=["total"]).lazy().collect()["total"]


def raw_ours() -> dict[str, float]:
    """Every pension from the raw rows, exact."""
    total = people = 0
    for one in reading.ranges("contributions"):
        held = standing.standing(*rows(one), TERMS, fisca.LAST)
        total += int(pensions(held).sum())
        people += held.height
    return {"people": people, "sum_yuan": total / 100}


def raw_openfisca() -> dict[str, float]:
    """The same by OpenFisca: rows into a matrix of persons and months, a range at a time."""
    made, total, people = fisca.country(the_law()), 0.0, 0
    for one in reading.ranges("contributions"):
        person, month, base = rows(one)
        who, place = np.unique(person, return_inverse=True)
        bases = np.zeros((who.size, MONTHS), np.float32)
        bases[place, month - FIRST] = base / 100
        if who.size:
            total += float(fisca.simulation(made, bases).calculate("pension", str(fisca.LAST)).astype(np.float64).sum())
        people += who.size
    return {"people": people, "sum_yuan": round(total, 2)}


def sweep_pensions() -> dict[str, float]:
    """The sweep of the employee pension from the stored tables: gather its columns, judge everybody it is asked for."""
    one, people = ready(policies()["employee_pension"], ON, "330800"), 0
    names = list(dict.fromkeys(["county", *one.columns]))
    for frame in offered.gather(names):
        people += judged(one, frame, ON, lambda place: ()).height
    return {"people": people}


def sweep_all() -> dict[str, float]:
    """The nightly sweep whole: every policy, written and published."""
    said = running.run(running.prepared(ON))
    assert said
    return {"policies": sum(one["totals"] is not None for one in said["policies"]), "judgements": sum((one["totals"] or {"asked": 0})["asked"] for one in said["policies"])}


def what_if() -> dict[str, float]:
    """A draft weighed as the page does it, five years, before and after, by age, county and income."""
    said = running.published()
    assert said
    one = ready(policies()["employee_pension"], ON, "330800")
    change = Change("value", "pension_base", value="9000")
    draft = drafted(folders(), "employee_pension", [change], "330800", datetime.date(2026, 1, 1))
    found = weigh(said["key"], one, draft, "basic", ON, lambda place: ())
    return {"people": found["asked"], "evaluations": found["asked"] * 9}


def totals() -> pl.DataFrame:
    """Stored totals of everybody; an account that is not known counts as its months' worth, so that both sides reckon alike."""
    held = reading.whole("standings").filter(pl.col("avg_index").is_not_null())
    return held.with_columns(pl.col("balance").fill_null(pl.col("paid_months").cast(pl.Int64) * 40_000))


class total_months(Variable):
    value_type, entity, definition_period, label = float, fisca.Person, YEAR, "累计缴费月数"


class pension_of_totals(Variable):
    value_type, entity, definition_period, label = float, fisca.Person, YEAR, "每月基本养老金（由累计数）"

    def formula(person, period, parameters):
        law, index = parameters(period), person("avg_index", period)
        years = np.floor(person("total_months", period) / 12 * 100 + 0.5) / 100
        basic = fisca.to_fen(law.base * (1 + index) / 2 * years * law.rate_per_year)
        account = fisca.to_fen(person("balance", period) / law.payout_months)
        adjustment = fisca.to_fen(law.adjustment_start + law.adjustment_factor * index * years)
        return np.ceil(np.round((basic + account + adjustment + law.subsidy) * 10, 3)) / 10


HELD: list[Any] = []


def hold() -> None:
    """Read the stored totals before the clock runs: both sides start from memory."""
    HELD.append(totals())


def totals_ours() -> dict[str, float]:
    found = pensions(HELD[0].lazy())
    return {"people": len(found), "sum_yuan": int(found.sum()) / 100}


def totals_openfisca() -> dict[str, float]:
    held, year = HELD[0], str(fisca.LAST)
    made = fisca.country(the_law())
    for variable in (total_months, pension_of_totals):
        made.add_variable(variable)
    one = SimulationBuilder().build_default_simulation(made, held.height)
    one.set_input("avg_index", year, held["avg_index"].to_numpy() / 10_000)
    one.set_input("total_months", year, held["paid_months"].to_numpy())
    one.set_input("balance", year, held["balance"].to_numpy() / 100)
    return {"people": held.height, "sum_yuan": round(float(one.calculate("pension_of_totals", year).astype(np.float64).sum()), 2)}

