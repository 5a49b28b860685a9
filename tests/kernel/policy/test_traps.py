"""The traps that were measured before the engine was written, each held shut (docs/decisions/0006)."""

import datetime
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine.cells import NoColumns
from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.engine.compile import run
from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import Node, greatest, least, month_of, when
from renshe.kernel.policy.engine.units import Bool, Count, Day, Fen, Month, Number, Ratio, Unit
from renshe.kernel.policy.engine.values import DatedTable, DatedValue, Parameter
from tests.kernel.policy.test_engine import larger, numbers, value

TODAY = datetime.date(2026, 11, 24)


def a_policy(
    formula: object, *, unit: Unit = Count, round: str = "", inputs: dict[str, Unit] | None = None,
    tables: dict | None = None, parameters: dict | None = None,
) -> Policy:
    made = rule("结果", unit=unit, article="试验 第一条", round=round, name="result")(formula)
    asked = {name: Input(name, name, one) for name, one in (inputs or {"a": Count}).items()}
    return Policy("trial", "试验", "试验", asked, parameters or {}, tables or {}, (made,), ("result",), (), "0")


def in_columns(one: Policy, **values: list) -> list:
    frame = pl.DataFrame(values).lazy()
    found = columns(one.law(TODAY, ""), frame).collect()["result"].to_list()
    return [Fraction(item["top"], item["bottom"]) if isinstance(item, dict) else item for item in found]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(numbers, larger, max_leaves=12), st.lists(st.tuples(*[st.integers(-99, 99)] * 3), min_size=1, max_size=5))
def test_any_formula_is_the_same_in_columns(tree: Node, rows: list[tuple[int, int, int]]) -> None:
    one = a_policy(lambda a, b, c: tree, unit=Number, inputs={"a": Count, "b": Count, "c": Count})
    wanted = [value(tree, dict(zip("abc", row, strict=True))) for row in rows]
    assume(all(max(abs(Fraction(item).numerator), Fraction(item).denominator) < 2**63 for item in wanted))
    try:
        found = in_columns(one, **{name: [row[place] for row in rows] for place, name in enumerate("abc")})
    except NoColumns:
        assume(False)
    assert found == wanted


def test_money_is_exact_where_a_float_is_a_fen_off() -> None:
    one = a_policy(lambda a: a * Fraction(285, 10000), unit=Fen, round="half_up", inputs={"a": Fen})
    amounts = [2000 * step + 1000 for step in range(1000)]  # each an exact tie
    wanted = [(2 * 285 * amount + 10000) // 20000 for amount in amounts]
    assert in_columns(one, a=amounts) == wanted
    assert [run(one.law(TODAY, ""), {"a": amount})["result"] for amount in amounts] == wanted
    assert [round(amount * 0.0285) for amount in amounts] != wanted


def test_rounding_each_part_is_not_rounding_the_sum() -> None:
    parts = a_policy(lambda a: least(a, a), unit=Fen, round="up -1", inputs={"a": Fen})
    assert in_columns(parts, a=[1001, 1010, -1001]) == [1010, 1010, -1000]
    down = a_policy(lambda a: a / 8, unit=Fen, round="down", inputs={"a": Fen})
    assert in_columns(down, a=[15, -15]) == [1, -2]


def test_a_number_too_large_never_wraps() -> None:
    one = a_policy(lambda a: a * 11, unit=Fen, inputs={"a": Fen})
    assert in_columns(one, a=[2**31 - 1, 3 * 10**17]) == [(2**31 - 1) * 11, 33 * 10**17]
    square = a_policy(lambda a: a * a // 10**12, unit=Fen, inputs={"a": Fen})
    assert in_columns(square, a=[9 * 10**10, 10**15, 4 * 10**18]) == [81 * 10**8, 10**18, None]


def test_small_integers_are_widened_at_the_door() -> None:
    one = a_policy(lambda a: a * 11, unit=Fen, inputs={"a": Fen})
    frame = pl.DataFrame({"a": pl.Series([2_000_000_000], dtype=pl.Int32)}).lazy()
    assert columns(one.law(TODAY, ""), frame).collect()["result"].to_list() == [22_000_000_000]


def test_floor_division_of_negatives_rounds_down() -> None:
    assert in_columns(a_policy(lambda a: a // 4), a=[-3, 3, -4]) == [-1, 0, -1]
    assert in_columns(a_policy(lambda a: a % 4), a=[-3, 3, -4]) == [1, 3, 0]
    both = a_policy(lambda a, b: a // b, inputs={"a": Count, "b": Count})
    assert in_columns(both, a=[7, -7, 7, 7], b=[-2, -2, 2, 0]) == [-4, 3, 3, None]


def test_a_table_answers_only_for_its_rows() -> None:
    table = DatedTable("t", "表", Count, "第一条", "来源", "high", datetime.date(2020, 1, 1), {1: 10, 2: 20})
    one = a_policy(lambda t, a: t[a], tables={"t": (table,)})
    assert in_columns(one, a=[-1, 0, 1, 2, 3]) == [None, None, 10, 20, None]
    guarded = a_policy(lambda t, a: when((a >= 1) & (a <= 2), t[a], 0), tables={"t": (table,)})
    assert in_columns(guarded, a=[-1, 1, 3]) == [0, 10, 0]


def test_a_value_of_another_time_is_one_look_up_and_never_the_last_one() -> None:
    values = tuple(
        DatedValue(amount, datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1), "来源", "high")
        for year, amount in ((2020, 100), (2021, 110), (2023, 130))
    )
    wage = Parameter("wage", "工资", Fen, "第一条", "公告", "", values)
    one = a_policy(
        lambda wage, day: wage.in_month(month_of(day)), unit=Fen, inputs={"day": Day}, parameters={"wage": wage}
    )
    days = [datetime.date(year, 12, 31) for year in (2019, 2020, 2021, 2022, 2023, 2024)]
    assert in_columns(one, day=days) == [None, 100, 110, None, 130, None]
    assert [run(one.law(TODAY, ""), {"day": day.toordinal()}).get("result") for day in days] == [None, 100, 110, None, 130, None]


def test_what_is_unknown_is_not_no() -> None:
    one = a_policy(lambda a: when(a > 0, 1, 2))
    assert in_columns(one, a=[1, 0, None]) == [1, 2, None]
    yes = a_policy(lambda a, b: (a > 0) | b, unit=Bool, inputs={"a": Count, "b": Bool})
    assert in_columns(yes, a=[1, None, 0], b=[None, True, False]) == [None, None, False]
    top = a_policy(lambda a, b: greatest(a, b), inputs={"a": Count, "b": Count})
    assert in_columns(top, a=[1, None], b=[None, 2]) == [None, None]


@pytest.mark.parametrize("column", [[float("nan"), 1.0], [1.5, 2.5]])
def test_floats_and_so_nan_stay_outside(column: list[float]) -> None:
    with pytest.raises(NoColumns, match="不能是浮点数"):
        in_columns(a_policy(lambda a: a * 2, unit=Fen, inputs={"a": Fen}), a=column)
    with pytest.raises(NoColumns, match="不能是浮点数"):
        in_columns(a_policy(lambda a: a * 2, unit=Ratio, inputs={"a": Ratio}), a=column)


def test_reuse_costs_a_column_not_a_doubling() -> None:
    def chain(a: Node) -> Node:
        for _ in range(60):
            a = least(a + a // 1000, 10**9)
        return a

    one = a_policy(chain, inputs={"a": Count})
    frame = columns(one.law(TODAY, ""), pl.DataFrame({"a": [5, 7000]}).lazy())
    scalar = one.law(TODAY, "")
    assert frame.collect()["result"].to_list() == [run(scalar, {"a": number})["result"] for number in (5, 7000)]
    assert len(frame.explain()) < 400_000


def test_a_date_in_the_frame_is_a_month_index_inside() -> None:
    one = a_policy(lambda a: a + 1, unit=Month, inputs={"a": Month})
    assert in_columns(one, a=[datetime.date(2026, 12, 31)]) == [2027 * 12]


def test_a_decimal_column_is_read_exactly() -> None:
    one = a_policy(lambda a: a * 100, unit=Number, inputs={"a": Ratio})
    frame = pl.DataFrame({"a": ["0.1234", None]}).with_columns(pl.col("a").cast(pl.Decimal(20, 4))).lazy()
    found = columns(one.law(TODAY, ""), frame).collect()["result"].to_list()
    assert Fraction(found[0]["top"], found[0]["bottom"]) == Fraction("12.34") and found[1] is None


def test_rows_of_another_period_are_judged_by_the_law_of_their_day() -> None:
    old = rule("旧", unit=Count, article="旧法", name="result")(lambda a, day: a + 1)
    new = rule("新", unit=Count, article="新法", name="result", since="2022-08-01")(lambda a, day: a + 2)
    inputs = {"a": Input("a", "a", Count), "day": Input("day", "日", Day)}
    both = Policy("p", "新旧", "", inputs, {}, {}, (old, new), ("result",), (), "0", dated_by="day")
    days = [datetime.date(2022, 7, 31), datetime.date(2022, 8, 1), None]
    frame = pl.DataFrame({"a": [1, 1, 1], "day": days}).lazy()
    assert columns(both.law(TODAY, ""), frame).collect()["result"].to_list() == [2, 3, 3]
    assert columns(both.law(TODAY, ""), frame.drop("day"), on=TODAY).collect()["result"].to_list() == [3, 3, 3]
