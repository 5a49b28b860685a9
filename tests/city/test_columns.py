"""The city in columns: the same twice, the size asked for, sound in every row."""

import polars as pl
import pytest
from django.core.management import call_command

from renshe.city import columns
from renshe.city.contributions import bounds
from renshe.city.shape import city
from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.manifest import manifest
from renshe.kernel.policy.registry import policy


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A city of 20,000 insured, in columns."""
    from django.conf import settings

    before, settings.FRAMES = settings.FRAMES, tmp_path_factory.mktemp("frames")
    one = city(20000, 1)
    columns.build(one, processes=1)
    yield one
    settings.FRAMES = before


def test_the_same_city_is_made_twice_whatever_the_ranges_do(built, settings, tmp_path, monkeypatch):
    digests = {name: [part.sha256 for part in manifest(name).parts] for name in columns.TABLES}
    settings.FRAMES = tmp_path
    call_command("city", "build", "--people", "20000", "--seed", "1", "--frames")
    assert {name: [part.sha256 for part in manifest(name).parts] for name in columns.TABLES} == digests
    call_command("city", "build", "--people", "20000", "--seed", "2", "--frames")
    assert all([part.sha256 for part in manifest(name).parts] != digests[name] for name in columns.TABLES)


def test_ranges_made_in_two_processes_are_those_made_in_one(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "RANGE", 400)
    monkeypatch.setattr(writing.ranges, "__defaults__", (400,))
    one, digests = city(600, 3), []
    for processes in (1, 2):
        settings.FRAMES = tmp_path / str(processes)
        monkeypatch.setenv("RENSHE_FRAMES", str(settings.FRAMES))
        columns.build(one, processes=processes)
        digests.append([part.sha256 for name in columns.TABLES for part in manifest(name).parts])
    assert digests[0] == digests[1] and len(digests[0]) == 3 * len(columns.TABLES)


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
