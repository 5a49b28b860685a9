"""One law, three scales: the exact scalar function, Polars columns and Spark agree to the fen on every policy."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine.cells import NoColumns
from renshe.kernel.policy.engine.columns import columns, one_by_one
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.interpret import Interpreter, round_exact
from renshe.kernel.policy.engine.lines import FRACTIONAL
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.registry import policies, policy
from tests.kernel.policy.drawn import as_frame, as_text, rows

PLACE = "330802"
TODAY = datetime.date(2026, 11, 24)
ALL = list(policies())
WITH_LISTS = [name for name, one in policies().items() if any(declared.many for declared in one.inputs.values())]
IN_COLUMNS = [name for name in ALL if name not in WITH_LISTS]
ONLY_FROM_A_LIST = {"injury_death": {"survivors_total"}}  # of no list at all the one says nothing, the other nobody
PATIENT = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def exact(value: Any) -> Any:
    return Fraction(value["top"], value["bottom"]) if isinstance(value, dict) else value


def scalar(one: Policy, row: dict[str, Any]) -> dict[str, Any]:
    """What the public contract's evaluation says; rule by rule where it refuses the row as a whole."""
    try:
        return evaluate(one, as_text(one, row), on=TODAY, place=PLACE).results
    except BadInput:
        law = one.law(TODAY, PLACE)
        shaped = {
            name: {"top": value.numerator, "bottom": value.denominator}
            if value is not None and one.inputs[name].unit.key in FRACTIONAL else value
            for name, value in row.items()
        }
        return {name: exact(value) for name, value in one_by_one(law, shaped, TODAY, list(one.outputs)).items()}


@pytest.mark.parametrize("name", IN_COLUMNS)
@PATIENT
@given(st.data())
def test_columns_equal_the_scalar_function(name: str, data: st.DataObject) -> None:
    one = policy(name)
    drawn = data.draw(rows(one))
    found = columns(one.law(TODAY, PLACE), as_frame(one, drawn).lazy(), on=TODAY).collect().to_dicts()
    for row, answer in zip(drawn, found, strict=True):
        wanted = scalar(one, row)
        for output in one.outputs:
            assert exact(answer.get(output)) == wanted.get(output), (output, row)


@pytest.mark.parametrize("name", WITH_LISTS)
def test_a_policy_with_lists_has_no_column_form_and_says_so(name: str) -> None:
    one = policy(name)
    with pytest.raises(NoColumns, match="列表"):
        columns(one.law(TODAY, PLACE), as_frame(one, []).lazy())


@pytest.mark.parametrize("name", WITH_LISTS)
@PATIENT
@given(st.data())
def test_where_a_list_was_folded_beforehand_columns_equal_the_scalar_function(name: str, data: st.DataObject) -> None:
    """What a list comes to may be stated instead of the list; what only the list tells stays empty at both scales."""
    one = policy(name)
    lists = [key for key, declared in one.inputs.items() if declared.many]
    drawn = [{**row, **dict.fromkeys(lists)} for row in data.draw(rows(one))]
    frame = as_frame(one, drawn).drop(lists, strict=False)
    found = columns(one.law(TODAY, PLACE), frame.lazy(), on=TODAY).collect().to_dicts()
    for row, answer in zip(drawn, found, strict=True):
        wanted = scalar(one, row)
        for output in one.outputs:
            if output in ONLY_FROM_A_LIST.get(name, ()):
                assert answer[output] is None
                continue
            assert exact(answer.get(output)) == wanted.get(output), (output, row)


@pytest.mark.parametrize("name", ALL)
@PATIENT
@given(st.data())
def test_the_scalar_function_equals_a_plain_interpreter(name: str, data: st.DataObject) -> None:
    one = policy(name)
    for row in data.draw(rows(one, most=6)):
        try:
            found = evaluate(one, as_text(one, row), on=TODAY, place=PLACE)
        except BadInput:
            continue
        plain = Interpreter(found.law, {**found.inputs, **found.results})
        for rule, value in found.results.items():
            if rule in found.inputs:
                continue
            again = plain.value(found.law.trees[rule])
            rounding = found.law.rules[rule].rounding
            if rounding and not isinstance(again, list):
                again = round_exact(Fraction(again), rounding)
            assert again == value, (rule, row)
        assert all(step.words and step.numbers and step.result for step in found.steps)
