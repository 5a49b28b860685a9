"""The yearly account: plain Python, NumPy, the compiled pass and the policy's own formula give the same fen."""

import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine.account import SCHEMA, account, by_numba, by_numpy, explained, lines, rates
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import BadInput, Fen, Month
from renshe.kernel.policy.registry import policy

TODAY = datetime.date(2026, 11, 24)
LAW = policy("account_interest").law(TODAY, "330800")
RATES = rates(LAW)

people = st.lists(
    st.dictionaries(st.integers(1995 * 12, 2026 * 12 + 11), st.integers(0, 4_000_000), min_size=1, max_size=30),
    min_size=1, max_size=5,
)


def rows(histories: list[dict[int, int]]) -> pl.DataFrame:
    found = [(number, month, person[month]) for number, person in enumerate(histories) for month in sorted(person)]
    return pl.DataFrame(found, schema={"person": pl.Int32, "month": pl.Int32, "base": pl.Int32}, orient="row")


def columns(frame: pl.DataFrame) -> tuple[np.ndarray, ...]:
    return tuple(frame[name].to_numpy() for name in ("person", "month", "base"))


@settings(max_examples=60, deadline=None)
@given(people, st.integers(1994, 2026))
def test_three_forms_of_the_kernel_are_identical(histories: list[dict[int, int]], through: int) -> None:
    frame = rows(histories)
    compiled, plain = (form(RATES, *columns(frame), through) for form in (by_numba, by_numpy))
    for one, other in zip(compiled, plain, strict=True):
        assert one.tolist() == other.tolist()
    made = account(LAW, frame, through).rows()
    assert made == [
        (number, one.year, one.opening, one.credited, one.interest, one.closing)
        for number, person in enumerate(histories) for one in lines(RATES, sorted(person.items()), through)
    ]


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.integers(2016 * 12, 2025 * 12 + 11), st.integers(0, 4_000_000), min_size=1, max_size=40))
def test_the_kernel_is_the_policy_s_formula(history: dict[int, int]) -> None:
    found = lines(RATES, sorted(history.items()), 2025)
    inputs = {
        "years": list(range(min(history) // 12, 2026)),
        "rows": [{"month": Month.write(month), "base": Fen.write(base)} for month, base in history.items()],
    }
    judged = evaluate(policy("account_interest"), inputs, on=TODAY, place="330800")
    assert judged.results["closing_balance"] == found[-1].closing
    assert judged.results["credited"] == sum(line.credited for line in found)


def test_a_month_outside_the_years_brings_nothing_in_and_asks_for_no_law_of_its_time() -> None:
    rows = [{"month": month, "base": "5000.00"} for month in ("1990-01", "2020-01")]
    found, fewer = (
        evaluate(policy("account_interest"), {"years": [2020, 2021], "rows": some}, on=TODAY, place="330800") for some in (rows, rows[1:])
    )
    assert found.outputs["balance"] == fewer.outputs["balance"] == "440.72"
    assert found.outputs["rows_inside"] is False and "1项" in next(step for step in found.steps if step.name == "months_outside").numbers


def test_a_year_without_a_rate_leaves_the_account_unknown_from_then_on() -> None:
    found = lines(RATES, [(2015 * 12, 500_000), (2016 * 12, 500_000)], 2017)
    assert [line.closing for line in found] == [None, None, None]
    assert found[0].credited == 40_000
    assert account(LAW, rows([{2015 * 12: 500_000}]), 2016)["closing"].to_list() == [None, None]


def test_rows_out_of_order_or_range_are_refused() -> None:
    with pytest.raises(BadInput, match="第1行"):
        account(LAW, rows([{2016 * 12: 1, 2016 * 12 + 1: 1}]).reverse(), 2020)
    with pytest.raises(BadInput, match="缴费月份"):
        account(LAW, rows([{12: 1}]), 2020)
    with pytest.raises(BadInput, match="计息到"):
        account(LAW, rows([]), 9999)
    assert account(LAW, rows([]), 2020).schema == pl.Schema(SCHEMA)


def test_every_year_explains_itself() -> None:
    steps = explained(LAW, lines(RATES, [(2023 * 12 + 11, 446_233), (2024 * 12, 481_255)], 2024))
    assert [step.label for step in steps] == ["2023年末储存额", "2024年末储存额"]
    assert "2.62%" in steps[1].numbers and "385.00元" in steps[1].numbers
    assert any("劳办发〔1997〕116号" in one.origin for one in steps[1].sources)
