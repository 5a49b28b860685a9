"""The sweep: what it says of a person is what the law says of that person; killed anywhere it goes on; nothing is guessed."""

import datetime
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import polars as pl
import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.apps.insurance.offers import standing
from renshe.kernel.access.terms import Role
from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.catalogue import tables
from renshe.kernel.policy.engine.account import lines, rates
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import Fen, Month
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import facts, nightly, queries, running
from tests.factories import an_officer, signed_in
from tests.kernel.sweeps.conftest import ON

PLACE = "330800"


def swept() -> dict:
    return running.run(running.prepared(ON))


def of(said: dict, name: str) -> dict:
    return next(one for one in said["policies"] if one["policy"] == name)


def test_every_person_gets_what_the_law_says_of_that_person(small_city):
    """The retirement, pension and premium of a sample, by the sweep and by the exact scalar evaluation."""
    said = swept()
    assert of(said, "employee_pension")["totals"]["asked"] > 50
    stored = pl.concat(list(running.facts(said["key"], None)))
    pensions = running.results("employee_pension", said["key"]).collect()
    known = 0
    for row in pensions.join(stored, on="person").sample(40, seed=1).iter_rows(named=True):
        inputs = {"group": row["retire_group"], "birth": Month.write(row["birth_month"]), "now": "2026-11", "months": row["insured_months"]}
        if row["average_index"] is not None:
            inputs["avg_index"] = f"{row['average_index'] / 10000:.4f}"
        if row["account_balance"] is not None:
            inputs["account_balance"] = Fen.write(row["account_balance"])
        exact = evaluate(policies()["employee_pension"], inputs, on=ON, place=str(row["county"]))
        for name in ("basic", "account", "total"):
            expected = None if exact.outputs.get(name) is None else round(float(exact.outputs[name]) * 100)
            assert row[name] == expected, (row, exact.outputs)
            known += expected is not None
        assert row["eligible"] == exact.outputs["eligible"]
    assert known > 40
    paid = running.results("contribution", said["key"]).collect().join(stored, on="person")
    for row in paid.head(10).iter_rows(named=True):
        exact = evaluate(policies()["contribution"], {"wage": Fen.write(row["wage"]), "year": 2026}, on=ON, place=str(row["county"]))
        assert Fen.write(row["pension_person"]) == exact.outputs["pension_person"]


def test_what_cannot_be_swept_says_why_and_what_is_missing_is_named(small_city):
    said = swept()
    assert len(said["policies"]) == len(policies())
    for one in said["policies"]:
        assert (one["totals"] is None) == bool(one["why_not"]) and one["version"]
    assert "身份号码" in of(said, "identifier")["why_not"]
    assert "请取得" in of(said, "lowest_pension")["why_not"]
    assert of(said, "injury_death")["lacking"] == ["供养亲属"], "one row a claim has no list of dependants"
    assert of(said, "minimum_wage")["totals"]["entitled"] is None, "who meets some of the conditions is not yet entitled"
    assert of(said, "contribution_index")["totals"]["outputs"]["paid_months"]["known"] > 0, "folded from the monthly rows"
    assert of(said, "job_stability_return")["counted_in"] == "家" and of(said, "unemployment_right")["counted_in"] == "件"
    assert of(said, "retirement_min_years")["totals"]["entitled"] > 0


def test_a_reading_of_a_column_that_nobody_offers_is_refused(monkeypatch):
    monkeypatch.setattr(facts, "offers", lambda name: [facts.Reading("birth", "shoe_size")] if name == "READINGS" else [])
    facts.swept.cache_clear()
    facts.readings.cache_clear()
    with pytest.raises(ValueError, match=r"shoe_size.*birth_month"):
        facts.readings()
    facts.readings.cache_clear()
    facts.swept.cache_clear()


rows_of_a_life = st.lists(
    st.tuples(st.integers(1995 * 12, 2026 * 12 - 1), st.integers(0, 4_000_000)), min_size=1, max_size=60, unique_by=lambda one: one[0],
).map(sorted)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows_of_a_life, min_size=1, max_size=4))
def test_the_fold_of_a_life_is_what_its_two_policies_say(lives):
    """Months, average index and account from the raw rows, by the fold and by the policies evaluated exactly."""
    index, interest = (policies()[name].law(ON, PLACE) for name in ("contribution_index", "account_interest"))
    flat = [(person, month, base) for person, rows in enumerate(lives) for month, base in rows]
    columns = (np.array(column, np.int32) for column in zip(*flat, strict=True))
    found = standing.standing(*columns, standing.terms(index, interest), 2025)
    for row, rows in zip(found.iter_rows(named=True), lives, strict=True):
        exact = evaluate(policies()["contribution_index"], {
            "rows": [{"month": Month.write(month), "base": Fen.write(base)} for month, base in rows],
        }, on=ON, place=PLACE)
        assert row["paid_months"] == exact.outputs["paid_months"]
        if row["paid_months"]:
            expected = exact.outputs.get("avg_index")
            assert row["avg_index"] == (None if expected is None else round(float(expected) * 10000)), rows
        assert row["balance"] == lines(rates(interest), rows, 2025)[-1].closing


DYING = """
import datetime, django, os, signal
django.setup()
from renshe.apps.insurance.offers import present
from renshe.kernel.sweeps import running
running.entered = present.entered = lambda place: ()
def told(done, of):
    if done == 1:
        os.kill(os.getpid(), signal.SIGKILL)
running.run(running.prepared(datetime.date(2026, 11, 24)), told)
"""


def test_killed_at_any_range_it_goes_on_and_publishes_once_all_is_there(small_city, settings):
    environment = {**os.environ, "RENSHE_FRAMES": str(settings.FRAMES), "DJANGO_SETTINGS_MODULE": "renshe.config.settings"}
    sweeping = subprocess.run([sys.executable, "-c", DYING], env=environment, capture_output=True, text=True, check=False)
    assert sweeping.returncode == -signal.SIGKILL, sweeping.stderr
    key = running.prepared(ON).key
    done = sorted((running.root() / key).glob("*.json"))
    assert done and running.published() is None and queries.going().done == len(done)
    assert len(done) < running.count() == len(reading.ranges("persons")) + len(reading.ranges("employers"))
    first = {file: file.stat().st_mtime_ns for file in done}
    said = swept()
    assert {file: file.stat().st_mtime_ns for file in done} == first, "what was done is not done again"
    assert queries.going() is None
    people = sum(1 for frame in running.facts(key, ["person"]) for _ in frame.iter_rows())
    assert people == small_city.people and of(said, "retirement_age")["totals"]["outputs"]["statutory_age"]["known"] > 0
    assert running.run(running.prepared(ON))["policies"] == said["policies"], "again changes nothing"


@pytest.mark.parametrize("kept", [
    {"persons", "contributions", "person_years", "standings"}, {"persons", "employers", "filings", "unemployments", "injuries"},
])
def test_a_city_that_has_only_some_of_the_tables_is_swept_all_the_same(small_city, settings, kept):
    """Whoever has not brought the claims into columns yet still has every other right swept; nothing is made up."""
    for name in set(tables()) - kept:
        shutil.rmtree(settings.FRAMES / name, ignore_errors=True)
    said = swept()
    for one in said["policies"]:
        if one["totals"] and facts.swept().get(one["policy"], facts.ALIVE).table not in kept:
            assert one["totals"].get("asked", 0) == 0, one["policy"]
    assert of(said, "retirement_age")["totals"]["asked"] > 0
    if "filings" in kept:
        premium = of(said, "injury_premium")["totals"]
        assert premium["asked"] > 0 and premium["outputs"]["premium"]["known"] == 0, "without spells no payroll is known"


def test_two_at_once_share_the_ranges(small_city):
    sweep = running.prepared(ON)
    (sweep.place_of).mkdir(parents=True)
    with running._claimed(sweep.place_of / "000.lock") as mine:
        assert mine
        assert running.run(sweep) is None, "a range another process works on is not waited for"
    assert sweep.done == len(sweep.ranges) - 1
    assert running.run(sweep) is not None


def test_a_table_replaced_in_the_midst_begins_the_sweep_anew(small_city, monkeypatch):
    """No range under a key holds what another state of the tables gave; the command goes on with the new one."""
    before, gathered, moved = running.prepared(ON), running.gathered, []

    def replaced_meanwhile(*given):
        found = gathered(*given)
        if not moved:
            moved.append(reading.whole("employers").height)
            writing.write("employers", reading.whole("employers").head(-1))
        return found

    monkeypatch.setattr(running, "gathered", replaced_meanwhile)
    with pytest.raises(running.Moved):
        running.run(before)
    assert before.done == 0 and running.published() is None
    moved.clear()
    out = io.StringIO()
    call_command("sweep", "--on", ON.isoformat(), stdout=out)
    assert "重新开始" in out.getvalue() and running.published()["key"] == running.prepared(ON).key != before.key
    moved.clear()
    monkeypatch.setattr(nightly, "_tonight", [])
    assert nightly.advance(time_of(2, day=25)) and nightly.advance(time_of(2, day=25)), "the keeper begins anew at its next step"


def test_the_keeper_sweeps_by_night_a_range_at_a_time(small_city):
    night = time_of(2)
    nightly._tonight.clear()
    assert nightly.advance(time_of(13)) is False and running.published() is None
    steps = 0
    while nightly.advance(night):
        steps += 1
    assert steps == running.count() and running.published()["on"] == night.date().isoformat()
    assert nightly.advance(night) is False
    json.dumps(running.published())


def time_of(hour: int, day: int = 24):
    return datetime.datetime(2026, 11, day, hour, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_desk_shows_the_last_sweep_searches_and_exports(small_city):
    client = signed_in(an_officer(Role.OPERATOR))
    assert "renshe sweep" in client.get("/desk/sweeps").content.decode()
    swept()
    page = client.get("/desk/sweeps", {"q": "低于当地水平的补足"}).content.decode()
    assert "低于当地水平的补足" in page and "没有测算" in page and "社会保险费滞纳金" not in page
    page = client.get("/desk/sweeps", {"show": "swept"}).content.decode()
    assert "企业职工基本养老金" in page and "没有测算" not in page and "符合条件" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/desk/sweeps", {"export": "1"}).content))
    titles = {row[0] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert titles == {one.title for one in policies().values()}
    county = signed_in(an_officer(Role.REVIEWER, division="330802"))
    page, exact = (one.get("/desk/sweeps", {"show": "swept"}).content.decode() for one in (county, client))
    assert "按10取整" in page and "人，符合条件 约" in page and "按10取整" not in exact and "符合条件 约" not in exact
    book = openpyxl.load_workbook(io.BytesIO(county.get("/desk/sweeps", {"export": "1"}).content))
    assert {type(row[3]) for row in book.active.iter_rows(min_row=2, values_only=True)} <= {str, type(None)}, "words, no numbers"


def test_a_program_reads_the_last_sweep(small_city):
    client = signed_in(an_officer(Role.OPERATOR))
    assert client.get("/api/v1/sweeps").status_code == 404
    said = swept()
    answer = client.get("/api/v1/sweeps").json()
    assert answer["key"] == said["key"] and len(answer["policies"]) == len(policies())
    refund = client.get("/api/v1/sweeps/job_stability_return").json()
    assert refund["counted_in"] == "家" and refund["counts"]["asked"] == of(said, "job_stability_return")["totals"]["asked"] > 0
    counts = refund["counts"]
    assert counts["entitled"] + counts["refused"] + counts["undecided"] == counts["asked"] and refund["outputs"]["refund"]["sum"] > 0
    idle = client.get("/api/v1/sweeps/identifier").json()
    assert idle["counts"] is None and "身份号码" in idle["why_not"]
    assert client.get("/api/v1/sweeps/nothing").status_code == 404
    assert signed_in(an_officer(Role.CLERK)).get("/api/v1/sweeps").status_code == 403
