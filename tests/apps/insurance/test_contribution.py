"""What each class of payer pays, worked out a second time in plain fractions."""

import datetime
import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.registry import policy

TODAY = datetime.date(2026, 11, 24)
FLOOR, CAP = 498_600, 2_529_900
PERSON = {"employee": (80, 5), "institution": (80, 40, 5), "civil_service": (80, 40), "flexible": (200,),
          "individual_business": (200,), "single_injury": ()}  # per mille: pension, annuity, unemployment
UNIT = {"employee": (160, 5), "institution": (160, 80, 5), "civil_service": (160, 80), "flexible": (),
        "individual_business": (), "single_injury": ()}


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def paid(base: int, rates: tuple[int, ...]) -> int:
    return sum(math.floor(Fraction(base * rate, 1000) + Fraction(1, 2)) for rate in rates)


@given(st.sampled_from(sorted(PERSON)), st.integers(0, 100_000_000))
def test_every_payer_pays_what_fractions_say(payer: str, wage: int) -> None:
    base = min(max(wage, FLOOR), CAP)
    found = evaluate(policy("contribution"), {"payer": payer, "wage": yuan(wage)}, on=TODAY, place="330800").outputs
    assert found["base"] == yuan(base)
    assert found["person_pays"] == yuan(paid(base, PERSON[payer]))
    assert found["unit_pays"] == yuan(paid(base, UNIT[payer]))
    assert found["account_credit"] == yuan(0 if payer == "single_injury" else paid(base, (80,)))


@given(st.integers(2018, 2026), st.integers(100_000, 3_000_000))
def test_limits_follow_from_a_given_average_wage(year: int, average: int) -> None:
    found = evaluate(
        policy("contribution_limits"), {"year": year, "average_wage": yuan(average)}, on=TODAY, place="330800"
    ).outputs
    assert (found["floor"], found["cap"]) == (yuan(paid(average, (600,))), yuan(3 * average))
