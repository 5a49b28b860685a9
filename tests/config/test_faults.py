"""The short version of `script/faults`: real processes are killed, a disk is full, the database restarts; nothing receipted is lost."""

import pytest
from django.db import connection

from bench.faults.__main__ import run

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE = ("a worker killed (-9)", "the sequencer killed (-9)", "a full disk")
POSTGRES = ("a worker killed (-9)", "the database restarted")


def test_nothing_receipted_is_lost_while_things_break():
    postgres = connection.vendor == "postgresql"
    found = run(2, 3, POSTGRES if postgres else SQLITE, postgres=postgres)
    total = found.pop("all")
    assert total["lost"] == 0 and "一致" in total["audit"] and total["receipts"] > 0
    for name, row in found.items():
        if name != "left_out":
            assert row["other_5xx"] == 0, (name, row["said"])
            assert row["receipts"] >= 3, (name, row)
    if "a full disk" in found:
        assert found["a full disk"]["not_now_503"] > 0, "whoever asks while the disk is full is told to come again"
