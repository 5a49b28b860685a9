"""Identifiers, money and days."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renshe.city.employers import uscc
from renshe.city.people import people
from renshe.kernel.common import calendar, identifiers, money


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_published_citizen_ids_are_well_formed(number):
    assert identifiers.citizen_id_fault(number) == ""


@given(st.sampled_from(people(50, 3)), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(someone, at, shift):
    number = someone.citizen_id
    old = number[at]
    new = str((int(old) + shift) % 10) if old.isdigit() else str(shift)
    assert identifiers.citizen_id_fault(number[:at] + new + number[at + 1 :]) != ""


def test_former_county_codes_are_not_refused():
    first = "33082319900101123"
    assert identifiers.citizen_id_fault(first + identifiers.citizen_id_check(first)) == ""


def test_credit_codes():
    assert identifiers.uscc_fault("91350100M000100Y43") == ""
    assert identifiers.uscc_fault("91350100M000100Y44") != ""
    assert identifiers.uscc_fault(uscc(7)) == ""
    assert identifiers.org_code_check("54842601") == "5"


@given(st.integers(0, 10**12))
def test_money_comes_back_from_its_text(fen):
    assert money.fen(money.yuan(fen)) == fen == money.fen(money.yuan_label(fen))


@pytest.mark.parametrize("text", ["", "6,5a", "1.234", "-5", "1e9", "nan", "六千"])
def test_what_is_not_money_is_said_so(text):
    with pytest.raises(ValueError, match="不是金额"):
        money.fen(text)


OFF_2026 = ["2026-01-01", "2026-02-17", "2026-02-23", "2026-05-05", "2026-09-25", "2026-10-07"]
WORKED_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def test_days_off_and_make_up_days_of_2026():
    assert not any(calendar.is_working_day(datetime.date.fromisoformat(day)) for day in OFF_2026)
    assert all(calendar.is_working_day(datetime.date.fromisoformat(day)) for day in WORKED_2026)
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(365)]
    assert sum(calendar.is_working_day(day) for day in days) == 248
    assert calendar.is_announced(2026) and not calendar.is_announced(2031)


days_2026 = st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 6, 30))


@given(days_2026, st.integers(1, 60))
def test_a_period_of_working_days_holds_that_many(start, count):
    due = calendar.due_on(start, count, "working")
    assert calendar.is_working_day(due) and calendar.working_days_between(start, due) == count


@given(days_2026, st.integers(1, 90))
def test_natural_days_roll_to_a_working_day(start, count):
    due = calendar.due_on(start, count, "natural")
    assert calendar.is_working_day(due) and due >= start + datetime.timedelta(days=count)


def test_full_years_are_reached_on_the_birthday():
    born = datetime.date(2010, 11, 24)
    assert calendar.full_years(born, datetime.date(2026, 11, 23)) == 15
    assert calendar.full_years(born, datetime.date(2026, 11, 24)) == 16


def test_every_place_has_a_known_parent():
    rows = Path("city/quzhou/divisions.csv").read_text(encoding="utf-8").splitlines()[1:]
    codes = {row.split(",")[0] for row in rows}
    assert {"330802", "330803", "330822", "330824", "330825", "330881"} <= codes
    assert all(row.split(",")[2] in codes | {""} for row in rows)
