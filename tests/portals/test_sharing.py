"""Another department asks about people: only by agreement, only what was agreed, and everybody is told."""

import datetime
import hashlib

import pytest
from django.test import Client
from django.utils import timezone

from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.terms import Channel
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.privacy.models import Reading
from renshe.kernel.sharing.actions import tell_corrected
from renshe.kernel.sharing.columns import Column, columns
from renshe.kernel.sharing.models import Agreement
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import citizen_id
from tests.factories import a_hire, a_person, a_resident, acting, an_employer, an_officer, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def form(**changes):
    """What an operator writes down."""
    return {
        "recipient": "衢州市民政部门", "purpose": "核对低保家庭", "legal_basis": "社会救助暂行办法 第五十八条", "division": "330802",
        "columns": ["name", "birth_on", "insured", "base"], "clear": ["name"], "population": "residents",
        "valid_from": TODAY().isoformat(), "valid_until": (TODAY() + datetime.timedelta(days=90)).isoformat(), **changes,
    }


@pytest.fixture
def agreed():
    """An approved agreement with its key, its operator and its auditor."""
    operator, auditor = signed_in(an_officer(Role.OPERATOR)), signed_in(an_officer(Role.AUDITOR))
    page = operator.post("/desk/sharing/new", form()).headers["Location"]
    assert operator.post(page, {"deed": "approve"}).status_code == 422  # one's own
    assert operator.post(page, {"deed": "issue"}).status_code == 422  # not approved yet
    assert auditor.post(page, {"deed": "approve"}).status_code == 302
    assert auditor.post(page, {"deed": "issue"}).status_code == 422  # operators hand out keys
    operator.post(page, {"deed": "issue"})
    text = operator.get(page).content.decode()
    key = text.split('class="mono sum">')[1].split("<")[0]
    assert key not in operator.get(page).content.decode()
    agreement = Agreement.objects.get()
    assert agreement.token_digest == hashlib.sha256(key.encode()).hexdigest()
    return agreement, key, operator, auditor


def ask(agreement, key, *numbers, **changes):
    body = {"citizen_ids": list(numbers), "purpose": "核对低保家庭", "matter": "低保2026-118", **changes}
    return Client().post(f"/api/v1/shared/{agreement.pk}/persons", body, content_type="application/json",
                         headers={"Authorization": f"Bearer {key}"})


def test_only_the_agreed_columns_leave_masked_where_not_agreed_and_the_person_is_told(agreed):
    agreement, key, operator, _ = agreed
    organisation, account = an_employer()
    HIRE.settle([(None, HIRE.declaration.parse(a_hire(name="邵文君", wage="6537"))[0])], organisation=organisation,
                actor=acting(account), channel=Channel.FORM)
    person = Person.objects.get(name="邵文君")
    away, nobody = a_person(division="330825"), "11010519491231002X"
    answer = ask(agreement, key, citizen_id(person), citizen_id(away), nobody)
    assert answer.status_code == 200
    one, two, three = answer.json()["persons"]
    assert one == {"citizen_id": citizen_id(person), "found": True, "data": {
        "name": "邵文君", "birth_on": str(person.birth_on.year), "insured": "是", "base": "*",
    }}
    assert (two["found"], two["data"]) == (three["found"], three["data"]) == (False, {})  # beyond and unknown look alike
    reading = Reading.objects.get()
    assert (reading.person_id, reading.reader_name, reading.purpose) == (person.pk, "衢州市民政部门", "核对低保家庭")
    assert "衢州市民政部门" in signed_in(a_resident(person)[1]).get("/me/readings").content.decode()
    assert Leaf.objects.filter(kind="sharing.disclose").count() == 1
    assert "<b>1</b>" in operator.get(f"/desk/sharing/{agreement.pk}").content.decode()


def test_another_purpose_another_time_another_key_get_nothing(agreed):
    agreement, key, _, auditor = agreed
    number = citizen_id(a_person())
    assert "约定的用途" in ask(agreement, key, number, purpose="查车主").json()["reasons"][0]["text"]
    assert ask(agreement, key, number, matter="").status_code == 422
    assert ask(agreement, key, "110105194912310021").json()["reasons"][0]["code"] == "bad_number"
    assert ask(agreement, key, *[number] * 101).json()["reasons"][0]["code"] == "too_many"
    assert ask(agreement, "rsh_other", number).status_code == 401
    other = Agreement.objects.create(**{field.name: getattr(agreement, field.name) for field in Agreement._meta.fields if field.name not in ("id", "token_digest")})
    assert ask(other, key, number).status_code == 401  # a key opens its own agreement only
    for days in (datetime.timedelta(days=1), -datetime.timedelta(days=400)):
        Agreement.objects.filter(pk=agreement.pk).update(valid_from=TODAY() + days, valid_until=TODAY() + days + datetime.timedelta(days=90))
        assert ask(agreement, key, number).json()["reasons"][0]["code"] == "out_of_time"
    Agreement.objects.filter(pk=agreement.pk).update(valid_from=TODAY(), valid_until=TODAY())  # the last day is excluded
    assert ask(agreement, key, number).status_code == 422
    assert not Reading.objects.exists() and not Leaf.objects.filter(kind="sharing.disclose").exists()
    assert auditor.post(f"/desk/sharing/{agreement.pk}", {"deed": "end"}).status_code == 302
    assert ask(agreement, key, number).status_code == 401


def test_a_new_key_ends_the_former_one(agreed):
    agreement, key, operator, _ = agreed
    operator.post(f"/desk/sharing/{agreement.pk}", {"deed": "issue"})
    assert ask(agreement, key, citizen_id(a_person())).status_code == 401


def test_an_agreement_about_the_insured_says_nothing_of_others():
    operator, auditor = signed_in(an_officer(Role.OPERATOR)), signed_in(an_officer(Role.AUDITOR))
    page = operator.post("/desk/sharing/new", form(population="insured")).headers["Location"]
    auditor.post(page, {"deed": "approve"})
    operator.post(page, {"deed": "issue"})
    key = operator.get(page).content.decode().split('class="mono sum">')[1].split("<")[0]
    assert [one["found"] for one in ask(Agreement.objects.get(), key, citizen_id(a_person())).json()["persons"]] == [False]


@pytest.mark.parametrize("changes", [
    {"recipient": " "}, {"purpose": ""}, {"legal_basis": ""}, {"columns": []}, {"columns": ["citizen_id_sealed"]}, {"population": "all"},
    {"valid_until": "2020-01-01"}, {"valid_until": "2099-01-01"}, {"valid_from": "soon"}, {"division": "110105"},
])
def test_an_incomplete_agreement_is_refused(changes):
    assert signed_in(an_officer(Role.OPERATOR)).post("/desk/sharing/new", form(**changes)).status_code == 422
    assert not Agreement.objects.exists()


def test_class_four_cannot_even_be_offered():
    assert all(one.level < 4 for one in columns().values())
    assert Column("x", "号码", Person, "citizen_id_sealed", lambda persons: {}).level == 4


def test_clerks_have_no_part_in_sharing(agreed):
    clerk = signed_in(an_officer())
    assert clerk.get("/desk/sharing").status_code == 403 and clerk.get("/desk/sharing/new").status_code == 403
    assert agreed[3].get("/desk/sharing/new").status_code == 403  # auditors approve, operators propose
    assert "衢州市民政部门" in agreed[3].get("/desk/sharing?q=低保&state=approved").content.decode()
    assert agreed[3].get("/desk/sharing?export=1").status_code == 200


def test_whoever_got_a_wrong_value_finds_that_it_was_put_right(agreed):
    agreement, key, operator, _ = agreed
    person = a_person(name="邵文君", division="330802")
    number = citizen_id(person)
    assert ask(agreement, key, number).json()["persons"][0]["data"]["name"] == "邵文君"
    touched = ((Person, "name"),)
    assert tell_corrected(person, touched, case_number="330802-261124-0000000000") == ["衢州市民政部门"]
    assert tell_corrected(a_person(), touched, case_number="") == []
    head = {"Authorization": f"Bearer {key}"}
    address = f"/api/v1/shared/{agreement.pk}/corrections"
    found = Client().get(address, headers=head).json()
    assert [(one["citizen_id"], one["columns"]) for one in found] == [(number, ["name"])]
    Agreement.objects.update(valid_until=TODAY())  # ends as this day begins: its key opens nothing any more
    for answer in (Client().get(address, headers=head), Client().post(f"{address}/{found[0]['id']}", headers=head)):
        assert answer.status_code == 422 and number not in answer.content.decode() and "协议有效期" in answer.content.decode()
    Agreement.objects.update(valid_until=TODAY() + datetime.timedelta(days=1))
    assert "1 项更正等对方确认" in operator.get(f"/desk/sharing/{agreement.pk}").content.decode()
    assert Client().get(address, headers={"Authorization": "Bearer rsh_x"}).status_code == 401
    assert Client().post(f"{address}/1", headers=head).status_code == 404
    for _ in range(2):
        assert Client().post(f"{address}/{found[0]['id']}", headers=head).status_code == 204
    assert Client().get(address, headers=head).json() == []
    assert Leaf.objects.filter(kind="sharing.corrected_seen").count() == 1
    assert "等对方确认" not in operator.get(f"/desk/sharing/{agreement.pk}").content.decode()
