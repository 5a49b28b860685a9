"""A database that is away for a moment is waited for; whoever cannot be asked again is told the truth."""

import contextlib
import json
import sqlite3
import time

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, OperationalError
from django.test import Client

from renshe.kernel.access import tokens, visits
from renshe.kernel.cases import journey
from renshe.kernel.cases.models import Case
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.store import attempts
from renshe.portals import waiting
from tests.factories import a_hire, a_resident, an_employer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def lose_the_database():
    """Really: PostgreSQL ends our session, SQLite is locked by another beyond its patience."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    one, other = (sqlite3.connect(str(connection.settings_dict["NAME"])) for _ in range(2))
    with contextlib.closing(one), contextlib.closing(other), connection.wrap_database_errors:
        for link in (one, other):
            link.execute("PRAGMA busy_timeout=0")
        one.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def first_time(real, *, before=None, after=None):
    """A function that loses the database in its first call, before or after its work."""
    calls = []

    def called(*args, **said):
        calls.append(args)
        if len(calls) == 1 and before:
            before()
        result = real(*args, **said)
        if len(calls) == 1 and after:
            after()
        return result

    called.calls = calls
    return called


@pytest.fixture
def hires():
    """Asks for a hire by program."""
    _, hr = an_employer()
    key, body = tokens.issue(hr, label="试", days=1), json.dumps(a_hire())

    def ask(**headers):
        return Client(raise_request_exception=False).post(
            "/api/v1/hires", body, content_type="application/json", headers={"Authorization": f"Bearer {key}", **headers}
        )

    return ask


def test_a_page_whose_database_went_away_is_shown_when_it_is_back(monkeypatch):
    _, account = a_resident()
    client = signed_in(account)
    client.raise_request_exception = False
    monkeypatch.setattr(visits, "lives", lives := first_time(visits.lives, before=lose_the_database))
    page = client.get("/me/", {"q": "参保"})
    assert page.status_code == 200 and len(lives.calls) == 2
    monkeypatch.setattr(visits, "lives", lives := first_time(visits.lives, before=lose_the_database))
    assert client.get("/没有的页").status_code == 404 and len(lives.calls) == 2, "the path is asked in the same letters"


def test_a_deed_cut_off_in_the_middle_is_done_once(hires, monkeypatch):
    monkeypatch.setattr(journey, "insert", insert := first_time(journey.insert, after=lose_the_database))
    answer = hires()
    assert answer.status_code == 201 and len(insert.calls) > 2, "something was written before it was lost"
    assert Case.objects.count() == 1 and Leaf.objects.filter(case_number=answer.json()["case"]).count() == 1


def test_a_deed_whose_commit_broke_is_found_by_its_key(hires, monkeypatch):
    monkeypatch.setattr(connections["default"], "_commit", first_time(connection._commit, after=lose_the_database))
    answer = hires(**{"Idempotency-Key": "k1"})
    assert answer.status_code == 201 and answer.json()["case"] == Case.objects.get().number


def test_without_a_key_it_is_said_that_it_may_be_done(hires, monkeypatch):
    """To do it again could do it twice, to say that nothing was kept would be a lie."""
    monkeypatch.setattr(connections["default"], "_commit", first_time(connection._commit, after=lose_the_database))
    answer = hires()
    assert answer.status_code == 503 and answer["Retry-After"]
    assert answer.json()["reasons"][0]["code"] == "perhaps_done" and "可能已经办成" in answer.json()["title"]
    assert Case.objects.count() == 1


def test_a_form_pressed_once_is_done_once_though_its_session_could_not_be_written(monkeypatch):
    _, hr = an_employer()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(hr, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/employer/declare/hire")
    form = {**a_hire(), "kind": "employee", "once": "a1", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    monkeypatch.setattr(journey.Journey, "settle", settle := first_time(journey.Journey.settle, after=lose_the_database))
    answer = client.post("/employer/declare/hire", form)
    assert answer.status_code == 302 and len(settle.calls) == 2
    assert answer["Location"].endswith(Case.objects.get().number)


def test_whoever_was_refused_wrote_nothing(monkeypatch):
    with attempts.attempt() as attempt:
        with contextlib.suppress(DatabaseError, ZeroDivisionError), journey.deed():
            tokens.issue(an_employer()[1], label="试", days=1)
            raise ZeroDivisionError
        assert attempt.may_repeat
        tokens.issue(an_employer()[1], label="试", days=1)
        assert not attempt.may_repeat
    assert attempts.current() is None


def test_a_commit_that_failed_is_not_taken_for_undone():
    """A statement that fails undoes its transaction; what is raised by the commit itself may come from beyond it."""
    with attempts.attempt() as attempt:
        with contextlib.suppress(OperationalError), transaction.atomic():
            an_employer()
            lose_the_database()
        lost = bool(connection.vendor == "postgresql")
        assert attempt.may_repeat == lost, "PostgreSQL lost it in a statement; SQLite's fault came from beside"
    connection.close()


def test_waiting_ends_for_all_together_and_not_too_many_wait(hires, monkeypatch, settings):
    monkeypatch.setattr(waiting, "_answers", lambda: False)
    outage, settings.RENSHE_WAIT_SECONDS = waiting.Outage(), 0.3
    assert not outage.waited_out(time.monotonic()) and outage.since is not None
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("the outage is older than anybody's patience"))
    assert not outage.waited_out(time.monotonic()), "who comes later waits no second time"
    another, settings.RENSHE_WAIT_MOST = waiting.Outage(), 0
    assert not another.waited_out(time.monotonic())
    monkeypatch.setattr(journey, "insert", first_time(journey.insert, after=lose_the_database))
    answer = hires()
    assert answer.status_code == 503 and answer.json()["reasons"][0]["code"] == "not_now"
