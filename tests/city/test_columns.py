"""The city in columns: the same twice, the size asked for, sound in every row."""

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from renshe.city import columns, making
from renshe.city.contributions import bounds
from renshe.city.faults import answers
from renshe.city.report import report, written
from renshe.city.shape import city
from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.catalogue import tables
from renshe.kernel.frames.manifest import manifest
from renshe.kernel.policy.registry import policy

EVERY = (*making.TABLES, *making.WHOLE, *making.EMPLOYERS)


def digests() -> dict[str, list[str]]:
    return {name: [part.sha256 for part in manifest(name).parts] for name in EVERY} | {"answers": answers().rows()}


def test_the_same_city_is_made_twice(built, settings, tmp_path):
    before = digests()
    assert set(EVERY) <= set(tables())
    settings.FRAMES, settings.ANSWERS = tmp_path / "frames", tmp_path / "answers"
    call_command("city", "build", "--people", "20000", "--seed", "1", "--frames")
    assert digests() == before
    call_command("city", "build", "--people", "20000", "--seed", "2", "--frames")
    assert [name for name, digest in digests().items() if digest == before[name]] == ["schools"]


def test_ranges_made_in_two_processes_are_those_made_in_one(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "RANGE", 400)
    monkeypatch.setattr(writing.ranges, "__defaults__", (400,))
    one, found = city(600, 3), []
    for processes in (1, 2):
        settings.FRAMES, settings.ANSWERS = tmp_path / str(processes), tmp_path / f"key{processes}"
        monkeypatch.setenv("RENSHE_FRAMES", str(settings.FRAMES))
        columns.build(one, processes=processes)
        found.append(digests())
    assert found[0] == found[1] and len(found[0]["persons"]) == 3


def test_every_base_lies_between_the_floor_and_the_cap_of_its_month(built):
    paid = reading.whole("contributions")
    assert paid["month"].max() == built.as_of
    for name in ("base_floor", "base_cap"):
        for value in policy("contribution").parameters[name].values:
            month = value.since.year * 12 + value.since.month - 1
            bases = paid.filter(pl.col("month") == month)["base"]
            assert bases.min() >= value.value if name == "base_floor" else bases.max() <= value.value, value
    law = bounds(1992 * 12, built.as_of, 0.085)
    assert (law.floor < law.cap).all() and (law.starts[1:] > law.starts[:-1]).all()


def test_persons_are_dense_and_live_in_townships_of_the_city(built):
    persons = reading.whole("persons")
    assert persons["person"].to_list() == list(range(built.people))
    assert persons.filter(pl.col("township") // 1000 != pl.col("county")).is_empty()
    heads = persons.group_by("household").agg(pl.col("township").n_unique(), pl.len())
    assert heads["township"].max() == 1 and heads["len"].max() < 20 and 2 < heads["len"].mean() < 3.2
    assert persons.filter(pl.col("status") == "child", pl.col("scheme").is_not_null()).is_empty()


def test_work_ends_before_death_and_retirement(built):
    last = reading.scan("contributions").group_by("person").agg(pl.col("month").max())
    both = reading.scan("persons").join(last, on="person").collect()
    assert both.filter(pl.col("month") > pl.col("died_month")).is_empty()
    assert both.filter(pl.col("month") >= pl.col("retired_month")).is_empty()
    assert both.filter(pl.col("month") < pl.col("work_start_month")).is_empty()


def test_city_and_plan_side_by_side(built):
    """Every total of tables 1 and 2, within one percent, or half a person where one percent is less than one."""
    lines = report(built)
    print("\n".join(written(lines)))
    assert len(lines) == len(built.shape.totals) == 18
    for line in lines:
        expected = line.total.value / 100 if line.total.unit == "%" else built.of(line.total.value if "万" in line.total.unit else line.total.value / 10_000)
        cases = {"mediation_rate": 79, "arbitration_rate": 25, "inspection_rate": 20, "registered_unemployment": 9000}
        room = 0.5 / cases.get(line.total.key, 1e9) if line.total.unit == "%" else 1
        assert abs(line.counted - expected) <= max(expected * 0.01, room), (line.total.label, line.counted, expected)


def test_employers_have_a_heavy_tail(built):
    sizes = reading.whole("employers").sort("employees", descending=True)["employees"]
    assert sizes.head(len(sizes) // 20).sum() > 0.3 * sizes.sum() and sizes.median() < 5 < sizes.max() / 10


def test_work_has_gaps_and_changes_of_employer(built):
    spells = reading.whole("spells").with_columns(gap=pl.col("start").shift(-1).over("person") - pl.col("until"))
    assert 0.2 < (spells["gap"] > 0).mean() < 0.9 and spells.filter(pl.col("gap") == 0).height > 100
    assert spells.group_by("person").len()["len"].max() >= 4
    assert spells.filter(pl.col("until") <= pl.col("start")).is_empty()


def test_titles_stand_in_the_ratio_the_plan_gives(built):
    titles = reading.whole("talents")["title"].drop_nulls()
    shares = [titles.is_in(grades).mean() * 100 for grades in (["1", "2"], ["3"], ["4", "5"])]
    assert [round(share) for share in shares] == [8, 27, 65]


@pytest.mark.parametrize(("wrong", "says"), [
    (["--people", "3"], "至少100"), (["--people", "500", "--as-of", "2020-13"], "YYYY-MM"),
])
def test_a_city_that_cannot_be_is_refused(wrong, says):
    with pytest.raises(CommandError, match=says):
        call_command("city", "build", "--frames", *wrong)


def test_the_history_runs_up_to_the_month_asked_for(settings, tmp_path):
    settings.FRAMES, settings.ANSWERS = tmp_path / "frames", tmp_path / "answers"
    call_command("city", "build", "--frames", "--people", "300", "--as-of", "2015-06")
    assert reading.whole("contributions")["month"].max() == 2015 * 12 + 5
    assert reading.whole("person_years")["year"].max() == 2015, "folded with the city"
