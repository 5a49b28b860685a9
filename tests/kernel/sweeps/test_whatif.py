"""What if: a draft says the same as the law would once it is issued, small groups are marked, and a page shows it."""

import dataclasses
import datetime
import importlib.util
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renshe.kernel.access.terms import Role
from renshe.kernel.common.verdict import Refused
from renshe.kernel.policy.engine.draft import Change, DraftError, drafted, reach
from renshe.kernel.policy.engine.draft import change as read_change
from renshe.kernel.policy.engine.notation import formula_text
from renshe.kernel.policy.engine.policy import Policy, load
from renshe.kernel.policy.engine.uses import joined
from renshe.kernel.policy.engine.values import DatedValue
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.sweeps import actions, queries, running, weighing
from renshe.kernel.sweeps.facts import ready
from renshe.kernel.sweeps.judging import judged
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import DraftState
from tests.factories import WHOLE_CITY, acting, an_officer, signed_in
from tests.kernel.policy.test_notation import terms
from tests.kernel.sweeps.conftest import ON

NEXT = datetime.date(2027, 1, 1)


@pytest.fixture
def swept_city(small_city):
    running.run(running.prepared(ON))
    return small_city


RAISED = {"kind": "value", "name": "pension_rate_person", "value": "0.09"}


def a_draft(**changes) -> Draft:
    given = {"title": "提高个人缴费比例", "policy": "contribution", "output": "pension_person", "place": "330800", "valid_from": "2027-01-01",
             "changes": [RAISED]}
    return actions.propose(**{**given, **changes}, actor=acting(an_officer(Role.OPERATOR)))


def to_be_weighed(**changes) -> Draft:
    return actions.have_weighed(a_draft(**changes).pk, actor=acting(an_officer(Role.OPERATOR)))


def weighed(draft: Draft) -> dict:
    assert actions.weigh_waiting()
    draft.refresh_from_db()
    assert draft.state == DraftState.DONE, draft.fault
    return draft.result


def test_a_draft_comes_to_what_the_law_would_once_the_value_is_in_force(swept_city):
    """Cost before and after are the sums that the law, and the law with the value entered, give everybody."""
    found = weighed(to_be_weighed())
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
    found = weighed(to_be_weighed())
    year = next(line for line in found["years"] if line["year"] == found["year"])
    for rows in found["groups"].values():
        assert sum(row["more"] for row in rows) == year["more"]
        assert all(row["small"] == any(0 < row[name] < 10 for name in ("more", "less")) for row in rows)
    assert any(row["small"] for rows in found["groups"].values() for row in rows), "a small city has small groups"


def test_who_does_not_see_the_citys_records_is_told_of_groups_only_what_the_steps_of_their_cells_tell(swept_city):
    draft = to_be_weighed()
    weighed(draft)
    draft.refresh_from_db()
    exact, told = queries.result(draft, WHOLE_CITY), queries.result(draft, acting(an_officer(Role.REVIEWER, division="330802")))
    assert "told" not in told and "gained" not in str(told["groups"]) and told["asked"] is None and exact["asked"]
    for by, rows in told["groups"].items():
        known = {row["key"]: row for row in exact["groups"][by]}
        assert {row["key"] for row in rows} >= set(known), "a group in which nobody is asked looks like one with a few"
        widths = {row[name][1] - row[name][0] for row in rows for name in weighing.TOLD}
        assert len(widths) == 1 and widths.pop() % 9 == 0, "as many cells in each group, empty or not"
        for row in rows:
            assert row["same"] is row["unknown"] is None, "what makes up a whole with others is held back"
            for name in weighing.TOLD:
                assert row[name][0] % 10 == 0 and row[name][0] <= known.get(row["key"], {name: 0})[name] <= row[name][1]


def test_a_formula_of_another_day():
    """Switching to the formula of another day judges as the law of that day did, from the draft's day on."""
    known = policies()["unemployment_months"]
    name = next(rule.name for rule in known.rules if sum(one.name == rule.name for one in known.rules) > 1)
    old = min((rule for rule in known.rules if rule.name == name), key=lambda rule: rule.since)
    change = Change("switch", name, since=old.since.isoformat())
    made = drafted(folders(), known.name, [change], "330800", NEXT).policy
    assert made.rules_on(NEXT)[name].formula is old.formula
    assert made.rules_on(ON)[name].formula is known.rules_on(ON)[name].formula
    assert made.law(NEXT, "330800").version != known.law(NEXT, "330800").version


def issued(folder: Path, name: str, owner: str, *, edit=None, rule: str = "", text: str = "") -> Policy:
    """A policy once its folder (or one it uses) is edited, written to disk and read as every folder is."""
    near = {one: folders()[one] for one in reach(folders(), name)}
    source = Path(importlib.util.find_spec(near[owner].rules[0].formula.__module__).origin).parent
    told = yaml.safe_load((source / "policy.yaml").read_text(encoding="utf-8"))
    lines = (source / "formula.py").read_text(encoding="utf-8")
    if edit:
        edit(told)
    if text:
        old = formula_text(next(one for one in near[owner].rules if one.name == rule))
        lines = lines.replace(old, text).replace("tree import greatest", "tree import rounded, greatest") + "\nfrom fractions import Fraction\n"
        assert text in lines
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    (folder / "formula.py").write_text(lines, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("issued_formula", folder / "formula.py")
    formula = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(formula)
    return joined({**near, owner: load(folder, formula)})[name]


def rates(value: str):
    def edit(told: dict) -> None:
        line = {"from": NEXT, "value": value, "source": "文件", "confidence": "high", "place": "330800"}
        told["values"]["pension_rate_person"]["values"].append(line)
    return {"kind": "value", "name": "pension_rate_person", "value": value}, "contribution", "contribution", {"edit": edit}


def bases(term: str):
    text = f"def base(wage, base_floor, base_cap):\n    return {term}\n"
    return {"kind": "formula", "name": "base", "text": text}, "contribution", "contribution", {"rule": "base", "text": text}


def months(shift: int):
    table = folders()["payout_months"].tables["months_at_age"][0]
    rows = {str(key): str(int(value) + shift + (int(key) % 3)) for key, value in table.rows.items()}

    def edit(told: dict) -> None:
        first = told["tables"]["months_at_age"][0]
        told["tables"]["months_at_age"].append({**first, "from": NEXT, "rows": {int(key): value for key, value in rows.items()}})
    return {"kind": "table", "name": "months_at_age", "rows": rows}, "employee_pension", "payout_months", {"edit": edit}


reforms = st.one_of(st.integers(0, 3000).map(lambda one: rates(f"{one / 10000:.4f}")), terms.map(bases), st.integers(-90, 60).map(months))


@settings(max_examples=9, deadline=None, suppress_health_check=list(HealthCheck))
@given(reform=reforms, number=st.uuids())
def test_a_draft_comes_to_what_the_edited_folder_comes_to(swept_city, tmp_path, reform, number):
    """Value, formula or table: cost before and after are the sums by the folder as it is and by the folder edited."""
    change, name, owner, edits = reform
    output = "pension_person" if name == "contribution" else "account"
    real = issued(tmp_path / str(number), name, owner, **edits)
    try:
        made = drafted(folders(), name, [read_change(change)], "330800", NEXT)
    except DraftError as fault:
        assert any(word in str(fault) for word in ("取整", "单位")), fault
        return
    key, one = running.published()["key"], ready(policies()[name], ON, "330800")
    found = weighing.weigh(key, one, made, output, ON, entered)
    edited_one = dataclasses.replace(ready(real, NEXT, "330800"), outputs=one.outputs)
    facts = pl.concat(list(running.facts(key, None)))
    for year in found["years"][1:3]:
        day = datetime.date(year["year"], 12, 31)
        before, after = (_paid(each, facts, day, output) for each in (one, edited_one))
        both = before.is_not_null() & after.is_not_null()
        assert (year["before"], year["after"]) == (before.filter(both).sum() * 12, after.filter(both).sum() * 12)
        assert year["more"] == (after > before).sum() and year["less"] == (after < before).sum()


def _paid(one, facts: pl.DataFrame, day: datetime.date, output: str) -> pl.Series:
    return weighing._amounts(one, judged(one, facts, day, entered), output)


@pytest.mark.parametrize(("change", "field"), [
    ({"changes": [{**RAISED, "value": "百分之九"}]}, "value"), ({"changes": [{**RAISED, "value": ""}]}, "value"),
    ({"changes": [{**RAISED, "name": "nothing"}]}, "name"), ({"changes": [{"kind": "law", "name": "x"}]}, "kind"),
    ({"output": "late_fee"}, "output"), ({"policy": "late_fee"}, "output"), ({"policy": "nothing"}, "policy"), ({"valid_from": "明年"}, "valid_from"),
    ({"title": " "}, "title"), ({"place": "火星"}, "place"), ({"changes": [{"kind": "switch", "name": "base", "since": "2020-01-01"}]}, "since"),
    ({"changes": [{"kind": "formula", "name": "base", "text": "def base(wage):\n    return wage.real\n"}]}, "text"),
    ({"changes": [RAISED] * 21}, "changes"),
])
def test_a_bad_draft_names_the_field(swept_city, change, field):
    with pytest.raises(Refused) as fault:
        a_draft(**change)
    assert fault.value.reasons[0].field == field and not Draft.objects.exists()


def test_what_a_dead_worker_left_is_taken_up_and_a_failure_is_told(swept_city, monkeypatch):
    draft = to_be_weighed()
    Draft.objects.filter(pk=draft.pk).update(state=DraftState.RUNNING, touched_at=timezone.now())
    assert not actions.weigh_waiting(), "somebody works on it"
    with pytest.raises(Refused, match="正在试算"):
        actions.revise(draft.pk, actor=acting(an_officer(Role.OPERATOR)), title="改名")
    Draft.objects.filter(pk=draft.pk).update(touched_at=timezone.now() - timedelta(minutes=5))
    weighed(draft)
    other = to_be_weighed()
    monkeypatch.setattr(running, "published", lambda: None)
    assert actions.weigh_waiting()
    other.refresh_from_db()
    assert other.state == DraftState.FAILED and "还没有测算过" in other.fault


def test_a_draft_the_city_cannot_be_asked_for_says_why(swept_city):
    """A formula over a list, of which the city has no columns, stands, but is not weighed; nor is an empty draft."""
    law = formula_text(next(rule for rule in policies()["injury_death"].rules if rule.name == "funeral"))
    text = law.replace("):", ", survivors):").replace("return ", "return when(count(survivors, lambda one: one == \"spouse\") > 0, 2, 1) * ")
    draft = a_draft(policy="injury_death", output="funeral", changes=[{"kind": "formula", "name": "funeral", "text": text}])
    by = acting(an_officer(Role.OPERATOR))
    with pytest.raises(Refused, match=r"全市算不出“[^”]*丧葬[^”]*”：缺少"):
        actions.have_weighed(draft.pk, actor=by)
    share = " * ".join(["Fraction(1, 999999999999989)"] * 3)
    text = f"def base(wage):\n    return rounded(wage * {share}, \"up\")\n"
    draft = a_draft(changes=[{"kind": "formula", "name": "base", "text": text}])
    with pytest.raises(Refused, match=r"全市算不出.*128位"):
        actions.have_weighed(draft.pk, actor=by)
    with pytest.raises(Refused, match="还没有改动"):
        actions.have_weighed(a_draft(changes=[]).pk, actor=by)


def test_by_page(swept_city):
    """An officer drafts a formula, is told at once what is wrong, sees both side by side and the known persons, weighs, exports."""
    client = signed_in(an_officer(Role.REVIEWER))
    assert "企业职工基本养老金" in client.get("/desk/whatif").content.decode()
    head = {"policy": "contribution", "title": "提高比例", "output": "pension_person", "valid_from": "2027-01-01"}
    assert client.post("/desk/whatif", {**head, "title": ""}).status_code == 422
    page = client.post("/desk/whatif", head).headers["Location"]
    text = client.get(page).content.decode()
    assert "还没有改动" in text and "基本养老保险个人费率" in text
    assert client.post(page, {"deed": "weigh"}).status_code == 422
    form = client.get(f"{page}/formula/base").content.decode()
    assert ("def base(wage, base_floor, base_cap):" in form and "缴费工资" in form) or "月工资" in form
    bad = "def base(wage, base_floor, base_cap):\n    return greatest(wage, base_floor) * 0.9\n"
    told = client.post(f"{page}/formula/base/check", {"text": bad}).content.decode()
    assert "第2行第41列" in told and "<mark>0.9</mark>" in told and "Fraction(&quot;0.9&quot;)" in told and "<html" not in told
    assert client.post(f"{page}/formula/base", {"text": bad}).status_code == 422 and Draft.objects.get().changes == []
    good = bad.replace("* 0.9", "* 9 // 10")
    told = client.post(f"{page}/formula/base/check", {"text": good}).content.decode()
    assert "可以成立" in told and "个结果会变" in told and "<b>5,850.00元</b>" in told and Draft.objects.get().changes == []
    assert client.post(f"{page}/formula/base", {"text": good}).headers["Location"] == page
    assert client.post(f"{page}/value/pension_rate_person", {"value": "九"}).status_code == 422
    assert client.post(f"{page}/value/pension_rate_person", {"value": "0.09"}).status_code == 302
    text = client.get(page).content.decode()
    assert "greatest(wage, base_floor) * 9 // 10" in text and "−" in text and "9%" in text and "个结果会变" in text
    client.post(page, {"deed": "drop", "kind": "formula", "name": "base"})
    draft = Draft.objects.get()
    assert [one["kind"] for one in draft.changes] == ["value"]
    assert client.get(f"{page}/formula/nothing").status_code == client.get(f"{page}/law/base").status_code == 404
    client.post(page, {"deed": "weigh"})
    assert "等待试算" in client.get(page).content.decode()
    weighed(draft)
    assert client.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    text = client.get(page).content.decode()
    assert "每年要多少钱" in text and "增加" in text and "人数少" in text and "没有人继续缴费" in text and "585.00元" in text
    assert client.get(page, {"export": "1"}).headers["Content-Type"].startswith("application/vnd")
    assert "提高比例" in client.get("/desk/whatif", {"q": "比例"}).content.decode()
    client.post(page, {"deed": "revise", "title": "再提高"})
    draft.refresh_from_db()
    assert (draft.title, draft.state, draft.result) == ("再提高", DraftState.EDITING, None)
    assert client.post(page, {"deed": "discard"}).status_code == 302 and not Draft.objects.exists()
    assert signed_in(an_officer(Role.CLERK)).get("/desk/whatif").status_code == 403


def test_rows_of_a_table_on_the_page(swept_city):
    client = signed_in(an_officer(Role.OPERATOR))
    draft = a_draft(policy="employee_pension", output="total", changes=[])
    page = f"/desk/whatif/{draft.pk}/table/months_at_age"
    form = client.get(page).content.decode()
    assert "计发月数" in form and 'value="60"' in form
    table = policies()["employee_pension"].tables["months_at_age"][0]
    keys, rows = [str(key) for key in table.rows], [str(table.unit.write(value)) for value in table.rows.values()]
    rows[keys.index("60")] = "130"
    sent = {"key": [*keys, "71", "", ""], "row": [*rows, "50", "", ""], "gone": [str(keys.index("40"))]}
    told = client.post(f"{page}/check", sent).content.decode()
    assert "删去" in told and "没有这一行" in told and "草案" in told and "个结果会变" in told
    assert client.post(f"{page}/check", {**sent, "key": [*keys, "60", "", ""]}).content.decode().count("有两行") == 1
    assert "不能作一行的键" in client.post(f"{page}/check", {**sent, "key": [*keys, "七十", "", ""]}).content.decode()
    assert client.post(page, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.changes[0]["rows"]["60"] == "130" and "40" not in draft.changes[0]["rows"] and draft.changes[0]["rows"]["71"] == "50"
    assert "value=\"130\"" in client.get(page).content.decode()


def test_by_program(swept_city):
    """Read what may be changed, try, save, change, weigh, read, delete; a bad formula comes back with line and column."""
    client = signed_in(an_officer(Role.REVIEWER))
    def send(method, path, body=None):
        return getattr(client, method)(f"/api/v1/whatif{path}", body, content_type="application/json")
    source = send("get", "/sources/contribution").json()
    base = next(one for one in source["formulas"] if one["name"] == "base")
    assert {"name": "pension_person", "label": "基本养老保险个人缴费"} in source["outputs"] and base["text"].startswith("def base(")
    assert any(one["rows"]["60"] == "139" for one in send("get", "/sources/payout_months").json()["tables"])
    head = {"policy": "contribution", "output": "pension_person", "valid_from": "2027-01-01"}
    bad = {"kind": "formula", "name": "base", "text": base["text"].replace("base_cap)\n", "base_cap) + wages\n")}
    fault = send("post", "/trials", {**head, "changes": [bad]}).json()["fault"]
    assert fault["line"] == 2 and "wages" in fault["text"] and "wage" in fault["accepts"]
    good = {"kind": "formula", "name": "base", "text": base["text"].replace("return ", "return 100 + ")}
    tried = send("post", "/trials", {**head, "changes": [good, RAISED]}).json()
    assert tried["fault"] is None and tried["unswept"] == "" and tried["cases"][0]["differences"][0]["label"] and not Draft.objects.exists()
    assert [line["sign"] for line in tried["beside"][0]["lines"]] == ["same", "changed"] and tried["beside"][1]["rows"][0]["after"] == "9%"
    assert send("post", "", {**head, "title": "试", "changes": [bad]}).status_code == 422
    made = send("post", "", {**head, "title": "试", "changes": [good]})
    assert made.status_code == 201 and made.json()["state"] == "editing" and made.json()["result"] is None
    path = f"/{made.json()['id']}"
    assert send("patch", path, {"changes": [good, RAISED], "title": "再试"}).json()["title"] == "再试"
    assert send("patch", path, {"output": "nothing"}).status_code == 422
    assert len(send("get", f"{path}/cases").json()["cases"]) > 5
    assert send("post", f"{path}/weigh").status_code == 202 and send("post", f"{path}/weigh").json()["state"] == "waiting"
    draft = Draft.objects.get()
    weighed(draft)
    answer = send("get", path).json()
    assert answer["state"] == "done" and answer["changes"] == draft.changes and len(send("get", "").json()) == 1
    assert answer["result"]["draft_version"] != answer["result"]["version"]
    assert send("delete", path).status_code == 204 and send("get", path).status_code == 404
    assert send("post", "/trials", {**head, "policy": "nothing"}).status_code == 404 and send("get", "/sources/nothing").status_code == 404
    assert send("post", "/trials", {**head, "place": "火星"}).json()["fault"]["field"] == "place"
