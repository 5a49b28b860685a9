"""The law over HTTP: the same lines, the same answers, open to everybody."""

import pytest

pytestmark = pytest.mark.django_db
URL = "/api/v1/policies"


def post(client, path, body):
    return client.post(f"{URL}{path}", body, content_type="application/json")


def test_a_line_of_the_command_is_a_request(client):
    line = {"policy": "contribution", "on": "2026-11-24", "inputs": {"wage": "6500", "place": "quzhou"}}
    answer = post(client, "/evaluate", line)
    assert answer.status_code == 200
    assert answer.json()["outputs"]["pension_unit"] == "1040.00" and answer.json()["version"] and answer.json()["steps"]
    assert post(client, "/contribution/evaluate", line).json() == answer.json()


def test_a_refusal_names_field_rule_and_what_is_accepted(client):
    answer = post(client, "/evaluate", {"policy": "contribution", "inputs": {"wage": "很多"}})
    assert answer.status_code == 422
    assert "月工资" in answer.content.decode() and "第九条" in answer.content.decode() and "6500.00" in answer.content.decode()
    assert post(client, "/evaluate", {"policy": "none", "inputs": {}}).status_code == 422
    assert post(client, "/evaluate", '{"policy": "contribution", "inputs": {"wage": NaN}}').status_code == 400


def test_every_policy_is_described(client):
    found = client.get(URL).json()
    assert {one["policy"] for one in found} >= {"employee_pension", "unemployment_months", "injury_benefit", "minimum_wage"}
    for one in found:
        assert all(item["label"] and item["type"] and item["unit"] and item["accepts"] for item in one["inputs"])
        assert all(item["article"] and item["label"] for item in one["outputs"])
        assert all(value["source"] and value["confidence"] for item in one["values"] for value in item["values"])
        assert all(item["values"] or item["document"] for item in one["values"])
        assert one["columns"] is not any(item["list"] for item in one["inputs"])
