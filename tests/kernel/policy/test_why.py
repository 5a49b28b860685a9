"""Why not me: gaps and months of conditions of every shape."""

import datetime
from typing import Any

import pytest

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.inputs import read_input
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import BadInput, Months
from renshe.kernel.policy.engine.why import Judged

TODAY = datetime.date(2026, 11, 24)
INPUTS: dict[str, dict[str, Any]] = {
    "paid": {"label": "缴费月数", "unit": "months", "grows": {"month": "每月缴费"}},
    "years": {"label": "年数", "unit": "count", "grows": {"year": "每年缴费"}},
    "age": {"label": "年龄", "unit": "age", "grows": "month"},
    "working": {"label": "在职", "unit": "bool"},
    "debt": {"label": "欠费月数", "unit": "months"},
    "kind": {"label": "用工形式", "unit": "text", "choices": {"employee": "劳动合同用工", "intern": "实习"}},
}


def judge(formula: Any, **facts: object) -> Judged:
    right = condition("可以", article="第一条", unmet="不可以", then="请补缴", name="right")(formula)
    renamed = rule("累计", unit=Months, article="第一条", name="sum")(lambda paid: paid)
    one = Policy(
        "trial", "试验", "", {name: read_input(name, raw) for name, raw in INPUTS.items()}, {}, {}, (renamed, right),
        ("sum", "right"), (), "0",
    )
    return evaluate(one, facts, on=TODAY, place="").conditions[0]


def test_a_condition_that_holds_has_no_gap() -> None:
    found = judge(lambda paid: paid >= 12, paid=12)
    assert found.holds is True and found.gaps == () and found.when is None


def test_not_less_than_and_more_than_differ_by_a_month() -> None:
    assert judge(lambda paid: paid >= 12, paid=10).when_words == "每月缴费，到2027年01月"
    assert judge(lambda paid: paid > 12, paid=10).when_words == "每月缴费，到2027年02月"
    assert judge(lambda paid, debt: debt <= paid, paid=10, debt=12).when_words == "每月缴费，到2027年01月"


def test_what_grows_is_found_behind_a_name() -> None:
    assert judge(lambda sum: sum >= 12, paid=10).when_words == "每月缴费，到2027年01月"


def test_years_and_ages_grow_in_their_own_steps() -> None:
    assert judge(lambda years: years >= 15, years=13).when_words == "每年缴费，到2028年11月"
    assert judge(lambda age: age >= 720, age="59y10m").when_words == "到2027年01月"


def test_all_of_several_are_met_at_the_last_of_them() -> None:
    found = judge(lambda paid, age: (paid >= 12) & (age >= 720), paid=10, age="59y0m")
    assert len(found.gaps) == 2 and found.when_words == "每月缴费，到2027年11月"


def test_one_of_several_is_met_at_the_first_of_them() -> None:
    found = judge(lambda paid, age: (paid >= 24) | (age >= 720), paid=10, age="59y10m")
    assert len(found.gaps) == 2 and found.when_words == "到2027年01月"


def test_time_alone_does_not_pay_a_debt() -> None:
    both = judge(lambda paid, debt: (paid >= 12) & (debt == 0), paid=10, debt=3)
    assert both.when is None and both.have == "缴费月数：10个月；欠费月数：3个月"
    assert judge(lambda debt: debt <= 1, debt=3).when is None


def test_yes_and_no_are_said_as_such() -> None:
    assert judge(lambda working: ~working, working=True).need == "在职应为否"
    assert judge(lambda working: working, working=False).have == "在职：否"


def test_a_choice_is_said_by_its_chinese_word() -> None:
    found = judge(lambda kind: kind != "employee", kind="employee")
    assert (found.have, found.need) == ("用工形式：劳动合同用工", "用工形式不是劳动合同用工")
    assert judge(lambda kind: kind == "intern", kind="employee").need == "用工形式是实习"


def test_of_a_choice_only_the_branch_that_was_taken_is_said() -> None:
    found = judge(lambda working, paid, age: when(working, paid >= 12, age >= 720), working=True, paid=10, age="20y0m")
    assert found.have == "缴费月数：10个月"


def test_a_condition_without_its_facts_names_them() -> None:
    found = judge(lambda paid, age: (paid >= 12) & (age >= 720), paid=10)
    assert found.holds is None and found.asks == ("年龄",)


def test_growth_is_by_month_or_by_year() -> None:
    with pytest.raises(BadInput, match="grows"):
        read_input("paid", {"label": "缴费月数", "unit": "months", "grows": "week"})
