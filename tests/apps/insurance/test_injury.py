"""Work-injury benefits, worked out a second time in plain fractions, without the engine."""

import datetime
import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.registry import policy

PLACE = "330800"
TODAY = datetime.date(2026, 11, 24)
DISABILITY = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)
CONTRACT_END = (0, 0, 0, 0, 30, 25, 10, 7, 4, 2)
ALLOWANCE = tuple(Fraction(percent, 100) for percent in (90, 85, 80, 75, 70, 60, 0, 0, 0, 0))
MONEY = st.integers(0, 6_000_000)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def half_up(number: Fraction) -> int:
    return math.floor(number + Fraction(1, 2))


@given(
    grade=st.integers(1, 10), own=MONEY, average=st.integers(100_000, 2_000_000), stays=st.booleans(),
    years=st.fractions(0, 40, max_denominator=4),
)
def test_every_grade_agrees_with_fractions(
    grade: int, own: int, average: int, stays: bool, years: Fraction
) -> None:
    used = half_up(min(max(Fraction(own), average * Fraction(6, 10)), Fraction(average * 3)))
    ends = grade > 4 and not stays
    single = average * CONTRACT_END[grade - 1] if ends else 0
    left = max(Fraction(0), 1 - math.floor(max(Fraction(0), 5 - years)) * Fraction(1, 5))
    pays_monthly = grade <= 4 or (grade <= 6 and stays)
    found = evaluate(
        policy("injury_benefit"),
        {"grade": grade, "own_wage": yuan(own), "average_wage": yuan(average), "stays": stays, "years_to_statutory": years},
        on=TODAY, place=PLACE,
    ).outputs
    assert found["own_wage_used"] == yuan(used)
    assert found["disability_grant"] == yuan(used * DISABILITY[grade - 1])
    assert found["medical_grant"] == yuan(single)
    assert found["employment_grant"] == yuan(half_up(single * left))
    assert found["monthly_allowance"] == yuan(half_up(used * ALLOWANCE[grade - 1]) if pays_monthly else 0)
    assert found["payer"] == ("fund" if grade <= 4 else "employer" if grade <= 6 else "none")


@given(st.integers(0, 120))
def test_a_survivors_lump_falls_with_age_and_never_ends_before_five_years(age: int) -> None:
    years = evaluate(
        policy("injury_uninsured"), {"survivor_age": age}, on=TODAY, place=PLACE
    ).outputs["survivor_lump_years"]
    if age < 18:
        assert years == 18 - age
    else:
        assert years == max(5, 20 - max(0, age - 60))


def test_standards_before_the_provincial_regulation_are_asked_for_not_guessed() -> None:
    found = evaluate(
        policy("injury_benefit"), {"grade": 8, "own_wage": "5000", "average_wage": "5000", "stays": False, "years_to_statutory": "9"},
        on=datetime.date(2017, 12, 31), place=PLACE,
    )
    assert "medical_grant" in found.missing and "disability_grant" in found.outputs


@given(st.lists(st.sampled_from(("spouse", "child", "parent", "orphan_child", "lonely_parent")), max_size=8), MONEY)
def test_survivors_together_never_get_more_than_the_wage(kinds: list[str], own: int) -> None:
    percent = {"spouse": 40, "child": 30, "parent": 30, "orphan_child": 40, "lonely_parent": 40}
    each = {kind: half_up(Fraction(own * percent[kind], 100)) for kind in percent}
    together = sum(each[kind] for kind in kinds)
    found = evaluate(
        policy("injury_survivors"), {"own_wage": yuan(own), "survivors": kinds}, on=TODAY, place=PLACE
    ).outputs
    assert found["uncapped"] == yuan(together) and found["total"] == yuan(min(together, own))
    assert all(found[kind] == yuan(each[kind] if kind in kinds else 0) for kind in percent)
