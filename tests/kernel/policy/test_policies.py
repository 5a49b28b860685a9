"""Every installed policy: its worked cases, its static checks, its explanations."""

import datetime
import importlib.util
import re
from pathlib import Path

import pytest

from renshe.kernel.policy.engine.check import check
from renshe.kernel.policy.engine.evaluate import Evaluation, evaluate
from renshe.kernel.policy.engine.explain import as_text
from renshe.kernel.policy.engine.policy import Policy, load
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.registry import policies, policy

GUIDE = Path(__file__).parents[3] / "docs/add-a-policy.md"
PLACE = "330800"
TODAY = datetime.date(2026, 11, 24)
CASES = [(one.name, case) for one in policies().values() for case in one.cases]


def prove(one: Policy, case: dict) -> None:
    """A worked case: its outputs, what is missing, or the words of its refusal."""
    def judged() -> Evaluation:
        return evaluate(one, case["inputs"], on=case["day"], place=case.get("place", PLACE))

    if "error" in case:
        with pytest.raises(BadInput, match=case["error"]):
            judged()
        return
    found = judged()
    wanted = case.get("outputs", {})
    assert {key: found.outputs.get(key) for key in wanted} == wanted
    assert set(case.get("missing", ())) <= found.missing.keys()
    assert all(step.numbers for step in found.steps)


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case['name']}" for name, case in CASES])
def test_worked_case(name: str, case: dict) -> None:
    prove(policy(name), case)


def test_the_example_in_the_guide_is_true(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:yaml|python)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    for name, block in zip(("policy.yaml", "formula.py", "cases.yaml"), blocks, strict=True):
        (tmp_path / name).write_text(block, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("outing_formula", tmp_path / "formula.py")
    formula = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(formula)
    outing = load(tmp_path, formula)
    assert check(outing, TODAY) == []
    for case in outing.cases:
        prove(outing, case)
    text = as_text(evaluate(outing, outing.cases[0]["inputs"], on=TODAY, place="quzhou").steps)
    for words in ("8,200.00元（2025年）", "自2026-01-01起的算法", "一线", "尚需核对"):
        assert words in text
    old = evaluate(outing, {"date": "2025-06-01", "months": ["2025-05"]}, on=TODAY, place="330100")
    assert old.outputs["total"] == "400.00" and old.law.rules["total"].since.year == 1


@pytest.mark.parametrize("name", list(policies()))
def test_nothing_is_wrong_with_a_policy(name: str) -> None:
    assert check(policy(name), TODAY) == []


@pytest.mark.parametrize("name", list(policies()))
def test_every_rule_names_its_article(name: str) -> None:
    assert all(rule.article for rule in policy(name).rules)


def test_a_missing_rate_names_the_document_to_obtain_and_the_rest_is_computed() -> None:
    found = evaluate(policy("contribution"), {"wage": "6500"}, on=TODAY, place=PLACE)
    assert "medical_unit" not in found.outputs
    assert "医疗保障局" in str(found.missing["medical_unit"])
    assert found.outputs["pension_unit"] == "1040.00"


def test_a_day_before_the_first_value_is_missing_not_the_first_value() -> None:
    found = evaluate(policy("contribution"), {"wage": "6500"}, on=datetime.date(2010, 1, 1), place=PLACE)
    assert "base" in found.missing


def test_explanation_shows_numbers_article_and_source() -> None:
    text = as_text(evaluate(policy("contribution"), {"wage": "2660"}, on=TODAY, place=PLACE).steps)
    assert "4,986.00元 × 16%" in text and "797.76元" in text
    assert "社会保险法 第十二条" in text and "浙人社发〔2025〕52号" in text
    assert "尚需核对" in text  # the employer's rate is not certain, and says so


def test_version_changes_with_a_value_and_with_nothing_else() -> None:
    one = evaluate(policy("contribution"), {"wage": "6500"}, on=TODAY, place=PLACE)
    same = evaluate(policy("contribution"), {"wage": "9000"}, on=TODAY, place=PLACE)
    other = evaluate(policy("contribution"), {"wage": "6500", "base_floor": "5000"}, on=TODAY, place=PLACE)
    earlier = evaluate(policy("contribution"), {"wage": "6500"}, on=datetime.date(2023, 5, 1), place=PLACE)
    assert one.version == same.version
    assert len({one.version, other.version, earlier.version}) == 3


def test_a_value_of_law_that_two_policies_use_says_the_same_in_both() -> None:
    seen: dict[str, tuple[str, object]] = {}
    for one in policies().values():
        for parameter in one.parameters.values():
            said = (parameter.label, parameter.unit.key, parameter.article, parameter.values)
            first, known = seen.setdefault(parameter.name, (one.name, said))
            assert known == said, f"{parameter.name}: {first} and {one.name} differ"


def test_a_comparison_reads_as_it_is_written_and_a_remainder_as_people_say_it() -> None:
    text = as_text(evaluate(policy("unemployment_months"), {"paid_months": 64}, on=TODAY, place=PLACE).steps)
    assert "64个月 不小于 12个月" in text  # the person's months on the left, what the law asks on the right
    assert "4个月 ÷ 8个月的余数" in text and "60个月 ÷ 6个月的整数部分" in text
    assert "“缴费满一年”成立，取（10个月 ＋ 1个月）与18个月中较小的" in text


def test_a_text_result_is_a_key_for_programs_and_a_word_for_people() -> None:
    found = evaluate(policy("injury_benefit"), {"grade": 5, "own_wage": "6000"}, on=TODAY, place=PLACE)
    step = next(step for step in found.steps if step.name == "payer")
    assert found.outputs["payer"] == "employer" and step.result == "用人单位"
    assert "fund" not in step.words + step.numbers
