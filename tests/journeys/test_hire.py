"""An employer hires: one declaration, everybody registered; judged by policy; settled at once or sent to officers."""

import datetime
import json
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from renshe.apps.card import actions
from renshe.apps.card.models import Card
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.relations.models import LabourContract
from renshe.kernel.access import tokens
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.actions import declared
from renshe.kernel.cases.models import Case
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.subjects.models import Person
from tests.factories import (
    a_hire,
    a_person,
    an_employer,
    an_id,
    an_officer,
    days_ago,
    signed_in,
)

pytestmark = pytest.mark.django_db(transaction=True)
FOUR = {"employee_pension", "unemployment", "work_injury", "employee_medical"}


def post(account, path, body, **headers):
    key = tokens.issue(account, label="试", days=1)
    return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json",
                       headers={"Authorization": f"Bearer {key}", **headers})


def codes(response):
    return {one["code"] for one in response.json()["reasons"]}


def test_one_declaration_does_everything_at_once():
    _organisation, hr = an_employer()
    response = post(hr, "hires", a_hire(wage="2660"))
    assert response.status_code == 201, response.json()
    case = Case.objects.get(number=response.json()["case"])
    enrolment = Enrolment.objects.get(case=case)
    assert case.state == "decided" and case.policy_version.count("@") == 4
    assert set(Coverage.objects.filter(enrolment=enrolment).values_list("scheme", flat=True)) == FOUR
    assert BasePeriod.objects.get(enrolment=enrolment).base_fen == 498600  # the floor, by the contribution policy
    assert LabourContract.objects.get(case=case).kind == "1"
    assert Card.objects.get(person=enrolment.person).state == "applied"
    assert Leaf.objects.filter(case_number=case.number).count() == 1
    assert "自" in Notice.objects.get(person=enrolment.person).body
    person = enrolment.person
    assert person.citizen_id_mask.count("*") == 8 and b"199" not in bytes(person.citizen_id_sealed)[:4]


def test_by_form_the_same_and_pressing_twice_does_it_once():
    _organisation, hr = an_employer()
    client = signed_in(hr)
    page = client.get("/employer/declare/hire").content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    declared = {**a_hire(), "once": once}
    first = client.post("/employer/declare/hire", declared)
    again = client.post("/employer/declare/hire", declared)
    assert first.status_code == again.status_code == 302 and first.url == again.url
    assert Enrolment.objects.count() == 1
    shown = client.get(first.url).content.decode()
    assert "已办结" in shown and "1,040.00元" in shown and "社会保险法 第十二条" in shown


@pytest.mark.parametrize(("changes", "code"), [
    ({"citizen_id": "11010519491231002"}, "unreadable"),
    ({"citizen_id": "110105194912310021"}, "unreadable"),
    ({"hired_on": "2026-02-30"}, "unreadable"),
    ({"hired_on": "2031-01-01"}, "future"),
    ({"wage": "六千五"}, "unreadable"),
    ({"wage": "-5"}, "unreadable"),
    ({"name": ""}, "missing"),
    ({"phone": "12345"}, "unreadable"),
    ({"kind": "boss"}, "unreadable"),
    ({"colour": "red"}, "unknown_field"),
    ({"contract_ends_on": ""}, "no_end"),
    ({"contract_ends_on": "2020-01-01"}, "ends_early"),
    ({"contract_kind": "9"}, "needs_contract"),
    ({"contract_kind": "2"}, "has_end"),
    ({"kind": "overage"}, "after_retirement"),
])
def test_what_is_refused_says_why_and_writes_nothing(changes, code):
    _, hr = an_employer()
    response = post(hr, "hires", a_hire(**changes))
    assert response.status_code == 422
    assert code in codes(response)
    assert all(one["text"] and (one["then"] or one["article"]) for one in response.json()["reasons"])
    assert not Case.objects.exists() and not Person.objects.exists() and not Leaf.objects.exists()


def test_children_may_not_be_hired():
    _, hr = an_employer()
    response = post(hr, "hires", a_hire(citizen_id=an_id(born=days_ago(15 * 365))))
    assert codes(response) == {"old_enough"} and response.json()["reasons"][0]["article"] == "劳动法 第十五条"


def test_over_age_workers_and_interns_get_injury_cover_alone():
    _, hr = an_employer()
    old = an_id(born="1960-05-01")
    assert "before_retirement" in codes(post(hr, "hires", a_hire(citizen_id=old)))
    agreed = {"contract_kind": "9", "contract_ends_on": ""}
    assert post(hr, "hires", a_hire(citizen_id=old, kind="overage", **agreed)).status_code == 201
    young = an_id(born="2006-05-01")
    assert post(hr, "hires", a_hire(citizen_id=young, kind="intern", **agreed)).status_code == 201
    assert set(Coverage.objects.values_list("scheme", flat=True)) == {"work_injury"}


def test_a_womans_post_decides_whether_she_is_over_age():
    _, hr = an_employer()
    number = an_id(born=days_ago(52 * 365 + 40), female=True)  # past fifty, short of fifty-five and some months
    assert "before_retirement" in codes(post(hr, "hires", a_hire(citizen_id=number)))
    assert post(hr, "hires", a_hire(citizen_id=number, post="management")).status_code == 201


def test_the_dead_are_not_hired():
    _, hr = an_employer()
    number = an_id()
    a_person(number=number, deceased_on=datetime.date(2025, 1, 1))
    assert "alive" in codes(post(hr, "hires", a_hire(citizen_id=number)))


def test_insured_elsewhere_is_refused_without_naming_the_other_employer():
    first, hr = an_employer()
    _, other = an_employer()
    hire = a_hire()
    assert post(hr, "hires", hire).status_code == 201
    assert codes(post(hr, "hires", hire)) == {"insured_here"}
    response = post(other, "hires", hire)
    assert codes(response) == {"insured_elsewhere"}
    assert first.name not in response.content.decode()


def test_the_same_key_gives_the_same_answer_and_other_content_under_it_is_a_conflict():
    _, hr = an_employer()
    hire = a_hire()
    first = post(hr, "hires", hire, **{"Idempotency-Key": "k1"})
    again = post(hr, "hires", hire, **{"Idempotency-Key": "k1"})
    other = post(hr, "hires", a_hire(), **{"Idempotency-Key": "k1"})
    assert first.json() == again.json() and other.status_code == 409
    assert Case.objects.count() == 1


def test_two_employers_claim_one_person_at_the_same_moment():
    employers = [an_employer() for _ in range(2)]
    for _ in range(3):
        hire, answers, gate = a_hire(), [], threading.Barrier(2)

        def claim(hr, hire=hire, answers=answers, gate=gate):
            try:
                gate.wait()
                answers.append(post(hr, "hires", hire))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=claim, args=(hr,)) for _, hr in employers]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert sorted(one.status_code for one in answers) == [201, 422], [one.content for one in answers]
        assert codes(next(one for one in answers if one.status_code == 422)) == {"insured_elsewhere"}
        assert Enrolment.objects.filter(until=None, person__citizen_id_mask__endswith=hire["citizen_id"][-4:]).count() >= 1
    assert Person.objects.count() == Enrolment.objects.count() == 3


def test_a_late_hire_goes_through_two_officers_before_anything_is_registered():
    _, hr = an_employer()
    response = post(hr, "hires", a_hire(hired_on=days_ago(60)))
    assert response.status_code == 202 and codes(response) == {"in_time"}
    number = response.json()["case"]
    assert not Enrolment.objects.exists()
    clerk, reviewer = signed_in(an_officer(Role.CLERK)), signed_in(an_officer(Role.REVIEWER))
    address = f"/desk/cases/{number}"
    assert clerk.post(address, {"deed": "take"}).status_code == 302
    assert clerk.post(address, {"deed": "approve"}).status_code == 422  # a clerk does not decide
    assert reviewer.post(address, {"deed": "approve"}).status_code == 422  # nor does one officer alone
    assert clerk.post(address, {"deed": "propose", "note": "已核实工资表"}).status_code == 302
    assert reviewer.post(address, {"deed": "approve", "note": "同意"}).status_code == 302
    enrolment = Enrolment.objects.get()
    assert enrolment.case.number == number and enrolment.coverages.count() == 4
    assert Case.objects.get(number=number).state == "decided"
    assert reviewer.post(address, {"deed": "approve"}).status_code == 302  # safe to repeat
    assert Enrolment.objects.count() == 1


def test_the_officer_who_proposed_may_not_approve():
    _, hr = an_employer()
    number = post(hr, "hires", a_hire(hired_on=days_ago(60))).json()["case"]
    reviewer = signed_in(an_officer(Role.REVIEWER))
    for deed in ({"deed": "take"}, {"deed": "propose", "note": "可以"}):
        assert reviewer.post(f"/desk/cases/{number}", deed).status_code == 302
    response = reviewer.post(f"/desk/cases/{number}", {"deed": "approve"})
    assert response.status_code == 422 and "初审人不能复核" in response.content.decode()
    assert not Enrolment.objects.exists()


def test_another_name_for_a_known_number_is_looked_into():
    _, hr = an_employer()
    number = an_id()
    a_person(name="李四", number=number)
    response = post(hr, "hires", a_hire(citizen_id=number))
    assert response.status_code == 202 and codes(response) == {"name_differs"}


def test_a_correction_is_asked_once_and_stops_the_clock():
    _, hr = an_employer()
    number = post(hr, "hires", a_hire(hired_on=days_ago(60))).json()["case"]
    clerk, employer = signed_in(an_officer(Role.CLERK)), signed_in(hr)
    clerk.post(f"/desk/cases/{number}", {"deed": "take"})
    clerk.post(f"/desk/cases/{number}", {"deed": "ask_correction", "note": "请补正用工之日"})
    case = Case.objects.get(number=number)
    assert case.state == "correction" and case.stopped_on
    answer = {**declared(case), "hired_on": days_ago(45), "deed": "answer", "answer": "写错了"}
    assert employer.post(f"/employer/cases/{number}", answer).status_code == 302
    case.refresh_from_db()
    assert case.state == "accepted" and case.stopped_on is None and declared(case)["hired_on"] == days_ago(45)
    again = clerk.post(f"/desk/cases/{number}", {"deed": "ask_correction", "note": "再补"})
    assert again.status_code == 422 and "第三十二条" in again.content.decode()


def test_a_refusal_needs_a_reason_code_words_and_a_way_on():
    _, hr = an_employer()
    number = post(hr, "hires", a_hire(hired_on=days_ago(60))).json()["case"]
    clerk = signed_in(an_officer(Role.CLERK))
    address = f"/desk/cases/{number}"
    clerk.post(address, {"deed": "take"})
    assert clerk.post(address, {"deed": "refuse", "code": "", "note": "不行", "then": "重报"}).status_code == 422
    full = {"deed": "refuse", "code": "no_proof", "note": "没有工资发放记录", "then": "补齐工资表后重新申报"}
    assert clerk.post(address, full).status_code == 302
    case = Case.objects.get(number=number)
    assert case.state == "refused" and case.reason_code == "no_proof"
    assert "行政复议" in Notice.objects.filter(case_number=number).order_by("id").last().body


def test_leaving_ends_everything_and_the_next_employer_may_hire():
    _, hr = an_employer()
    _, other = an_employer()
    hire = a_hire()
    post(hr, "hires", hire)
    who = {"name": hire["name"], "citizen_id": hire["citizen_id"]}
    assert "before_hire" in codes(post(hr, "leaves", {**who, "left_on": days_ago(10), "reason": "6301"}))
    assert codes(post(other, "leaves", {**who, "left_on": days_ago(1), "reason": "6301"})) == {"not_insured_here"}
    assert post(hr, "leaves", {**who, "left_on": days_ago(0), "reason": "解除或终止劳动合同"}).status_code == 201
    assert not Coverage.objects.filter(until=None).exists() and not BasePeriod.objects.filter(valid_until=None).exists()
    assert LabourContract.objects.get().ended_on.isoformat() == days_ago(0)
    assert post(other, "hires", hire).status_code == 201
    assert Card.objects.count() == 1


def test_a_base_change_keeps_history_and_clamps_to_the_cap():
    _, hr = an_employer()
    hire = a_hire(hired_on=days_ago(25))
    assert post(hr, "hires", hire).status_code == 201
    BasePeriod.objects.update(valid_from="2026-01-01")
    who = {"name": hire["name"], "citizen_id": hire["citizen_id"], "valid_from": days_ago(0)}
    assert codes(post(hr, "base-changes", {**who, "wage": "6500"})) == {"no_change"}
    assert post(hr, "base-changes", {**who, "wage": "60000"}).status_code == 201
    first, second = BasePeriod.objects.order_by("valid_from")
    assert (first.base_fen, second.base_fen) == (650000, 2529900) and first.valid_until == second.valid_from
    late = post(hr, "base-changes", {**who, "wage": "9000", "valid_from": "2026-02-01"})
    assert late.status_code == 202 and codes(late) == {"retroactive"}


def test_a_program_reads_the_staff_as_the_page_lists_them():
    _, hr = an_employer()
    for wage in ("6500", "2000"):
        assert post(hr, "hires", a_hire(wage=wage)).status_code == 201
    key = tokens.issue(hr, label="试", days=1)
    program = Client(headers={"Authorization": f"Bearer {key}"})
    found = program.get("/api/v1/staff?limit=1").json()
    assert found["total"] == 2 and len(found["staff"]) == 1
    assert found["staff"][0]["wage"] == "2000.00" and set(found["staff"][0]["schemes"]) == FOUR
    page = signed_in(hr).get("/employer/staff").content.decode()
    assert "6,500.00" in page and "4,986.00" in page and found["staff"][0]["base"] == "4986.00" and "4 个险种" in page
    sought = {text: program.post("/api/v1/staff/search", {"text": text}, content_type="application/json").json()["total"] for text in ("张小", "李")}
    assert sought == {"张小": 2, "李": 0}
    in_address = program.get("/api/v1/staff", {"q": "张小"})  # a name would stand in every log on the way
    assert in_address.status_code == 422 and codes(in_address) == {"words_in_address"}


def test_a_refused_deed_leaves_no_trace_when_it_fails_in_the_middle(monkeypatch):
    _, hr = an_employer()

    def broken(self, chunk, accepted, facts, rows):
        raise RuntimeError("disk")

    monkeypatch.setattr(actions.Apply, "write", broken)
    with pytest.raises(RuntimeError):
        post(hr, "hires", a_hire())
    assert not Person.objects.exists() and not Case.objects.exists() and not Leaf.objects.exists()
    assert connection.is_usable()
