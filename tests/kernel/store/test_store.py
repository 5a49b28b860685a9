"""Identifiers and inserts."""

import contextlib
import itertools
import os
import sqlite3
import subprocess
import sys
import threading

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from renshe.kernel.notices.actions import notice_row
from renshe.kernel.notices.models import Notice
from renshe.kernel.store import fresh, ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import COPY_FROM, insert


def test_identifiers_rise_and_never_repeat_across_threads():
    made: list[list[int]] = []

    def make():
        made.append([ids.new() for _ in range(5000)])

    threads = [threading.Thread(target=make) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all(one == sorted(one) for one in made)
    assert len({number for one in made for number in one}) == 20000
    assert max(number for one in made for number in one) < 2**63


def test_identifiers_taken_in_a_row_fit_between_the_others():
    made = []
    for count in (1, 7, 2047, 3, 2048, 1, 2048):
        made += [*ids.several(count), ids.new()]
    assert made == sorted(set(made)), "none repeats, each is larger than the one before"
    assert len({number >> 11 & 2047 for number in made}) == 1, "all of one lane"


def test_a_forked_child_claims_a_lane_of_its_own():
    before = ids.new()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(ids.new()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reading, 40)) >> 11 & 2047 != before >> 11 & 2047


def test_two_processes_never_share_a_lane():
    program = (
        "import django; django.setup(); from renshe.kernel.store import ids; "
        "print(*[ids.new() for _ in range(20000)])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE,
                         env={**os.environ, "DJANGO_SETTINGS_MODULE": "renshe.config.settings"})
        for _ in range(2)
    ]
    numbers = [number for one in running for number in one.communicate()[0].split()]
    assert len(numbers) == len(set(numbers)) == 40000


def test_kept_answers_are_given_until_told_to_forget():
    asked = itertools.count(1)
    answer = fresh.fresh(3600)(lambda: next(asked))
    assert (answer(), answer()) == (1, 1)
    fresh.forget()
    assert answer() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 5, COPY_FROM + 3])
def test_rows_come_back_as_they_went_in(count):
    rows = [notice_row("试", f"标题{n}", "正文，\t\n“引号”\\", at=timezone.now()) for n in range(count)]
    insert(Notice, rows)
    kept = {one.pk: one for one in Notice.objects.all()}
    assert len(kept) == count
    assert all(kept[row["id"]].body == row["body"] and kept[row["id"]].made_at == row["made_at"] for row in rows)


@pytest.mark.django_db
def test_a_missing_or_unknown_column_is_named():
    row = notice_row("试", "标题", "正文")
    with pytest.raises(ValueError, match="title"):
        insert(Notice, [{key: value for key, value in row.items() if key != "title"}])
    with pytest.raises(ValueError, match="colour"):
        insert(Notice, [{**row, "colour": 1}])


@pytest.mark.django_db(transaction=True)
def test_a_deed_is_all_or_nothing():
    row = notice_row("试", "标题", "正文")
    with pytest.raises(IntegrityError), deed():
        insert(Notice, [row])
        insert(Notice, [row])
    assert Notice.objects.count() == 0


on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL flushes its own log")


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_deed_has_returned_only_when_it_is_on_the_disk(monkeypatch):
    flushed: set[int] = set()
    flushes = []
    really = os.fdatasync

    def flush(handle):
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            committed = {number for number, in other.execute("SELECT id FROM notices_notice")}
        really(handle)
        flushed.update(committed)
        flushes.append(len(committed))

    monkeypatch.setattr(os, "fdatasync", flush)
    early = []

    def work():
        for _ in range(12):
            row = notice_row("试", "标题", "正文")
            with deed():
                insert(Notice, [row])
            if row["id"] not in flushed:
                early.append(row["id"])
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not early and len(flushed) == 72 and len(flushes) <= 72
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,), "what is written outside a deed waits for the disk by itself"


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fails_fails_the_deed(monkeypatch):
    def broken(handle):
        raise OSError("disk")

    monkeypatch.setattr(os, "fdatasync", broken)
    with pytest.raises(OSError, match="disk"), deed():
        insert(Notice, [notice_row("试", "标题", "正文")])


@pytest.mark.django_db
def test_many_rows_fail_with_the_same_errors_as_one():
    """PostgreSQL takes many by COPY, which goes past Django: whoever expects IntegrityError must get that."""
    rows = [notice_row("test", "标题", "正文", person_id=1) for _ in range(COPY_FROM + 1)]
    rows[-1]["id"] = rows[0]["id"]
    with pytest.raises(IntegrityError), deed():
        insert(Notice, rows)
    assert not Notice.objects.exists()
