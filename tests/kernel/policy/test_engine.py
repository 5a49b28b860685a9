"""The engine's core: compiled functions against a plain interpreter, rounding, traps, refusals."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine.compile import OutOfRange, run
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.policy import Input, Policy
from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Extreme,
    FormulaError,
    Logic,
    Name,
    Node,
    When,
    greatest,
    least,
    when,
)
from renshe.kernel.policy.engine.units import BadInput, Count, Fen, Ratio, Unit, exact
from renshe.kernel.policy.engine.values import DatedTable, DatedValue, MissingValue, Parameter
from renshe.kernel.policy.registry import policy

TODAY = datetime.date(2026, 11, 24)


def a_policy(formula: object, *, unit: Unit = Ratio, inputs: str = "a b c", round: str = "", tables: dict | None = None) -> Policy:
    made = rule("结果", unit=unit, article="试验 第一条", round=round, name="result")(formula)
    return Policy(
        "trial", "试验", "试验", {name: Input(name, name, Count) for name in inputs.split()}, {}, tables or {}, (made,),
        ("result",), (), "0",
    )


def value(tree: Node, known: dict[str, int]) -> Fraction | bool:
    """A plain interpreter, to hold the compiler to."""
    match tree:
        case Constant(number):
            return Fraction(number)
        case Name(name):
            return Fraction(known[name])
        case Arithmetic(operator, left, right):
            one, other = value(left, known), value(right, known)
            return {
                "+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other,
                "/": lambda: one / other, "//": lambda: Fraction(one // other), "%": lambda: one % other,
            }[operator]()
        case Comparison(operator, left, right):
            one, other = value(left, known), value(right, known)
            return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other,
                    "==": one == other, "!=": one != other}[operator]
        case Logic("not", (part,)):
            return not value(part, known)
        case Logic(operator, parts):
            found = [value(part, known) for part in parts]
            return all(found) if operator == "and" else any(found)
        case When(condition, then, otherwise):
            return value(then if value(condition, known) else otherwise, known)
        case Extreme(which, parts):
            return (min if which == "least" else max)(value(part, known) for part in parts)
    raise AssertionError(tree)


numbers = st.one_of(
    st.integers(-50, 50).map(Constant), st.fractions(-9, 9, max_denominator=40).map(Constant),
    st.sampled_from("abc").map(Name),
)


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    divisor = st.one_of(st.integers(1, 40), st.integers(-40, -1)).map(Constant)
    compared = st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner)
    test = st.one_of(compared, st.builds(lambda x, y: Logic("and", (x, y)), compared, compared),
                     st.builds(lambda x: Logic("not", (x,)), compared))
    return st.one_of(
        st.builds(Arithmetic, st.sampled_from("+-*"), inner, inner),
        st.builds(Arithmetic, st.sampled_from(["/", "//", "%"]), inner, divisor),
        st.builds(When, test, inner, inner),
        st.builds(lambda which, x, y: Extreme(which, (x, y)), st.sampled_from(["least", "greatest"]), inner, inner),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(numbers, larger, max_leaves=14), st.integers(-99, 99), st.integers(-99, 99), st.integers(-99, 99))
def test_compiled_function_equals_a_plain_interpreter(tree: Node, a: int, b: int, c: int) -> None:
    known = {"a": a, "b": b, "c": c}
    law = a_policy(lambda a, b, c: tree).law(TODAY, "")
    assert Fraction(run(law, known)["result"]) == value(tree, known)


@settings(max_examples=200, deadline=None)
@given(st.integers(-10**9, 10**9), st.integers(1, 10**4))
def test_rounding_is_half_up_on_integers(amount: int, divisor: int) -> None:
    law = a_policy(lambda a, b: a / b, unit=Fen, inputs="a b", round="half_up").law(TODAY, "")
    found = run(law, {"a": amount, "b": divisor})["result"]
    assert found == (2 * amount + divisor) // (2 * divisor)
    assert abs(Fraction(amount, divisor) - found) <= Fraction(1, 2)


def test_see_fen_go_up_to_jiao() -> None:
    law = a_policy(lambda a: a * 1, unit=Fen, inputs="a", round="up -1").law(TODAY, "")
    assert [run(law, {"a": fen})["result"] for fen in (1000, 1001, 1009, 1010)] == [1000, 1010, 1010, 1010]


def test_floor_division_of_negatives_rounds_down() -> None:
    law = a_policy(lambda a: a // 4, unit=Count, inputs="a").law(TODAY, "")
    assert run(law, {"a": -3})["result"] == -1


def test_a_deep_chain_of_reuse_stays_linear() -> None:
    def chain(a: Node) -> Node:
        for _ in range(100):
            a = least(a + a // 1000, 10**12)
        return a

    law = a_policy(chain, unit=Count, inputs="a").law(TODAY, "")
    assert run(law, {"a": 5})["result"] == 5


def test_symbols_refuse_to_be_true_or_false() -> None:
    with pytest.raises(FormulaError, match="when"):
        a_policy(lambda a: 1 if a > 3 else 2, inputs="a").law(TODAY, "")


def test_floats_are_refused_in_formulas_and_at_the_door() -> None:
    with pytest.raises(FormulaError, match="小数"):
        a_policy(lambda a: a * 0.16, inputs="a").law(TODAY, "")
    with pytest.raises(BadInput):
        exact(0.1)
    with pytest.raises(BadInput):
        exact("NaN")


def test_a_circle_of_rules_is_named() -> None:
    one = rule("甲", unit=Count, article="第一条", name="one")(lambda two: two + 1)
    two = rule("乙", unit=Count, article="第一条", name="two")(lambda one: one + 1)
    circle = Policy("c", "环", "", {}, {}, {}, (one, two), ("one",), (), "0")
    with pytest.raises(FormulaError, match="成环"):
        circle.law(TODAY, "")


def test_a_table_never_answers_with_its_last_row() -> None:
    table = DatedTable("t", "表", Count, "第一条", "来源", "high", datetime.date(2020, 1, 1), {1: 10, 2: 20})
    law = a_policy(lambda t, a: t[a], unit=Count, inputs="a", tables={"t": (table,)}).law(TODAY, "")
    assert run(law, {"a": 2})["result"] == 20
    for key in (-1, 0, 3):
        with pytest.raises(OutOfRange, match="可用"):
            run(law, {"a": key})


def test_division_by_zero_is_an_error_only_where_it_is_taken() -> None:
    law = a_policy(lambda a, b: when(b > 0, a / b, 0), unit=Fen, inputs="a b", round="half_up").law(TODAY, "")
    assert run(law, {"a": 9, "b": 0})["result"] == 0
    bare = a_policy(lambda a, b: a / b, unit=Fen, inputs="a b", round="half_up").law(TODAY, "")
    with pytest.raises(BadInput, match="除数为零"):
        run(bare, {"a": 9, "b": 0})


def test_a_new_law_is_a_new_formula_with_its_first_day() -> None:
    old = rule("旧", unit=Count, article="旧法", name="result")(lambda a: a + 1)
    new = rule("新", unit=Count, article="新法", name="result", since="2022-08-01")(lambda a: a + 2)
    both = Policy("p", "新旧", "", {"a": Input("a", "a", Count)}, {}, {}, (old, new), ("result",), (), "0")
    assert evaluate(both, {"a": 1}, on=datetime.date(2022, 7, 31), place="").outputs == {"result": 2}
    assert evaluate(both, {"a": 1}, on=datetime.date(2022, 8, 1), place="").outputs == {"result": 3}


def test_an_ended_value_is_missing_not_carried_on() -> None:
    ended = DatedValue(5, datetime.date(2020, 1, 1), datetime.date(2021, 1, 1), "来源", "high")
    parameter = Parameter("p", "值", Count, "第一条", "某文件", "", (ended,))
    assert parameter.at(datetime.date(2020, 12, 31), "").value == 5
    with pytest.raises(MissingValue, match="某文件"):
        parameter.at(datetime.date(2021, 1, 1), "")


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_base_lies_between_floor_and_cap_and_rises_with_the_wage(one: int, other: int) -> None:
    law = policy("contribution").law(TODAY, "330800")
    low, high = sorted((one, other))
    first, second = run(law, {"wage": low})["base"], run(law, {"wage": high})["base"]
    assert 498600 <= first <= second <= 2529900


def test_greatest_and_least_take_many() -> None:
    law = a_policy(lambda a, b, c: greatest(a, least(b, c), Fraction(1, 3)), unit=Ratio).law(TODAY, "")
    assert run(law, {"a": 0, "b": 5, "c": 2})["result"] == 2


@pytest.mark.parametrize(("inputs", "words"), [
    ({"wages": "1"}, "可用"), ({"wage": "很多"}, "十进制"), ({"wage": "-1"}, "不得小于"), ({"wage": 65.5}, "十进制文本"),
    ({"wage": "1.234"}, "两位小数"), ({}, "输入不足"),
])
def test_bad_input_names_the_field_and_what_is_accepted(inputs: dict, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        evaluate(policy("contribution"), inputs, on=TODAY, place="330800")
