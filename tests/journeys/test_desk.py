"""At the desk: what is owed for a late hire, cases that wait, reminders, and which of two names the register keeps."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from renshe.apps.insurance.models import Enrolment
from renshe.kernel.access.terms import Role
from renshe.kernel.cases import actions, queries
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.common import calendar
from renshe.kernel.common.verdict import Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.subjects.models import NameChange
from renshe.kernel.subjects.queries import citizen_id
from tests.factories import a_hire, a_person, a_resident, acting, an_employer, an_id, an_officer, days_ago, signed_in
from tests.journeys.test_hire import post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officers():
    return an_officer(Role.CLERK, name="经办甲"), an_officer(Role.REVIEWER, name="复核乙")


def referred(**changes):
    """A case at the desk (a hire declared late, unless said otherwise), and the employer's HR officer."""
    _, hr = an_employer()
    answer = post(hr, "hires", a_hire(**{"hired_on": days_ago(75), **changes}))
    assert answer.status_code == 202, answer.json()
    return Case.objects.get(number=answer.json()["case"]), hr


def test_a_late_hire_shows_what_is_owed_by_whom_and_how_it_is_reckoned(officers):
    case, hr = referred(wage="6500")
    hired, today = datetime.date.fromisoformat(days_ago(75)), timezone.localdate()
    months = (today.year - hired.year) * 12 + today.month - hired.month
    for page in (
        signed_in(officers[0]).get(f"/desk/cases/{case.number}").content.decode(),
        signed_in(hr).get(f"/employer/cases/{case.number}").content.decode(),
    ):
        assert "补缴估算" in page and f"{months} 个月" in page
        assert f"{months * 552.5:,.2f} 元" in page  # the person's part: 8% and 0.5% of 6,500 a month
        assert "滞纳金（单位承担）" in page and "社会保险法 第八十六条" in page and "滞纳金日加收率" in page
        assert "缴费期限尚待取得" in page and "职工基本医疗保险（单位）" in page
    assert "补缴估算" not in signed_in(hr).get("/employer/cases").content.decode()


def test_a_suspended_case_stops_its_clock_and_goes_on_where_it_stood(officers):
    case, hr = referred()
    clerk = signed_in(officers[0])
    address = f"/desk/cases/{case.number}"
    clerk.post(address, {"deed": "take"})
    assert clerk.post(address, {"deed": "suspend", "note": ""}).status_code == 422
    assert clerk.post(address, {"deed": "suspend", "note": "等待劳动关系仲裁"}).status_code == 302
    case.refresh_from_db()
    due = case.due_on
    assert case.state == "suspended" and queries.light(case, timezone.localdate()) == "stopped"
    assert "已中止办理" in signed_in(hr).get(f"/employer/cases/{case.number}").content.decode()
    assert clerk.post(address, {"deed": "propose", "note": "可以"}).status_code == 422
    Case.objects.update(stopped_on=timezone.localdate() - datetime.timedelta(days=21))
    stood = calendar.working_days_between(timezone.localdate() - datetime.timedelta(days=21), timezone.localdate())
    assert clerk.post(address, {"deed": "resume", "note": "仲裁裁决已生效"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "accepted" and case.stopped_on is None
    assert case.due_on == calendar.due_on(due, stood, "working") > due
    told = list(Notice.objects.filter(organisation=case.organisation).order_by("id").values_list("title", "body"))
    assert [title for title, _ in told][-2:] == ["办件中止办理", "办件恢复办理"] and "等待劳动关系仲裁" in told[-2][1]
    assert Leaf.objects.filter(kind__in=["hire.suspend", "hire.resume"]).count() == 2


def test_an_extension_is_told_with_its_reason(officers):
    case, _ = referred()
    clerk = signed_in(officers[0])
    clerk.post(f"/desk/cases/{case.number}", {"deed": "take"})
    assert clerk.post(f"/desk/cases/{case.number}", {"deed": "extend", "days": "5", "note": "工资表尚待核对"}).status_code == 302
    before, case = case.due_on, Case.objects.get(pk=case.pk)
    assert case.due_on == calendar.due_on(before, 5, "working")
    assert "工资表尚待核对" in Notice.objects.filter(organisation=case.organisation).latest("id").body


def test_officers_are_reminded_once_for_each_light(officers):
    clerk, reviewer = officers
    elsewhere = an_officer(Role.REVIEWER, division="330825")
    case, _ = referred()
    remind = lambda: call_command("keeper", "cases", once=True)  # noqa: E731
    remind()
    assert not CaseEvent.objects.filter(deed="remind").exists(), "a green light says nothing"
    Case.objects.update(due_on=timezone.localdate())
    remind()
    remind()
    assert Notice.objects.get(account__isnull=False).account == reviewer, "nobody holds the case yet"
    actions.take(case, actor=acting(clerk))
    remind()
    assert Notice.objects.filter(account__isnull=False).count() == 1, "once for a light, whoever holds the case"
    Case.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=30))
    assert actions.remind() == 1 and actions.remind() == 0
    red = Notice.objects.filter(account__isnull=False, title__contains="已超期")
    assert set(red.values_list("account_id", flat=True)) == {clerk.pk, reviewer.pk}
    assert not Notice.objects.filter(account=elsewhere).exists()
    assert "已超期" in signed_in(clerk).get("/desk/inbox").content.decode()
    actions.suspend(case, "等待鉴定", actor=acting(clerk))
    Case.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=40))
    assert actions.remind() == 0, "a clock that stands reminds nobody"
    assert CaseEvent.objects.filter(deed="remind").order_by("id").first().note.startswith("将到期")


def differing():
    """A hire under a name that the register does not know the person by."""
    person, resident = a_resident(a_person(name="张晓明", number=an_id()))
    case, hr = referred(name="张小明", citizen_id=citizen_id(person), hired_on=days_ago(3))
    return case, person, resident, hr


@pytest.mark.parametrize(("choice", "name"), [("registered", "张晓明"), ("declared", "张小明")])
def test_two_officers_decide_which_name_the_register_keeps(officers, choice, name):
    case, person, resident, hr = differing()
    clerk, reviewer = signed_in(officers[0]), signed_in(officers[1])
    address = f"/desk/cases/{case.number}"
    clerk.post(address, {"deed": "take"})
    assert "按身份证件改为“张小明”" in clerk.get(address).content.decode()
    unsaid = clerk.post(address, {"deed": "propose", "note": "身份证已核"})
    assert unsaid.status_code == 422 and "请先明确：登记的姓名" in unsaid.content.decode()
    assert clerk.post(address, {"deed": "propose", "note": "身份证已核", "answer-name": choice}).status_code == 302
    person.refresh_from_db()
    assert person.name == "张晓明", "one officer changes nothing"
    assert "初审结论" in reviewer.get(address).content.decode()
    assert reviewer.post(address, {"deed": "approve", "note": "同意"}).status_code == 302
    person.refresh_from_db()
    assert person.name == name and Enrolment.objects.get().person == person
    changed = choice == "declared"
    assert Leaf.objects.filter(kind="person.rename", case_number=case.number).count() == changed
    assert NameChange.objects.filter(before="张晓明", after="张小明", case_number=case.number).count() == changed
    inbox = signed_in(resident).get("/me/inbox").content.decode()
    assert ("您登记的姓名已变更" in inbox) == changed and "您已参加社会保险" in inbox
    assert ("前为“张晓明”" in clerk.get(address).content.decode()) == changed
    ledger.sequence()
    receipt = signed_in(hr).get(f"/open/receipts/{case.number}.json").json()
    assert "张小明" in receipt["record"] and "6500.00" in receipt["record"]


def test_a_name_mended_by_the_employer_leaves_nothing_to_decide(officers):
    case, _, _, _ = differing()
    clerk = acting(officers[0])
    actions.take(case, actor=clerk)
    actions.ask_correction(case, "姓名", actor=clerk)
    actions.answer_correction(case, {"name": "张晓明"}, "笔误", actor=clerk)
    actions.propose(case, "已改正", {}, actor=clerk)
    actions.approve(case, actor=acting(officers[1]))
    assert Enrolment.objects.get().person.name == "张晓明" and not NameChange.objects.exists()


def test_nobody_approves_what_was_left_open(officers):
    case, _, _, _ = differing()
    actions.take(case, actor=acting(officers[0]))
    with pytest.raises(Refused, match="请先明确"):
        actions.propose(case, "可以", {"name": "其他"}, actor=acting(officers[0]))
