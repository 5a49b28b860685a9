"""Policies that stand on others: what comes along, what wins, what is refused."""

import dataclasses
import datetime

import pytest

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import Count
from renshe.kernel.policy.engine.uses import joined
from renshe.kernel.policy.registry import policy

TODAY = datetime.date(2026, 11, 24)


def a_policy(name: str, formulas: dict, *, inputs: str = "", uses: tuple[str, ...] = (), outputs: tuple = ()) -> Policy:
    rules = tuple(rule(key, unit=Count, article="第一条", name=key)(formula) for key, formula in formulas.items())
    fields = {key: Input(key, key, Count) for key in inputs.split()}
    return Policy(name, name, "", fields, {}, {}, rules, outputs or tuple(formulas), (), name, uses=uses)


LOW = a_policy("low", {"twice": lambda a: a * 2, "thrice": lambda b: b * 3}, inputs="a b")


def test_only_what_is_named_comes_along() -> None:
    high = a_policy("high", {"more": lambda twice: twice + 1}, uses=("low",))
    found = joined({"high": high, "low": LOW})["high"]
    assert set(found.inputs) == {"a"} and {one.name for one in found.rules} == {"twice", "more"}
    assert evaluate(found, {"a": 5}, on=TODAY, place="").outputs == {"more": 11}


def test_what_a_folder_defines_itself_wins() -> None:
    high = a_policy("high", {"twice": lambda a: a * 20, "more": lambda twice: twice + 1}, inputs="a", uses=("low",))
    found = joined({"low": LOW, "high": high})["high"]
    assert evaluate(found, {"a": 5}, on=TODAY, place="").outputs == {"twice": 100, "more": 101}


def test_an_input_may_stand_in_for_a_rule_of_the_other() -> None:
    high = a_policy("high", {"more": lambda twice: twice + 1}, inputs="twice", uses=("low",))
    found = joined({"low": LOW, "high": high})["high"]
    assert evaluate(found, {"a": 5}, on=TODAY, place="").outputs == {"more": 11}
    assert evaluate(found, {"twice": 5}, on=TODAY, place="").outputs == {"more": 6}


def test_a_third_floor_and_the_same_folder_by_two_ways() -> None:
    middle = a_policy("middle", {"more": lambda twice: twice + 1}, uses=("low",))
    top = a_policy("top", {"both": lambda more, twice: more + twice}, uses=("middle", "low"))
    found = joined({"top": top, "middle": middle, "low": LOW})["top"]
    assert evaluate(found, {"a": 5}, on=TODAY, place="").outputs == {"both": 21}
    assert len(found.rules) == 3


def test_a_change_below_changes_the_version_above() -> None:
    high = a_policy("high", {"more": lambda twice: twice + 1}, uses=("low",))
    changed = dataclasses.replace(LOW, digest="other")
    one, other = (joined({"low": low, "high": high})["high"].law(TODAY, "").version for low in (LOW, changed))
    assert one != other


def test_a_circle_and_an_unknown_policy_are_named() -> None:
    one, two = (a_policy(name, {name: lambda: 1}, uses=(other,)) for name, other in (("甲", "乙"), ("乙", "甲")))
    with pytest.raises(FormulaError, match="成环"):
        joined({"甲": one, "乙": two})
    with pytest.raises(FormulaError, match="没有“乙”"):
        joined({"甲": one})


def test_an_output_may_go_by_the_name_of_an_input() -> None:
    found = evaluate(policy("account_interest"), {"balance": "100", "years": [2024]}, on=TODAY, place="330800")
    assert found.outputs["balance"] == "102.62"
    unknown = evaluate(policy("account_interest"), {"balance": "100", "years": [2026]}, on=TODAY, place="330800")
    assert "balance" in unknown.missing
