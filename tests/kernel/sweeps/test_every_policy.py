"""Every policy is swept on the city, or stands here with the reason; and whatever is swept says what the law says row by row."""

import datetime
import random
from fractions import Fraction

import polars as pl
import pytest
from django.conf import settings

from renshe.apps.insurance.offers import standing
from renshe.city import columns as city_columns
from renshe.city.shape import city
from renshe.kernel.frames import folding, reading
from renshe.kernel.policy.engine.draft import Change, drafted
from renshe.kernel.policy.engine.evaluate import weigh
from renshe.kernel.policy.engine.units import Fen, Month, month_index
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.sweeps import facts, running, weighing
from renshe.kernel.sweeps.facts import everything, ready

pytestmark = pytest.mark.django_db  # so that there is a database for values that officers entered
ON, PLACE = datetime.date(2026, 11, 24), "330800"
ABOUT_NOBODY = {"identifier", "contribution_limits", "rights_clock"}
WAITS_FOR_LAW = {"lowest_pension", "premium_due"}  # every output needs a value that officers have still to enter
LACKS_A_LIST = {  # one row a claim has no list of dependants, no list of earlier grades
    "injury_death": {"供养亲属"}, "injury_survivors": {"供养亲属"}, "injury_regraded": {"各次工伤的伤残等级"},
}
LACKS_A_FACT = {"minimum_wage": {"实发小时工资（非全日制）"}}  # the columns know monthly wages only
SAMPLE = 25


def test_every_policy_is_swept_or_listed_with_the_reason():
    found = {one.policy.name: one for one in everything(ON, PLACE)}
    assert set(found) == set(policies())
    idle = {name for name, one in found.items() if one.why_not}
    assert idle == ABOUT_NOBODY | WAITS_FOR_LAW, (
        "没有列的政策：请在 offers.py 写 READINGS 和 SWEPT，或写 UNSWEPT 说明原因：", {name: found[name].why_not for name in idle})
    for name in WAITS_FOR_LAW:
        assert found[name].values and not found[name].lacking, "only the law is lacking, no column"
    lacking = {name: {item.label for item in one.lacking} for name, one in found.items() if one.lacking and name not in idle}
    assert lacking == LACKS_A_LIST | LACKS_A_FACT
    assert set(facts.swept()) | ABOUT_NOBODY | {"retirement_age", "retirement_min_years"} == set(policies()), "each says of whom it is asked"


@pytest.fixture(scope="module")
def swept(tmp_path_factory, django_db_setup, django_db_blocker):
    """A city of 20,000, its history folded, every policy asked of all whom it is asked for."""
    place = tmp_path_factory.mktemp("every")
    before = settings.FRAMES, settings.ANSWERS
    settings.FRAMES, settings.ANSWERS = place / "frames", place / "answers"
    with django_db_blocker.unblock():
        city_columns.build(city(20_000, 1), processes=1)
        folding.fold()
        standing.fold(ON)
        said = running.run(running.prepared(ON))
    yield said
    settings.FRAMES, settings.ANSWERS = before


def judged() -> list[str]:
    return sorted(name for name in policies() if name not in ABOUT_NOBODY | WAITS_FOR_LAW)


@pytest.mark.parametrize("name", judged())
def test_the_sweep_says_row_by_row_what_the_law_says(swept, name):
    """A sample of rows of every swept policy, evaluated one by one and exactly from the same facts."""
    one = ready(policies()[name], ON, PLACE)
    found = running.results(name, swept["key"]).collect()
    assert found.height, f"{name} is asked of nobody in a city of 20,000"
    stored = pl.concat(list(running.facts(swept["key"], None, one.swept.table)))
    held = found.rename({output: f"= {output}" for output in one.outputs if output not in one.key})
    rows = held.join(stored, on=one.key).sort(one.key).to_dicts()
    known = 0
    if one.swept.folded:
        return  # folded, see below
    for row in random.Random(name).sample(rows, min(SAMPLE, len(rows))):
        exact = weigh(one.policy, inputs_of(one, row), on=ON, place=str(row["county"]))
        for output in one.outputs:
            value = row[f"= {output}"]
            value = Fraction(value["top"], value["bottom"]) if isinstance(value, dict) else value
            assert value == exact.results.get(output), (name, output, row)
            known += value is not None
    assert known


def test_what_was_folded_is_what_the_law_says_of_the_monthly_rows(swept):
    """Index and account of a sample, as the sweep has them, and evaluated from every month paid."""
    index, interest = (running.results(name, swept["key"]).collect() for name in ("contribution_index", "account_interest"))
    paid, known = reading.whole("contributions"), 0
    for who in random.Random(1).sample(index["person"].to_list(), 40):
        months = paid.filter(pl.col("person") == who)
        rows = [{"month": Month.write(month), "base": Fen.write(base)} for month, base in months.select("month", "base").rows()]
        exact = weigh(policies()["contribution_index"], {"rows": rows}, on=ON, place=PLACE).results
        found = index.row(by_predicate=pl.col("person") == who, named=True)
        share = found["avg_index"] and Fraction(found["avg_index"]["top"], found["avg_index"]["bottom"])
        assert (share, found["paid_months"]) == (exact.get("avg_index"), exact["paid_months"])
        years = list(range(max(months["month"].min() // 12, 1998), ON.year))  # accounts are kept since then
        booked = [row for row in rows if 1998 <= int(row["month"][:4]) < ON.year]
        held = weigh(policies()["account_interest"], {"years": years, "rows": booked}, on=ON, place=PLACE).results if years else {}
        closing = interest.row(by_predicate=pl.col("person") == who, named=True)["closing_balance"]
        assert closing == held.get("closing_balance", 0 if not years else None)
        known += closing is not None and share is not None
    assert known > 5


@pytest.mark.parametrize(("name", "parameter", "value", "output"), [
    ("job_stability_return", "refund_share_small", "1", "refund"), ("unemployment_amount", "share", "0.8", "amount"),
])
def test_a_draft_about_employers_or_claims_is_weighed_like_one_about_persons(swept, name, parameter, value, output):
    """Before is what the sweep came to; employers have no age and stand in one group."""
    one = ready(policies()[name], ON, PLACE)
    made = drafted(folders(), name, [Change("value", parameter, value=value)], PLACE, datetime.date(2027, 1, 1))
    found = weighing.weigh(swept["key"], one, made, output, ON, lambda place: ())
    total = next(line for line in swept["policies"] if line["policy"] == name)["totals"]["outputs"][output]["sum"]
    first, second = found["years"][:2]
    assert first["before"] == first["after"] == total * one.swept.times > 0
    assert second["after"] != second["before"] and second["more"] + second["less"] > 0
    assert found["counted_in"] == ("家" if one.swept.table == "employer_years" else "件")
    ages = {row["label"] for row in found["groups"]["age"]}
    assert (ages == {"不按人计"}) == (one.swept.table == "employer_years")


def inputs_of(one: facts.Ready, row: dict) -> dict[str, object]:
    """A row's facts as a caller would write them; what is empty, or what the policy does not accept, is left out."""
    given: dict[str, object] = {}
    for name, read in one.reads.items():
        declared = one.policy.inputs[name]
        if not read.column:
            value: object = {"month": month_index(ON), "day": ON.toordinal()}.get(declared.unit.key, ON.year)
        else:
            value = row[read.column]
        if value is None:
            continue
        if read.column and declared.unit.key == "day":
            value += facts.EPOCH
        if read.over != 1:
            value = Fraction(value, read.over)
        if declared.is_accepted(value):
            given[name] = declared.unit.write(value)
    return given
