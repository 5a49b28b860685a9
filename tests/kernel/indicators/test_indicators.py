"""Figures for leaders: computed when records arrive, entered by two, closed into the ledger, safe from a killed keeper."""

import datetime
import os
import signal
import subprocess
import sys
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from renshe.apps.insurance.models import Enrolment
from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import Role
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Refused
from renshe.kernel.indicators import actions, queries, registry
from renshe.kernel.indicators.declaration import Indicator, Parts
from renshe.kernel.indicators.models import Figure, Freshness
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicator, indicators
from renshe.kernel.indicators.terms import Frequency, Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from tests.factories import WHOLE_CITY, a_hire, acting, an_employer, an_officer
from tests.journeys.test_roster import database_url

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31))
CITY = "330800"


@given(DAYS, st.sampled_from(list(Frequency)))
def test_a_period_holds_its_days_and_reads_back_from_its_name(day, frequency):
    period = Period.of(day, frequency)
    assert period.first <= day <= period.last and Period.read(period.name) == period
    assert period.earlier().until == period.first and period.earlier().name < period.name
    assert all(Period.of(edge, frequency) == period for edge in (period.first, period.last))


@pytest.mark.parametrize("name", ["", "2026-13", "2026-Q5", "26-01", "2026年", "2026-1"])
def test_what_is_no_period_is_said_so(name):
    with pytest.raises(ValueError, match="不是统计期"):
        Period.read(name)


def hire(count=1, *, division="330802", **changes):
    organisation, hr = an_employer(division=division)
    entries = [(None, HIRE.declaration.parse(a_hire(**changes))[0]) for _ in range(count)]
    HIRE.settle(entries, organisation=organisation, actor=acting(hr), channel=Channel.FORM)
    return hr


def moved():
    """The keeper's pulse: the ledger in order, then the figures. Indicators rest after work; tests do not."""
    ledger.sequence()
    Freshness.objects.update(took_ms=0)
    return actions.refresh()


def reading(key, division=CITY):
    found = queries.latest(division, [key], reader=WHOLE_CITY).get(key)
    return None if found is None else found.value


def test_a_hire_moves_the_figures_of_its_county_and_of_the_city_and_nothing_else_is_computed():
    moved()
    assert reading("employment.staff") == 0 and reading("relations.contracted") is None
    hire(3)
    hire(2, division="330881002")
    assert reading("employment.staff") == 0
    assert {"employment.staff", "relations.contracted", "service.opened"} <= set(moved())
    assert reading("employment.staff") == 5
    assert {code: one.value for code, one in queries.by_county("employment.staff", reader=WHOLE_CITY).items()} == {
        **dict.fromkeys(territory().counties, 0), "330802": 3, "330881": 2,
    }
    share = queries.latest(CITY, ["relations.contracted"], reader=WHOLE_CITY)["relations.contracted"]
    assert (share.value, share.numerator, share.denominator) == (100, 5, 5)
    assert "330825" not in queries.by_county("relations.contracted", reader=WHOLE_CITY), "nothing to divide by is no figure, not zero"
    assert moved() == []
    case = Case.objects.order_by("id").first()
    cases.rate(case, 5, "很快", actor=acting(an_officer()))
    assert moved() == ["service.well_rated", "service.rated_share"]
    assert reading("service.well_rated") == 100 and len(queries.trail("employment.staff", reader=WHOLE_CITY)) == 1


def test_every_count_opens_to_as_many_rows_and_no_row_names_a_person():
    hire(4)
    hire(1, hired_on="2026-08-01")  # late: an officer must look
    moved()
    period = Period.of(timezone.localdate(), Frequency.MONTHLY)
    looked = 0
    for one in indicators().values():
        assert one.definition.endswith("。") and one.source and one.unit, one.key
        if one.compute is None or one.frames:
            continue
        found = one.rows.find(CITY, period)
        count, figure = found.count(), queries.figure(one.key, CITY, period.name, reader=WHOLE_CITY)
        for row in found[:50]:
            cells = one.rows.cells(row)
            assert len(cells) == len(one.rows.titles) and "张小明" not in cells
        if not one.is_share and one.key != "employment.employers":
            assert count == figure.value, one.key
            looked += count
        elif one.is_share and figure is not None:
            assert count == figure.denominator, one.key
    assert looked > 30


def test_a_period_that_ended_is_closed_into_the_ledger_and_a_later_change_is_told():
    last = Period.of(timezone.localdate(), Frequency.MONTHLY).earlier()
    hire(2)
    Enrolment.objects.update(hired_on=last.last)
    moved()
    assert queries.figure("employment.came", CITY, last.name, reader=WHOLE_CITY) is None
    Freshness.objects.update(day=last.last)
    assert "employment.came" in actions.refresh()
    closed = queries.figure("employment.came", CITY, last.name, reader=WHOLE_CITY)
    assert closed.value == 2 and closed.closed and not queries.figure("employment.came", CITY, last.earlier().earlier().name, reader=WHOLE_CITY)
    assert Leaf.objects.filter(kind="indicators.close").count() > 10
    actions.backfill(last)
    assert not Leaf.objects.filter(kind="indicators.restate").exists(), "the same again is not news"
    hire(1)
    Enrolment.objects.update(hired_on=last.last)
    actions.backfill(last)
    told = Leaf.objects.filter(kind="indicators.restate")
    assert "employment.came" in "".join(told.values_list("record", flat=True))
    assert queries.figure("employment.came", CITY, last.name, reader=WHOLE_CITY).value == 3
    assert [one.value for one in queries.series("employment.came", since=last.name, reader=WHOLE_CITY)] == [3, 0]


def enter(actor, **changes):
    given = {"indicator": "test.jobs", "division": CITY, "period": "2025", "value": "20,000.5",
             "document": "衢统〔2026〕1号", **changes}
    return actions.enter(actor=actor, **given)


@pytest.fixture
def entered_only(monkeypatch):
    monkeypatch.setattr(registry, "_added", {})
    registry.register(Indicator("test.jobs", "城镇新增就业", "人", Theme.EMPLOYMENT, "统计部门公布的数。", "填报", frequency=Frequency.YEARLY))


def test_an_entered_figure_stands_once_another_officer_confirmed_it(entered_only):
    operator, reviewer = acting(an_officer(Role.OPERATOR)), acting(an_officer(Role.REVIEWER))
    first = enter(operator)
    assert reading("test.jobs") is None
    with pytest.raises(Refused, match="不能复核自己"):
        actions.confirm(first.pk, actor=operator)
    actions.confirm(first.pk, actor=reviewer)
    figure = queries.latest(CITY, ["test.jobs"], reader=WHOLE_CITY)["test.jobs"]
    assert (figure.value, figure.document, figure.origin) == (Decimal("20000.5"), "衢统〔2026〕1号", "entered")
    second = enter(operator, value="19999")
    actions.confirm(second.pk, actor=reviewer)
    assert reading("test.jobs") == 19999
    actions.withdraw(second.pk, actor=operator)
    assert reading("test.jobs") == Decimal("20000.5"), "the one before stands again"
    actions.withdraw(first.pk, actor=operator)
    assert reading("test.jobs") is None
    with pytest.raises(Refused, match="已撤回"):
        actions.confirm(first.pk, actor=reviewer)
    assert Leaf.objects.filter(kind__startswith="indicators.").count() == 6


@pytest.mark.parametrize("changes", [
    {"indicator": "no.such"}, {"division": "330100"}, {"period": "2025-01"}, {"period": "soon"}, {"period": "2999"},
    {"value": "很多"}, {"value": "NaN"}, {"value": "1e30"}, {"value": "0.1234567"}, {"document": " "},
])
def test_nonsense_is_refused(entered_only, changes):
    with pytest.raises(Refused):
        enter(acting(an_officer(Role.OPERATOR)), **changes)


def test_an_entry_never_replaces_what_the_records_say_but_stands_beside_it():
    hire(3)
    moved()
    month = Period.of(timezone.localdate(), Frequency.MONTHLY).name
    entry = enter(acting(an_officer(Role.OPERATOR)), indicator="employment.staff", period=month, value="30")
    assert queries.differences(reader=WHOLE_CITY) == []
    actions.confirm(entry.pk, actor=acting(an_officer(Role.REVIEWER)))
    assert reading("employment.staff") == 3
    difference = queries.differences(reader=WHOLE_CITY)[0]
    assert (difference.computed, difference.gap) == (3, 27)


def test_one_indicator_that_fails_stops_no_other_and_says_so(monkeypatch, caplog):
    monkeypatch.setattr(registry, "_added", {})
    registry.register(Indicator("test.broken", "坏的", "人", Theme.FUND, "除以零。", "测试", compute=lambda period: {"1": Parts(1 // 0)}))
    assert "employment.staff" in actions.refresh() and reading("employment.staff") == 0
    assert "ZeroDivisionError" in queries.freshness()["test.broken"].fault
    with pytest.raises(CommandError, match=r"test\.broken"):
        call_command("indicators", "refresh", "--all")
    with pytest.raises(CommandError, match="没有这样的指标"):
        call_command("indicators", "refresh", "--key", "no.such")


DYING = """
import os, signal, django
django.setup()
from renshe.kernel.indicators import actions
def trace(rows, day):  # inside the transaction, after the figures were written
    if rows[0]["indicator"] == "insurance.pension":
        os.kill(os.getpid(), signal.SIGKILL)
actions._trace = trace
actions.refresh()
"""


def test_a_keeper_killed_in_the_middle_leaves_nothing_half_done():
    hire(2)
    ledger.sequence()
    connections.close_all()
    # A process of its own rather than a fork: the threads that read columns do not live on in a fork.
    keeper = subprocess.run(
        [sys.executable, "-c", DYING], check=False, capture_output=True, text=True, timeout=300,
        env={**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "renshe.config.settings"},
    )
    assert keeper.returncode == -signal.SIGKILL, keeper.stderr
    assert reading("employment.staff") == 2, "what was finished before stays"
    assert not Figure.objects.filter(indicator="insurance.pension").exists()
    assert not Freshness.objects.filter(indicator="insurance.pension").exists()
    again = actions.refresh()
    assert "insurance.pension" in again and "employment.staff" not in again
    assert reading("insurance.pension") == 2


def test_records_that_arrive_outside_the_ledger_are_marked():
    moved()
    assert moved() == []
    actions.mark_stale("card.held", "no.such")
    assert moved() == ["card.held"]
    assert indicator("card.held").show(Decimal("1234567.4")) == "1,234,567"


def test_a_figure_that_arrives_while_a_board_is_read_is_on_the_next():
    """The board asks twice; the keeper may store an indicator's first figure between the two."""
    moved()
    asked, arrived = [], []

    def meanwhile(execute, sql, params, many, context):
        if "MAX(" not in sql and asked and not arrived:
            arrived.append("just.now")
            one = Figure.objects.get(indicator="employment.staff", division=CITY)
            one.pk, one.indicator = None, arrived[0]
            one.save(force_insert=True)
        asked.extend(["MAX("] * sql.count("MAX("))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        found = queries.board(reader=WHOLE_CITY)
    assert ("employment.staff", CITY) in found and ("just.now", CITY) not in found
    assert ("just.now", CITY) in queries.board(reader=WHOLE_CITY)
