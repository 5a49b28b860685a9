"""Every address as every role, against one readable table: the permission each view names and the grants of roles."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from renshe.apps.insurance.models import Enrolment
from renshe.apps.rights.actions import corrections, decisions
from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import GRANTS, OUTSIDE, Permission, Role
from renshe.kernel.alerts import actions as alerts
from renshe.kernel.cases.evidence import Upload
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger import queries
from renshe.kernel.ledger.models import Checkpoint
from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.queries import forget
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.models import Reading
from renshe.kernel.rosters import actions as rosters
from renshe.kernel.rosters.models import Roster
from renshe.kernel.sharing.models import Agreement
from renshe.kernel.subjects.queries import citizen_id
from renshe.kernel.sweeps.models import Draft
from renshe.portals.open.api import api
from renshe.portals.resident import explained as explanations
from renshe_verify import verify
from tests.apps.planning.factories import a_plan_published
from tests.factories import a_hire, a_person, a_resident, acting, an_employer, an_officer, signed_in
from tests.journeys.test_roster import hired
from tests.kernel.rosters.test_workbook import made

pytestmark = pytest.mark.django_db(transaction=True)


def addresses(resolver=None, prefix="", namespace=""):
    """Name, pattern and view of every page (the API has its own guard, tested by its contract)."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", prefix + str(one.pattern), one.callback
        elif one.namespace != "api":
            space = f"{one.namespace}:" if one.namespace else ""
            yield from addresses(one, prefix + str(one.pattern), namespace + space)


PAGES = {name: view for name, pattern, view in addresses()}


@pytest.fixture
def world():
    """An employer with one hire, one case at the desk, a roster; a resident; every kind of officer."""
    organisation, hr = an_employer()
    entries = []
    for changes in ({}, {"hired_on": "2026-08-01"}):
        declaration, faults = HIRE.declaration.parse(a_hire(wage="6537", **changes))
        assert declaration, faults
        entries.append((None, declaration))
    HIRE.settle(entries, organisation=organisation, actor=acting(hr), channel=Channel.FORM)
    rosters.receive(made([hired()]), "a.xlsx", "hire", organisation=organisation, actor=acting(hr))
    rosters.settle(Roster.objects.get().pk)
    ledger.sequence()
    decided = Case.objects.filter(state="decided").order_by("id").first()
    person, resident = a_resident(decided.person)
    accounts = {Role.EMPLOYER: hr, Role.RESIDENT: resident}
    accounts |= {role: an_officer(role) for role in Role if role not in OUTSIDE}
    plan = a_plan_published()
    asked = corrections.ask(
        person, field="name", ref="", right="张晓明", reason="身份证上是晓", uploads=[Upload("a.jpg", b"\xff\xd8\xff")],
        actor=acting(resident), channel=Channel.FORM,
    )
    explained = decisions.explain(
        person, explanations.decision(person, "benefit", "unemployment_right", {}), actor=acting(resident), channel=Channel.FORM
    )
    own = {"number": asked.number, "file_id": asked.files.get().pk, "kind": "benefit", "name": "unemployment_right", "field": "phone"}
    log_readings(acting(accounts[Role.CLERK]), [person.pk], purpose="稽核", what="参保记录")
    reading = Reading.objects.get()
    alert = alerts.question(reading, "那天我没有办事", actor=acting(resident))
    return accounts, {
        "agreement_id": an_agreement().pk, "own": {"": own, "resident:review": {"number": explained.number}},
        "reading_id": reading.pk, "alert_id": alert.pk,
        "plan_id": plan.pk, "target_id": plan.targets.earliest("position").pk, "work_id": plan.works.earliest("position").pk,
        "draft_id": a_draft(accounts[Role.OPERATOR]).pk, "number": decided.number, "account_id": hr.pk, "export_id": 1, "person_id": person.pk, "roster_id": Roster.objects.get().pk, "key": "hire",
        "enrolment_id": Enrolment.objects.order_by("id").first().pk, "name": "contribution", "benefit": "unemployment_right", "guide": "injury", "rest": "0/000.p/1",
        "kind": "formula", "changed": "base", "indicator": "employment.staff", "position": 0, "size": Checkpoint.objects.latest("size").size,
    }


def an_agreement():
    """An agreement that waits for a second person."""
    now = timezone.now()
    return Agreement.objects.create(
        recipient="民政部门", purpose="核对低保家庭", legal_basis="社会救助暂行办法", columns=["insured"], clear=[], division="330802",
        population="residents", valid_from=now.date(), valid_until=now.date(), state="proposed", proposed_by_id=1,
        proposed_by_name="某人", proposed_at=now,
    )


def a_draft(officer):
    """A draft of law, not yet weighed."""
    now = timezone.now()
    return Draft.objects.create(
        title="试算", policy="contribution", output="pension_person", place="330800", valid_from=now.date(),
        changes=[{"kind": "value", "name": "pension_rate_person", "value": "0.09"}], created_by=officer, created_at=now, touched_at=now,
    )


OWN = {  # addresses whose words mean something else than elsewhere
    "resident:request": ("number",), "resident:review": ("number",), "resident:request_file": ("number", "file_id"),
    "desk:case_file": ("number", "file_id"), "resident:decision": ("kind", "name"), "resident:correction": ("field",),
}


def address(name: str, things: dict) -> str:
    if name in OWN:
        return reverse(name, kwargs={key: things["own"][name if name == "resident:review" else ""][key] for key in OWN[name]})
    for keys in ([], ["number"], ["key"], ["person_id"], ["account_id"], ["export_id"], ["roster_id"], ["enrolment_id"], ["name"], ["rest"], ["position"], ["size"], ["indicator"],
                 ["plan_id"], ["target_id"], ["work_id"], ["draft_id"], ["draft_id", "kind", "changed"],
                 ["reading_id"], ["alert_id"], ["benefit"], ["guide"], ["agreement_id"]):
        try:
            return reverse(name, kwargs={key: things[key] for key in keys})
        except Exception:
            continue
    raise AssertionError(f"how is {name} reached?")


def test_every_page_names_its_permission():
    assert len(PAGES) > 30
    assert [name for name, view in PAGES.items() if not isinstance(getattr(view, "permission", None), Permission)] == []


TABLE = Path(__file__).parents[1] / "docs/permissions.md"
HEAD = """# Who may open what

Every page and every operation of the API, asked for as every role over HTTP; a test compares the answers with this table,
so a new address without a row fails. `●` may, `·` may not (the answer is the sign-in page, or a plain refusal).
Renew with `RENEW_PERMISSIONS=1 pytest tests/test_access.py -k every_address`, and read the difference.
"""


def operations():
    """Method, address and name of every operation of the API, as its own document lists them."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield method.upper(), path


def observed(world) -> str:
    """The table as the platform answers it."""
    accounts, things = world
    clients = {role: signed_in(account) for role, account in accounts.items()}
    columns = [None, *Role]
    lines = [f"| address | {' | '.join(role.label if role else '访客' for role in columns)} |", "| --- " * (len(columns) + 1) + "|"]
    for name, view in PAGES.items():
        if name == "logout":  # would end the sessions of this walk
            continue
        marks = []
        for role in columns:
            status = (clients[role] if role else Client()).get(address(name, things), follow=False)
            refused = status.status_code == 403 or (status.status_code == 302 and "/login?next" in status.headers["Location"])
            marks.append("·" if refused else "●")
        lines.append(f"| `{name}` {view.permission.label} | {' | '.join(marks)} |")
    for method, path in operations():
        marks = []
        for role in columns:
            target = re.sub(r"\{(\w+)\}", lambda match: str(things.get(match[1], "1")), path)
            answer = (clients[role] if role else Client()).generic(method, target, "{}", content_type="application/json")
            marks.append("·" if answer.status_code in (401, 403) else "●")
        lines.append(f"| `{method} {path}` | {' | '.join(marks)} |")
    return f"{HEAD}\n" + "\n".join(lines) + "\n"


def test_every_address_as_every_role_answers_as_the_table_says(world):
    found = observed(world)
    if os.environ.get("RENEW_PERMISSIONS"):
        TABLE.write_text(found, encoding="utf-8")
    assert found.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_says_what_the_grants_say(world):
    """What a page names as its permission and what roles are granted is what the table shows."""
    rows = dict(re.findall(r"^\| `([\w:]+)` [^|]*\| (.*) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    for name, view in PAGES.items():
        if name == "logout":
            continue
        marks = rows[name].split(" | ")
        for role, mark in zip([None, *Role], marks, strict=True):
            granted = {Permission.OPEN} | ({Permission.SIGNED_IN} | GRANTS[role] if role else set())
            assert (mark == "●") == (view.permission in granted), (name, role)


def test_nobody_sees_another_employers_or_another_divisions_things(world):
    _, things = world
    stranger = signed_in(an_employer()[1])
    for name in ("employer:case", "employer:employee", "employer:roster", "employer:result", "open:receipt", "open:bundle",
                 "open:court_page", "open:court_paper", "open:tlog_proof"):
        assert stranger.get(address(name, things)).status_code == 404, name
    elsewhere = signed_in(an_officer(Role.CLERK, division="330825"))
    assert elsewhere.get(address("desk:case", things)).status_code == 404
    assert things["number"] not in elsewhere.get("/desk/?show=closed").content.decode()


WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")
NOTED = '"django_session"'


def test_pages_that_only_read_are_proved_so(world, monkeypatch):
    """None writes of the business, and each is shown though not even the visit can be noted."""
    accounts, things = world
    clients = {role: signed_in(account) for role, account in accounts.items()}

    def no_writes(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            if NOTED in sql:
                noted.append(sql)
                raise OperationalError("database or disk is full")
            raise AssertionError(f"a reading page writes: {sql[:90]}")
        return execute(sql, params, many, context)

    proved, noted = 0, list[str]()
    for client in clients.values():
        client.get("/account")  # a visit begins
    monkeypatch.setattr("renshe.kernel.access.visits.NOTE_EVERY", -1)  # every page notes that the visit goes on
    for name, view in PAGES.items():
        if not getattr(view, "only_reads", False):
            continue
        role = next((role for role in accounts if view.permission in GRANTS[role]), Role.EMPLOYER)
        with connection.execute_wrapper(no_writes):
            status = clients[role].get(address(name, things)).status_code
        assert status in (200, 302, 405), (name, status)
        proved += 1
    assert proved >= 18 and len(noted) >= 18


QUERIES = Path(__file__).parent / "query_counts.json"


def test_query_counts_of_every_reading_page(world, monkeypatch):
    """One file holds what every reading page asks of the database; RENEW_QUERY_COUNTS=1 writes it anew."""
    monkeypatch.setattr("renshe.kernel.store.fresh.time", SimpleNamespace(monotonic=lambda: 0.0))  # nothing kept runs out meanwhile
    monkeypatch.setattr("renshe.kernel.access.visits.NOTE_EVERY", float("inf"))  # nor is anybody's being there noted
    accounts, things = world
    clients = {role: signed_in(account) for role, account in accounts.items()}
    counted = {}
    for name, view in PAGES.items():
        if not getattr(view, "only_reads", False):
            continue
        role = next((role for role in accounts if view.permission in GRANTS[role]), Role.EMPLOYER)
        target = address(name, things)
        forget()  # values of law are kept for some seconds: let those start now
        clients[role].get(target)  # warm: values of law and templates are read once a process
        with CaptureQueriesContext(connection) as queries:
            clients[role].get(target)
        counted[name] = sum(not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")) for query in queries)
    if os.environ.get("RENEW_QUERY_COUNTS"):
        QUERIES.write_text(json.dumps(counted, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counted == json.loads(QUERIES.read_text(encoding="utf-8")), "run: RENEW_QUERY_COUNTS=1 pytest -k query_counts"


def test_no_page_of_officers_shows_somebody_in_clear_without_a_noted_reading(world):
    """Class 3 and above: name, number, phone, wage. Each page is asked as every officer it lets in."""
    accounts, things = world
    person = Case.objects.get(number=things["number"]).person
    wage = r"(?<!\w)6,?537(?!\w)"  # alone: the same digits may stand inside an identifier
    clear = re.compile("|".join((re.escape(person.name), citizen_id(person), "13800000000", wage)))
    silent, shown = [], set()
    for role in (role for role in accounts if role not in OUTSIDE):
        client = signed_in(accounts[role])
        if role in (Role.CLERK, Role.REVIEWER):
            client.post("/desk/persons", {"q": citizen_id(person), "purpose": "稽核"})
        for name, view in PAGES.items():
            if view.permission not in GRANTS[role] | {Permission.SIGNED_IN, Permission.OPEN} or "plan" in name or name == "logout":
                continue
            before = Reading.objects.filter(person_id=person.pk).count()
            answer = client.get(address(name, things))
            text = "" if answer.streaming else answer.content.decode(errors="ignore")
            if answer.status_code == 200 and clear.search(text):
                shown.add(name)
                noted = Reading.objects.filter(person_id=person.pk).order_by("-id")[: Reading.objects.filter(person_id=person.pk).count() - before]
                if not [one for one in noted if one.purpose and one.reader_id == accounts[role].pk]:
                    silent.append((str(role), name))
    assert {"desk:case", "desk:person_record"} <= shown  # the walk does meet clear data
    assert silent == []


def test_reading_a_record_is_shown_to_the_person(world):
    accounts, things = world
    clerk = signed_in(accounts[Role.CLERK])
    assert clerk.post("/desk/persons", {"q": "张小明", "purpose": ""}).status_code == 422
    assert clerk.get(f"/desk/persons/{things['person_id']}").status_code == 302  # no purpose named yet
    clerk.post("/desk/persons", {"q": "张小明", "purpose": "稽核"})
    assert clerk.get(f"/desk/persons/{things['person_id']}").status_code == 200
    page = signed_in(accounts[Role.RESIDENT]).get("/me/readings").content.decode()
    assert "稽核" in page and "参保、合同与社保卡记录" in page and "窗口经办" in page


def test_a_reading_for_a_case_names_the_case_and_only_its_person(world):
    accounts, things = world
    clerk, case = signed_in(accounts[Role.CLERK]), Case.objects.get(number=things["number"])
    other = a_person(name=case.person.name)
    look = {"q": case.person.name, "purpose": "办理办件"}
    for number in ("", "330802-000000-0000000000"):
        refused = clerk.post("/desk/persons", {**look, "number": number})
        assert refused.status_code == 422 and "请写明您管辖内的办件编号" in refused.content.decode()
    assert not Reading.objects.filter(purpose="办理办件", reader_id=accounts[Role.CLERK].pk).exists()
    assert clerk.post("/desk/persons", {**look, "number": case.number}).status_code == 200
    assert clerk.get(f"/desk/persons/{case.person_id}").status_code == 200
    assert set(Reading.objects.filter(person_id=case.person_id, purpose="办理办件").values_list("case_number", flat=True)) == {case.number}
    refused = clerk.get(f"/desk/persons/{other.pk}")  # the case does not make a stranger's record work
    assert refused.status_code == 422 and "说的不是这个人" in refused.content.decode() and other.citizen_id_mask not in refused.content.decode()
    assert set(Reading.objects.filter(person_id=other.pk).values_list("what", "case_number")) <= {("查询结果列表", "")}


def test_a_receipt_is_a_pdf_that_verifies_and_a_forged_code_does_not(world):
    accounts, things = world
    resident = signed_in(accounts[Role.RESIDENT])
    pdf = resident.get(f"/open/receipts/{things['number']}.pdf")
    assert pdf.status_code == 200 and pdf.content[:5] == b"%PDF-" and len(pdf.content) > 5000
    bundle = resident.get(f"/open/receipts/{things['number']}.json").json()
    assert verify(bundle, queries.trust()).case_number == things["number"]
    anybody = Client()
    code = queries.receipt_code(queries.leaves_of(things["number"])[-1])
    page = anybody.get(f"/open/verify/{things['number']}?d={code}").content.decode()
    assert "属实" in page and "张*明" in page and "张小明" not in page
    for client, may in ((resident, True), (signed_in(accounts[Role.EMPLOYER]), True), (signed_in(accounts[Role.CLERK]), True), (anybody, False),
                        (signed_in(an_employer()[1]), False), (signed_in(accounts[Role.LEADER]), False), (signed_in(an_officer(division="330825")), False)):
        offered = address("open:court_paper", things) in client.get(f"/open/verify/{things['number']}?d={code}").content.decode()
        assert offered is may is (client.get(address("open:court_paper", things)).status_code == 200)
    assert address("open:court_paper", things) in resident.get(f"/me/decisions/case/{things['number']}").content.decode()
    assert "/login?next=/open/verify/" in anybody.get(f"/open/verify/{things['number']}?d={code}").content.decode()
    assert "伪造" in anybody.get(f"/open/verify/{things['number']}?d={'0' * 20}").content.decode()
    assert anybody.get("/open/verify/330802-260101-0000000000").status_code == 404


def test_sign_in_is_throttled_in_plain_words(world):
    client = Client()
    for _ in range(5):
        response = client.post("/login", {"username": "nobody", "password": "wrong-password"})
    assert response.status_code == 429 and "十五分钟" in response.content.decode()
    assert staticfiles_storage.url("renshe/renshe.css")


def test_values_of_law_by_page(world):
    accounts, _ = world
    operator, reviewer = signed_in(accounts[Role.OPERATOR]), signed_in(accounts[Role.REVIEWER])
    page = operator.get("/desk/values").content.decode()
    assert "衢州市医疗保障局" in page and "申报内容（业务档案）保存多久" in page and "社会保险业务档案保管期限表" in page and "取整步长：10" in page
    entry = {"deed": "enter", "parameter": "medical_rate_unit", "value": "0.07", "valid_from": "2026-01-01",
             "document": "某文件", "article": "第一条"}
    assert operator.post("/desk/values", {**entry, "value": "x"}).status_code == 422
    assert operator.post("/desk/values", entry).status_code == 302
    number = EnteredValue.objects.get().pk
    assert operator.post("/desk/values", {"deed": "confirm", "entry": number}).status_code == 422
    assert reviewer.post("/desk/values", {"deed": "confirm", "entry": number}).status_code == 302
    assert "某文件" in reviewer.get("/desk/values").content.decode()
