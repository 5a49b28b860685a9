"""Officers who look at their own family: households come by roster, officers are linked to who they are, alerts have holders."""

import datetime
import io

import openpyxl
import pytest
from django.utils import timezone

from renshe.city import records
from renshe.city.shape import city as city_of
from renshe.kernel.access.terms import Role
from renshe.kernel.alerts import actions
from renshe.kernel.alerts.models import Alert
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.models import Reading
from renshe.kernel.rosters import actions as rosters
from renshe.kernel.rosters.models import Roster
from renshe.kernel.subjects.models import HouseholdMember, Kinship, Person
from renshe.kernel.subjects.queries import citizen_id
from tests.factories import a_person, acting, an_employer, an_officer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
NOON = timezone.make_aware(datetime.datetime(2026, 11, 23, 12, 0))
HEADER = ("户号", "姓名", "公民身份号码", "与户主关系")


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(person, household="H1", relation="", **changes):
    return (household, changes.get("name", person.name), citizen_id(person), relation)


@pytest.fixture
def police(settings):
    """Who keeps the register of residence."""
    organisation, account = an_employer(name="公安局")
    settings.RENSHE_HOUSEHOLD_SOURCES = [organisation.uscc]
    return organisation, account


def sent(police, *rows) -> Roster:
    roster, _ = rosters.receive(workbook(*rows), "户籍.xlsx", "households", organisation=police[0], actor=acting(police[1]))
    rosters.settle(roster.pk)
    roster.refresh_from_db()
    return roster


def test_a_roster_of_households_is_taken_from_its_keeper_only_and_repeats_safely(police):
    mother, son, stranger = a_person(name="李梅"), a_person(name="李明"), a_person(name="王强")
    roster = sent(police, line(mother, relation="户主"), line(son, relation="子女"), line(stranger, name="王刚"), ("H1", "无名", "11010519491231002X", ""))
    assert (roster.accepted, roster.refused) == (2, 2)
    assert {one.person_id: one.relation for one in HouseholdMember.objects.all()} == {mother.pk: "head", son.pk: "child"}
    sent(police, line(mother, relation="户主"), line(son, relation="子女"), line(stranger, household="H2", relation="户主"))
    assert HouseholdMember.objects.count() == 3, "what is so already stays"
    sent(police, line(son, household="H3", relation="户主"))
    assert HouseholdMember.objects.get(person=son, until=None).household == "H3" and HouseholdMember.objects.filter(person=son).count() == 2

    page = signed_in(police[1])
    assert "户成员" in page.get("/employer/rosters").content.decode()
    result = page.get(f"/employer/rosters/{roster.pk}/result.xlsx").content
    words = [row[4] for row in openpyxl.load_workbook(io.BytesIO(result))["全部"].iter_rows(min_row=2, values_only=True)]
    assert words == ["已登记", "已登记", "未通过", "未通过"]
    other = signed_in(an_employer()[1])
    assert "户成员" not in other.get("/employer/rosters").content.decode()
    upload = io.BytesIO(workbook(line(mother)))
    upload.name = "a.xlsx"
    assert other.post("/employer/rosters", {"kind": "households", "roster": upload}).status_code == 404
    assert other.get("/employer/rosters/template/households").status_code == 404


def read(account, person, **changes):
    log_readings(acting(account), [person.pk], purpose="办理办件", what="参保记录", **changes)
    Reading.objects.filter(pk=Reading.objects.latest("id").pk).update(at=NOON)


def test_reading_ones_family_raises_an_alert_with_a_holder(police):
    son, mother, other = a_person(name="李明"), a_person(name="李梅"), a_person(name="王强")
    sent(police, line(mother, relation="户主"), line(son, relation="子女"), line(other, household="H2"))
    clerk, operator = an_officer(name="李明"), signed_in(an_officer(Role.OPERATOR))
    page = f"/desk/accounts/{clerk.pk}"
    assert "未登记" in operator.get(page).content.decode()
    assert operator.post(page, {"deed": "link", "citizen_id": "11010519491231002X"}).status_code == 422
    assert operator.post(page, {"deed": "link", "citizen_id": citizen_id(son)}).status_code == 302
    assert "*明" in operator.get(page).content.decode() and Leaf.objects.filter(kind="access.officer").count() == 1
    read(clerk, other)
    read(clerk, mother, case_number="330802-261123-0000000000")
    while actions.detect(timezone.now()):
        pass
    alert = Alert.objects.get()
    assert (alert.kind, alert.person_id, alert.reader_id, alert.level) == ("relative", mother.pk, clerk.pk, "high")

    first, second = an_officer(Role.AUDITOR, name="吴审"), an_officer(Role.AUDITOR, name="钱审")
    api = f"/api/v1/alerts/{alert.pk}"
    listed = signed_in(first).get("/api/v1/alerts?kind=relative&holder=nobody").json()
    assert listed["total"] == 1 and listed["alerts"][0]["holder"] == ""
    assert signed_in(first).post(f"{api}/holder").json()["holder"] == "吴审"
    whole = signed_in(first).get(api).json()
    assert whole["evidence"][0]["person"] == "*梅" and "李梅" not in str(whole) and whole["evidence"][0]["case"].startswith("330802")
    assert signed_in(first).get("/api/v1/alerts?holder=mine").json()["total"] == 1
    held = signed_in(second).post(f"{api}/finding", {"finding": "unjustified", "answer": "应当回避"}, content_type="application/json")
    assert held.status_code == 422 and "吴审" in held.json()["reasons"][0]["text"]
    Alert.objects.update(due_on=datetime.date(2026, 1, 1))
    actions.remind()
    assert list(Notice.objects.filter(title="预警已超期").values_list("account_id", flat=True)) == [first.pk], "the holder is told"
    assert "转由我承办" in signed_in(second).get(f"/desk/alerts/{alert.pk}").content.decode()
    assert signed_in(second).post(f"/desk/alerts/{alert.pk}", {"deed": "take"}).status_code == 302
    done = signed_in(second).post(f"{api}/finding", {"finding": "unjustified", "answer": "应当回避"}, content_type="application/json")
    assert done.status_code == 200 and done.json()["state"] == "handled"
    assert signed_in(clerk).get("/api/v1/alerts").status_code == 403


def test_declared_relatives_count_wherever_they_live():
    own, brother, other = a_person(name="李明"), a_person(name="李亮"), a_person(name="王强")
    clerk, operator = an_officer(name="李明"), signed_in(an_officer(Role.OPERATOR))
    page = f"/desk/accounts/{clerk.pk}"
    kin = {"deed": "kin", "kin_id": citizen_id(brother), "relation": "sibling", "source": "2026年度回避申报表"}
    assert operator.post(page, kin).status_code == 422, "whose relative would that be"
    operator.post(page, {"deed": "link", "citizen_id": citizen_id(own)})
    assert operator.post(page, {**kin, "source": ""}).status_code == 422
    assert operator.post(page, {**kin, "kin_id": citizen_id(own)}).status_code == 422
    for _ in range(2):
        assert operator.post(page, kin).status_code == 302
    text = operator.get(page).content.decode()
    assert "*亮" in text and "兄弟姐妹" in text and "李亮" not in text
    read(clerk, other)
    read(clerk, brother)
    while actions.detect(timezone.now()):
        pass
    assert [(one.kind, one.person_id) for one in Alert.objects.all()] == [("relative", brother.pk)]
    assert operator.post(page, {"deed": "end_kin", "kinship": Kinship.objects.get().pk}).status_code == 302
    Alert.objects.update(state="handled")
    read(clerk, brother)
    while actions.detect(timezone.now()):
        pass
    assert Alert.objects.count() == 1


def test_the_synthetic_city_has_families():
    records.build(city_of(300, 7))
    living = Person.objects.filter(deceased_on=None).count()
    assert HouseholdMember.objects.count() > living / 3
    sizes = HouseholdMember.objects.values_list("household", flat=True)
    assert min(list(sizes).count(one) for one in set(sizes)) > 1
