"""Every installed policy: its worked cases, its static checks, its explanations."""

import datetime

import pytest

from renshe.kernel.policy.engine.check import check
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.explain import as_text
from renshe.kernel.policy.registry import policies, policy

PLACE = "330800"
TODAY = datetime.date(2026, 11, 24)
CASES = [(one.name, case) for one in policies().values() for case in one.cases]


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case['name']}" for name, case in CASES])
def test_worked_case(name: str, case: dict) -> None:
    found = evaluate(policy(name), case["inputs"], on=case["day"], place=PLACE)
    assert {key: found.outputs[key] for key in case["outputs"]} == case["outputs"]


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
