"""The columnar city: what is written is what is read, in order, whole or not at all."""

import io
import os
import signal
import subprocess
import sys
import time

import numpy as np
import polars as pl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.city import columns as city_columns
from renshe.city.shape import city
from renshe.kernel.frames import folding, merging, offered, reading, writing
from renshe.kernel.frames.catalogue import LEVELS, UNITS, UnknownTable, table, tables
from renshe.kernel.frames.manifest import folder, manifest

JANUARY = 2026 * 12


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.FRAMES = tmp_path / "frames"
    return settings.FRAMES


def paid(*rows: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table("contributions").schema, orient="row")


def two_ranges() -> None:
    writing.publish("contributions", [
        writing.write_range("contributions", paid((1, JANUARY - 2, 500000), (1, JANUARY - 1, 500000)), 0, 10),
        writing.write_range("contributions", paid((12, JANUARY - 1, 600000)), 10, 20),
    ])


def everything() -> list[tuple[int, int, int]]:
    return reading.whole("contributions").rows()


def test_the_catalogue_is_whole():
    for one in tables().values():
        assert one.label and one.grain and set(one.key) <= set(one.columns)
        for column in one.columns.values():
            assert column.label and column.unit in UNITS and column.level in LEVELS, column
        assert not {"name", "citizen_id", "phone"} & set(one.columns), "frames name nobody"
    with pytest.raises(UnknownTable, match="contributions"):
        table("nothing")


def test_what_is_written_is_read_back_in_order():
    two_ranges()
    assert [row[0] for row in everything()] == [1, 1, 12]
    assert reading.scan("contributions").select(pl.len()).collect().item() == 3
    assert [(one.first, one.last) for one in reading.ranges("contributions")] == [(0, 10), (10, 20)]
    assert reading.sorted_scan("contributions", ["person"]).group_by("person").len().collect().height == 2
    call_command("frames", "check")


@pytest.mark.parametrize(("frame", "says"), [
    (paid((2, JANUARY, 1), (1, JANUARY, 1)), "没有按"),
    (paid((1, JANUARY, 1), (1, JANUARY, 2)), "重复"),
    (paid((11, JANUARY, 1)), "应在 0..9"),
    (paid((1, JANUARY, 1)).with_columns(base=pl.lit(None, pl.Int32)), "不得为空"),
    (paid((1, JANUARY, 1)).with_columns(base=pl.lit(1.5)), "类型"),
    (paid((1, JANUARY, 1)).drop("base"), "列应为"),
])
def test_a_frame_that_is_not_what_the_catalogue_says_is_refused(frame, says):
    with pytest.raises(writing.Unfit, match=says):
        writing.write_range("contributions", frame, 0, 10)
    assert manifest("contributions").parts == ()


def test_a_gap_between_ranges_is_refused():
    with pytest.raises(writing.Unfit, match="第10号之后"):
        writing.publish("contributions", [
            writing.write_range("contributions", paid((1, JANUARY, 1)), 0, 10),
            writing.write_range("contributions", paid((25, JANUARY, 1)), 20, 30),
        ])


def test_a_month_is_appended_once_however_often_it_is_said():
    two_ranges()
    month = paid((1, JANUARY, 510000), (12, JANUARY, 610000), (31, JANUARY, 400000))
    first = writing.append_month("contributions", JANUARY, month)
    assert writing.append_month("contributions", JANUARY, month) == first
    assert everything() == [(1, JANUARY - 2, 500000), (1, JANUARY - 1, 500000), (1, JANUARY, 510000),
                            (12, JANUARY - 1, 600000), (12, JANUARY, 610000), (31, JANUARY, 400000)]
    other = paid((1, JANUARY, 520000))
    with pytest.raises(writing.MonthTaken, match="已追加过"):
        writing.append_month("contributions", JANUARY, other)
    writing.append_month("contributions", JANUARY, other, correct=True)
    assert (1, JANUARY, 520000) in everything() and len(everything()) == 4
    with pytest.raises(writing.MonthTaken, match="已在分片之中"):
        writing.append_month("contributions", JANUARY - 1, paid((1, JANUARY - 1, 1)))
    with pytest.raises(writing.Unfit, match="别的月份"):
        writing.append_month("contributions", JANUARY + 1, other)


def test_who_opened_a_table_before_it_was_replaced_reads_it_to_the_end():
    two_ranges()
    for part in manifest("contributions").parts:
        os.utime(folder("contributions") / part.file, (0, 0))  # written long ago
    opened = reading.scan("contributions")
    held = reading.ranges("contributions")
    writing.publish("contributions", [writing.write_range("contributions", paid((1, JANUARY, 1)), 0, 10)])
    assert opened.collect().height == 3 and reading.read(held[1]).height == 1
    assert everything() == [(1, JANUARY, 1)]
    for file in folder("contributions").glob("*.parquet"):
        os.utime(file, (0, 0))
    writing.append_month("contributions", JANUARY + 1, paid((1, JANUARY + 1, 2)))
    assert len(list(folder("contributions").glob("*.parquet"))) == 2, "what nobody can still be reading goes"


def test_merging_months_changes_no_row():
    two_ranges()
    writing.append_month("contributions", JANUARY, paid((1, JANUARY, 510000), (31, JANUARY, 400000)))
    writing.append_month("contributions", JANUARY + 1, paid((31, JANUARY + 1, 400000)))
    with pytest.raises(ValueError, match="归并"):
        reading.sorted_scan("contributions", ["person"])
    before = everything()
    assert merging.merge("contributions").months == ()
    assert everything() == before and merging.merge("contributions").rows == len(before)


@pytest.mark.parametrize("alter", ["cut", "remove", "swap"])
def test_a_damaged_file_is_noticed(alter):
    two_ranges()
    file = folder("contributions") / manifest("contributions").parts[0].file
    if alter == "remove":
        file.unlink()
    elif alter == "swap":
        reading.scan("contributions")
        pl.read_parquet(file).reverse().write_parquet(file)
        with pytest.raises(reading.Damaged):
            reading.whole("contributions")
        with pytest.raises(CommandError):
            call_command("frames", "check", stderr=io.StringIO())
        return
    else:
        pl.read_parquet(file).head(1).write_parquet(file)
    with pytest.raises(reading.Damaged):
        reading.scan("contributions")


LOOP = """
import django, sys
django.setup()
import polars as pl
from renshe.kernel.frames import writing
from renshe.kernel.frames.catalogue import table
for month in range(2026 * 12, 2026 * 12 + 2000):
    rows = [(person, month, month) for person in range(2000)]
    writing.append_month("contributions", month, pl.DataFrame(rows, schema=table("contributions").schema, orient="row"))
    print(month, flush=True)
"""


def test_killed_at_any_moment_a_month_is_there_whole_or_not_at_all(place):
    """kill -9 again and again; every month the writer confirmed is there, nothing is half there, and it goes on."""
    confirmed: set[int] = set()
    environment = {**os.environ, "RENSHE_FRAMES": str(place), "DJANGO_SETTINGS_MODULE": "renshe.config.settings"}
    for pause in (0.05, 0.113):
        with subprocess.Popen([sys.executable, "-c", LOOP], stdout=subprocess.PIPE, env=environment) as writer:
            lines = [writer.stdout.readline()]
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.read().splitlines()
        confirmed |= {int(line) for line in lines if line.strip()}
        found = reading.scan("contributions").group_by("month").len().collect()
        assert confirmed <= set(found["month"]) and set(found["len"]) == {2000}
        call_command("frames", "check", "contributions")
    assert confirmed


def slowly(rows: list[tuple[int, int, int]]) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """The fold as one would do it by hand."""
    made: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for person, month, base in rows:
        months, paid, total, weighted = made.get((person, month // 12), (0, 0, 0, 0))
        made[person, month // 12] = (
            months + 1, paid | 1 << month % 12, total + base, weighted + base * (11 - month % 12)
        )
    return made


@settings(deadline=None)  # the first call compiles
@given(st.dictionaries(st.tuples(st.integers(0, 5), st.integers(2000 * 12, 2004 * 12)), st.integers(1, 2**31 - 1)))
def test_the_fold_adds_up(found):
    rows = [(*key, base) for key, base in sorted(found.items())]
    columns = [np.array([row[at] for row in rows], np.int32) for at in range(3)]
    made = folding.years(*columns)
    assert {(row[0], row[1]): row[2:] for row in made.rows()} == slowly(rows)


def test_the_fold_refuses_rows_out_of_order():
    columns = np.array([1, 1], np.int32), np.array([JANUARY, JANUARY], np.int32), np.array([1, 1], np.int32)
    with pytest.raises(folding.Unsorted, match="第1行"):
        folding.years(*columns)


def test_the_table_is_folded_whole_with_appended_months():
    two_ranges()
    writing.append_month("contributions", JANUARY, paid((1, JANUARY, 510000), (31, JANUARY, 400000)))
    call_command("frames", "fold")
    assert reading.whole("person_years").select("person", "year", "months", "base_sum").rows() == [
        (1, 2025, 2, 1000000), (1, 2026, 1, 510000), (12, 2025, 1, 600000), (31, 2026, 1, 400000)]


def test_rules_read_columns_by_name_whoever_offers_them(settings, tmp_path, monkeypatch):
    settings.ANSWERS = tmp_path / "answers"
    one = city(500, 2)
    city_columns.build(one, processes=1)
    folding.fold()
    names = ["insured_months", "sex", "last_paid_month", "contributed_base"]
    found = pl.concat(list(offered.gather(names)))
    assert found.columns == ["person", *names] and found["person"].to_list() == list(range(one.people))
    paid = reading.whole("contributions").group_by("person").agg(
        pl.len().alias("months"), pl.col("month").max(), pl.col("base").cast(pl.Int64).sum())
    both = found.join(paid, on="person", how="left")
    assert both.filter(pl.col("insured_months") != pl.col("months").fill_null(0)).is_empty()
    assert both.filter(pl.col("last_paid_month").ne_missing(pl.col("month"))).is_empty()
    assert both.filter(pl.col("contributed_base") != pl.col("base").fill_null(0)).is_empty()
    with pytest.raises(offered.NoColumn, match="insured_months"):
        next(offered.gather(["shoe_size"]))
