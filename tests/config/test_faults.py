"""The short version of `script/faults`: real processes are killed, a disk is full, the database restarts; nothing receipted is lost."""

from collections import Counter

import pytest
from django.db import connection

from bench.faults.__main__ import run
from bench.faults.hour import HOUR
from bench.faults.traffic import Errands

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE = ("a worker killed (-9)", "the sequencer killed (-9)", "a full disk")
CLIENTS = 3
POSTGRES = ("a worker killed (-9)", "a full disk", "the database restarted")


def test_nothing_receipted_is_lost_while_things_break():
    postgres = connection.vendor == "postgresql"
    found = run(2, CLIENTS, POSTGRES if postgres else SQLITE, postgres=postgres)
    total = found.pop("all")
    assert total["lost"] == 0 and "一致" in total["audit"] and total["receipts"] > 0
    for name, row in found.items():
        if name != "left_out":
            assert row["other_5xx"] == 0, (name, row["said"])
            assert row["receipts"] >= 3, (name, row)
    restarted = found.get("the database restarted")
    if restarted and restarted["fault_s"] < 5:
        assert restarted["not_now_503"] <= CLIENTS, "waited out, but for the one request of each client whose commit broke without a key"
    if "a full disk" in found:
        assert found["a full disk"]["not_now_503"] > 0, "whoever asks while the disk is full is told to come again"


def test_an_hours_errands_are_all_done_and_what_failed_is_done_again():
    """The list a compressed hour goes through: each once, a failed one put back, none drawn beyond it."""
    errands = Errands(HOUR, 0, listed=True)
    assert HOUR["page"] > 15_000 and HOUR["hire"] + HOUR["form"] + 5 * HOUR["roster"] >= 440, "more than the 45 hires of an hour, tenfold"
    done = Counter()
    while what := errands.next():
        done[what] += 1
        if what == "hire" and done[what] <= 3:
            errands.again(what)
    assert done == {**HOUR, "hire": HOUR["hire"] + 3}
