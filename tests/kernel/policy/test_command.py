"""`renshe policy` as a program uses it."""

import io
import json
import sys

import pytest
from django.core.management import call_command
from django.db import connection

from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.queries import forget

pytestmark = pytest.mark.django_db


def run(*arguments: str, lines: list[str] | None = None, monkeypatch=None) -> str:
    out = io.StringIO()
    if lines is not None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    call_command("policy", *arguments, stdout=out)
    return out.getvalue()


def test_list_describes_inputs_outputs_and_sourced_values():
    found = {one["policy"]: one for one in json.loads(run("list", "--json"))}
    floor = next(one for one in found["contribution"]["values"] if one["name"] == "base_floor")
    assert {"from": "2025-01-01", "value": "4986.00"}.items() <= floor["values"][-1].items()
    assert all(one["article"] for one in found["contribution"]["outputs"])


def test_evaluate_answers_line_by_line_and_no_bad_line_stops_the_stream(monkeypatch):
    answers = [json.loads(line) for line in run("evaluate", lines=[
        '{"policy": "contribution", "on": "2026-11-24", "inputs": {"wage": "6500"}}', "not json", '{"policy": "x"}',
        '[]', '{"policy": "contribution", "inputs": {"wage": "x"}}',
        '{"policy": "retirement_age", "inputs": {"group": "male", "birth": "1976-09"}}',
    ], monkeypatch=monkeypatch).splitlines()]
    assert answers[0]["outputs"]["base"] == "6500.00" and answers[0]["version"] and answers[0]["steps"]
    assert all("error" in one for one in answers[1:5])
    assert "月工资" in answers[4]["error"]
    assert answers[5]["outputs"]["retire_month"] == "2039-09"


def test_evaluate_works_before_there_is_a_database_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: [])
    monkeypatch.setattr(EnteredValue.objects, "filter", lambda **_: pytest.fail("asked the database"))
    forget()
    line = run("evaluate", lines=['{"policy": "payout_months", "inputs": {"retire_age": "60y1m"}}'], monkeypatch=monkeypatch)
    assert json.loads(line)["outputs"] == {"payout_months": "138.4"}
    assert "尚未建库" in capsys.readouterr().err


def test_check_is_clean():
    assert "没有发现问题" in run("check")


def test_a_refusal_names_the_field_the_rule_and_what_is_accepted(monkeypatch):
    lines = [
        json.dumps({"policy": "contribution", "inputs": {"wage": "-1"}}), json.dumps({"policy": "contribution", "inputs": {}}),
        json.dumps({"policy": "payout_months", "inputs": {"retire_age": "60"}}),
        json.dumps({"policy": "contribution", "inputs": {"wage": "6500", "place": "月球"}}),
    ]
    wage, nothing, age, place = map(json.loads, run("evaluate", lines=lines, monkeypatch=monkeypatch).splitlines())
    assert wage["field"] == "wage" and "不小于" in wage["accepts"] and "第九条" in wage["rules"][0]["article"]
    assert "月工资" in nothing["error"] and nothing["field"]
    assert age["field"] == "retire_age" and "60y1m" in age["accepts"]
    assert place["field"] == "place" and "quzhou" in place["accepts"]


def test_no_line_however_odd_stops_the_others(monkeypatch):
    odd = [
        "[" * 100000, '{"policy": "contribution", "inputs": {"wage": ' + "9" * 5000 + "}}", "null", '"x"', "{",
        '{"policy": "contribution", "inputs": {"wage": NaN}}', '{"policy": "contribution", "on": 5, "inputs": {"wage": "1"}}',
        '{"policy": ["contribution"], "inputs": {}}', '{"policy": "identifier", "inputs": {"kind": "uscc", "value": "\\ud800"}}',
        '{"policy": "contribution", "inputs": {"wage": {"a": 1}}}', '{"policy": "contribution", "inputs": {"wage": "1e9"}}',
        '{"policy": "contribution", "on": "2026-11-24", "inputs": {"wage": 6500.50, "place": "quzhou"}}',
    ]
    answers = [json.loads(line) for line in run("evaluate", lines=odd, monkeypatch=monkeypatch).splitlines()]
    assert len(answers) == len(odd)
    assert all("error" in one for place, one in enumerate(answers) if place not in (8, 11))
    assert answers[-1]["outputs"]["base"] == "6500.50"


def test_a_missing_value_of_law_names_the_document(monkeypatch):
    line = json.dumps({"policy": "contribution", "on": "2026-11-24", "inputs": {"wage": "6500"}})
    found = json.loads(run("evaluate", lines=[line], monkeypatch=monkeypatch))
    assert "医疗保障局" in found["missing"]["medical_unit"] and found["outputs"]["pension_person"] == "520.00"
