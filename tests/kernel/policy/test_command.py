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
