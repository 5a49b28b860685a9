"""Where a value of law comes from: residents read the name of a document; how sure we are stands apart from it."""

import dataclasses
import re

import pytest
from django.test import Client
from django.utils import timezone

from renshe.kernel.policy import queries
from renshe.kernel.policy.engine.check import check
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.explain import explain
from renshe.kernel.policy.engine.values import CONFIDENCES, DatedTable, DatedValue, is_source
from renshe.kernel.policy.registry import policies

OF_OURS = re.compile("记忆|未见原|推得")


def everything() -> list[tuple[str, DatedValue | DatedTable]]:
    values = [(f"{policy.name}.{one.name}", value) for policy in policies().values() for one in policy.parameters.values() for value in one.values]
    tables = [(f"{policy.name}.{one.name}", one) for policy in policies().values() for line in policy.tables.values() for one in line]
    return [*values, *tables]


def test_every_source_names_a_document_and_every_confidence_is_one_of_the_words():
    assert len(everything()) > 300
    for name, one in everything():
        assert one.confidence in CONFIDENCES and one.confidence != "entered", name
        assert is_source(one.source), (name, one.source)


@pytest.mark.parametrize("text", ["凭记忆整理，未见原文", "国发〔2015〕2号（未见原文）", "由下限推得", "据说", "某办法，待核"])
def test_a_source_that_is_none_fails_the_check(text):
    """What is only remembered is `unread`, with the name of the document; what is derived says so in the note."""
    assert not is_source(text)
    policy = policies()["retirement_min_years"]
    parameter = next(iter(policy.parameters.values()))
    spoilt = dataclasses.replace(parameter, values=(dataclasses.replace(parameter.values[0], source=text),))
    broken = dataclasses.replace(policy, parameters={**policy.parameters, parameter.name: spoilt}, _shelves={})
    assert any(text in line for line in check(broken, timezone.localdate()))


def test_what_nobody_read_is_not_called_checked_however_sure():
    unread = [(name, one) for name, one in everything() if one.unread]
    assert len(unread) > 50 and {one.confidence for _, one in unread} >= {"high", "medium", "low"}
    for name, one in unread:
        assert not one.is_certain and one.certainty != "已核对", name
    found = evaluate(policies()["invalidity"], {
        "group": "male", "birth": "1970-01", "claim": "2026-11", "months": 300, "paid_months": 300, "avg_index": "1", "account_balance": "90000",
        "full_loss": True, "base": "8000",
    }, on=timezone.localdate(), place="330800")
    sources = [source for step in explain(found.law, found.inputs, found.results) for source in step.sources]
    assert any(source.origin == "人社部发〔2024〕72号" and not source.certain for source in sources)


@pytest.mark.django_db
def test_officers_see_what_to_check_and_residents_never_how_it_was_gathered():
    known = {parameter.name for _, parameter, _ in queries.uncertain(timezone.localdate(), "330800")}
    assert {"shortest_months", "unit_rate"} <= known, "sure, but nobody has opened the document"
    client = Client()
    for name in policies():
        page = client.get(f"/open/policies/{name}").content.decode()
        assert not OF_OURS.search(page), name
