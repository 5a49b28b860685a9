"""Which faults of a database are worth waiting for."""

import contextlib
import sqlite3

import pytest
from django.db.utils import OperationalError

from renshe.kernel.store import attempts


def state(number):
    return type("Fault", (Exception,), {"sqlstate": number})()


@pytest.mark.parametrize(("fault", "soon"), [
    (state(None), True), (state("57P01"), True), (state("57P03"), True), (state("08006"), True), (state("40P01"), True), (state("53300"), True),
    (state("53100"), False), (state("57014"), False), (state("58030"), False), (ValueError(), False), (OSError(28, "full"), False), (None, False),
])
def test_what_is_worth_waiting_for(fault, soon):
    told = OperationalError("as Django tells it")
    told.__cause__ = fault
    assert attempts.passes_soon(told) == soon


def test_a_full_sqlite_is_not_waited_for(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "small")) as link:
        link.execute("PRAGMA max_page_count=2")
        link.execute("CREATE TABLE a (b)")
        with pytest.raises(sqlite3.OperationalError) as full:
            link.execute("INSERT INTO a VALUES (zeroblob(100000))")
    assert not attempts.passes_soon(full.value)
