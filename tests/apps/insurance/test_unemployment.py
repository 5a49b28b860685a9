"""Unemployment benefit, worked out a second time month by month, without the engine."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.registry import policy

PLACE = "330800"
CHANGED = datetime.date(2022, 8, 1)
PAID = st.integers(0, 480)


def cap(paid: int) -> int:
    """The longest term of the national law."""
    if paid < 12:
        return 0
    return 12 if paid < 60 else 18 if paid < 120 else 24


def counted(paid: int, *, first: int, each: int, at_least: int, start: int) -> int:
    """Months of benefit: `first` for `start` months paid, then one for each `each`, the rest counts from `at_least`."""
    benefit, left = first, paid - start
    while left >= each:
        benefit, left = benefit + 1, left - each
    return benefit + (left >= at_least)


def expected(paid: int, on: datetime.date) -> int:
    if paid < 12:
        return 0
    if on < CHANGED:
        months = counted(paid, first=2, each=8, at_least=5, start=12)
    elif paid < 60:
        months = counted(paid, first=0, each=6, at_least=3, start=0)
    else:
        months = counted(paid, first=10, each=8, at_least=4, start=60)
    return min(months, cap(paid))


def months(paid: int, on: datetime.date) -> dict[str, object]:
    return evaluate(policy("unemployment_months"), {"paid_months": paid}, on=on, place=PLACE).outputs


@given(PAID, st.dates(datetime.date(2011, 7, 1), datetime.date(2026, 12, 31)))
def test_months_agree_with_a_count_by_hand(paid: int, on: datetime.date) -> None:
    found = months(paid, on)
    assert (found["months"], found["statutory_cap"]) == (expected(paid, on), cap(paid))


@given(PAID)
def test_paying_longer_never_shortens_the_benefit(paid: int) -> None:
    for on in (CHANGED - datetime.timedelta(days=1), CHANGED):
        assert months(paid + 1, on)["months"] >= months(paid, on)["months"]


def test_the_day_of_the_change_decides_the_rule() -> None:
    assert months(36, CHANGED - datetime.timedelta(days=1))["months"] == 5
    assert months(36, CHANGED)["months"] == 6


@given(st.integers(0, 24), st.integers(0, 24))
def test_nothing_carried_over_is_lost_below_the_cap(new: int, unused: int) -> None:
    found = evaluate(
        policy("unemployment_carry"), {"new_statutory_months": new, "unused_months": unused},
        on=datetime.date(2026, 11, 24), place=PLACE,
    ).outputs
    assert found["months"] == min(24, new + unused)
    assert found["months"] + found["lost_months"] == new + unused


def test_one_reason_is_enough_to_refuse_and_each_says_what_to_do() -> None:
    good = {
        "paid_months": 36, "by_own_will": False, "registered": True, "re_employed": False, "drawing_pension": False,
        "enlisted": False, "emigrated": False, "imprisoned": False, "refused_offers": False,
    }
    on = datetime.date(2026, 11, 24)
    assert evaluate(policy("unemployment_right"), good, on=on, place=PLACE).unmet == []
    for name, value in {**{name: not value for name, value in good.items() if name != "paid_months"}, "paid_months": 11}.items():
        found = evaluate(policy("unemployment_right"), {**good, name: value}, on=on, place=PLACE)
        assert found.outputs["entitled"] is False
        assert len(found.unmet) == 1 and found.unmet[0].text and found.unmet[0].then and found.unmet[0].article


def test_before_the_share_was_one_for_the_province_the_city_document_is_asked_for() -> None:
    found = evaluate(policy("unemployment_amount"), {"months": 3}, on=datetime.date(2022, 7, 31), place=PLACE)
    assert "amount" not in found.outputs
    assert "百分之七十至八十" in str(found.missing["amount"])
