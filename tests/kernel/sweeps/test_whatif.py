"""What if: a draft says the same as the law would once it is issued, small groups are marked, and a page shows it."""

import datetime
from datetime import timedelta

import polars as pl
import pytest
from django.utils import timezone

from renshe.kernel.access.terms import Role
from renshe.kernel.common.verdict import Refused
from renshe.kernel.policy.engine.values import DatedValue
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import actions, queries, running, weighing
from renshe.kernel.sweeps.facts import ready
from renshe.kernel.sweeps.judging import judged
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import DraftState
from tests.factories import WHOLE_CITY, acting, an_officer, signed_in
from tests.kernel.sweeps.conftest import ON

NEXT = datetime.date(2027, 1, 1)


@pytest.fixture
def swept_city(small_city):
    running.run(running.prepared(ON))
    return small_city


def a_draft(**changes) -> Draft:
    given = {"title": "提高个人缴费比例", "policy": "contribution", "output": "pension_person", "parameter": "pension_rate_person",
             "place": "330800", "valid_from": "2027-01-01", "value": "0.09"}
    return actions.propose(**{**given, **changes}, actor=acting(an_officer(Role.OPERATOR)))


def weighed(draft: Draft) -> dict:
    assert actions.weigh_waiting()
    draft.refresh_from_db()
    assert draft.state == DraftState.DONE, draft.fault
    return draft.result


def test_a_draft_comes_to_what_the_law_would_once_the_value_is_in_force(swept_city):
    """Cost before and after are the sums that the law, and the law with the value entered, give everybody."""
    found = weighed(a_draft())
    said = running.published()
    facts = pl.concat(list(running.facts(said["key"], None)))
    one = ready(policies()["contribution"], ON, "330800")
    later = datetime.date(2027, 12, 31)
    value = policies()["contribution"].parameters["pension_rate_person"].unit.read("0.09")
    confirmed = (("pension_rate_person", DatedValue(value, NEXT, None, "文件", "entered", place="330800")),)
    before = judged(one, facts, later, entered)["pension_person"].sum() * 12
    after = judged(one, facts, later, lambda place: confirmed)["pension_person"].sum() * 12
    year = next(line for line in found["years"] if line["year"] == 2027)
    assert (year["before"], year["after"]) == (before, after) and after > before > 0
    first = found["years"][0]
    assert first["before"] == first["after"] and first["more"] == first["less"] == 0, "not yet in force in 2026"
    assert year["more"] == sum(1 for _ in judged(one, facts, later, entered).iter_rows()) and year["less"] == 0
    assert year["gained"] == after - before


def test_groups_add_up_and_small_ones_are_marked(swept_city):
    found = weighed(a_draft())
    year = next(line for line in found["years"] if line["year"] == found["year"])
    for rows in found["groups"].values():
        assert sum(row["more"] for row in rows) == year["more"]
        assert all(row["small"] == any(0 < row[name] < 10 for name in ("more", "less")) for row in rows)
    assert any(row["small"] for rows in found["groups"].values() for row in rows), "a small city has small groups"


def test_who_does_not_see_the_citys_records_is_told_of_groups_only_what_the_steps_of_their_cells_tell(swept_city):
    draft = a_draft()
    weighed(draft)
    draft.refresh_from_db()
    exact, told = queries.result(draft, WHOLE_CITY), queries.result(draft, acting(an_officer(Role.REVIEWER, division="330802")))
    assert "told" not in told and "gained" not in str(told["groups"]) and told["asked"] != exact["asked"]
    for by, rows in told["groups"].items():
        known = {row["key"]: row for row in exact["groups"][by]}
        assert {row["key"] for row in rows} >= set(known), "a group in which nobody is asked looks like one with a few"
        widths = {row[name][1] - row[name][0] for row in rows for name in weighing.COUNTS}
        assert len(widths) == 1 and widths.pop() % 9 == 0, "as many cells in each group, empty or not"
        for row in rows:
            for name in weighing.COUNTS:
                assert row[name][0] % 10 == 0 and row[name][0] <= known.get(row["key"], {name: 0})[name] <= row[name][1]


def test_a_formula_of_another_day(monkeypatch):
    """Switching to the formula of another day judges as the law of that day did, from the draft's day on."""
    known = next(one for one in policies().values() if weighing.versions(one))
    name, _, since = weighing.versions(known)[0]
    draft = weighing.Change("330800", NEXT, rule=name, rule_since=since).policy(known)
    old = next(rule for rule in known.rules if rule.name == name and rule.since == since)
    assert draft.rules_on(NEXT)[name].formula is old.formula
    assert draft.rules_on(ON)[name].formula is known.rules_on(ON)[name].formula
    assert draft.law(NEXT, "330800").version != known.law(NEXT, "330800").version


@pytest.mark.parametrize(("change", "field"), [
    ({"value": "百分之九"}, "value"), ({"value": ""}, "value"), ({"parameter": "nothing"}, "parameter"), ({"parameter": ""}, "parameter"),
    ({"output": "late_fee"}, "output"), ({"policy": "late_fee"}, "output"), ({"valid_from": "明年"}, "valid_from"), ({"title": " "}, "title"),
    ({"place": "火星"}, "place"), ({"parameter": "", "rule": "base", "rule_since": "2020-01-01"}, "rule"),
])
def test_a_bad_draft_names_the_field(swept_city, change, field):
    with pytest.raises(Refused) as fault:
        a_draft(**change)
    assert fault.value.reasons[0].field == field and not Draft.objects.exists()


def test_what_a_dead_worker_left_is_taken_up_and_a_failure_is_told(swept_city, monkeypatch):
    draft = a_draft()
    Draft.objects.filter(pk=draft.pk).update(state=DraftState.RUNNING, touched_at=timezone.now())
    assert not actions.weigh_waiting(), "somebody works on it"
    Draft.objects.filter(pk=draft.pk).update(touched_at=timezone.now() - timedelta(minutes=5))
    weighed(draft)
    other = a_draft()
    monkeypatch.setattr(running, "published", lambda: None)
    assert actions.weigh_waiting()
    other.refresh_from_db()
    assert other.state == DraftState.FAILED and "还没有测算过" in other.fault


def test_by_page_and_by_program(swept_city):
    """An officer chooses a policy, changes a value, follows the progress, reads and exports the result, and discards it."""
    client = signed_in(an_officer(Role.REVIEWER))
    assert "企业职工基本养老金" in client.get("/desk/whatif").content.decode()
    bad = client.post("/desk/whatif", {"policy": "contribution", "title": "试", "output": "pension_person", "parameter": "pension_rate_person", "value": "九", "valid_from": "2027-01-01"})
    assert bad.status_code == 422 and "十进制数" in bad.content.decode()
    sent = client.post("/desk/whatif", {
        "policy": "contribution", "title": "提高比例", "output": "pension_person", "parameter": "pension_rate_person", "value": "0.09",
        "valid_from": "2027-01-01",
    })
    page = sent.headers["Location"]
    assert "等待试算" in client.get(page).content.decode()
    draft = Draft.objects.get()
    weighed(draft)
    assert client.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    text = client.get(page).content.decode()
    assert "每年要多少钱" in text and "增加" in text and "人数少" in text and "没有人继续缴费" in text
    assert client.get(page, {"export": "1"}).headers["Content-Type"].startswith("application/vnd")
    assert "提高比例" in client.get("/desk/whatif", {"q": "比例"}).content.decode()
    answer = client.get(f"/api/v1/whatif/{draft.pk}").json()
    assert answer["state"] == "done" and answer["result"]["years"] == draft.result["years"]
    assert client.post(page).status_code == 302 and not Draft.objects.exists()
    assert signed_in(an_officer(Role.CLERK)).get("/desk/whatif").status_code == 403
