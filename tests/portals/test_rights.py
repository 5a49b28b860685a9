"""What residents ask for themselves, as they go: a correction, an explanation, a human, deletion; and what officers do with it."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from renshe.apps.insurance.models import BasePeriod, Enrolment
from renshe.apps.rights.models import Reviewed
from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import Role
from renshe.kernel.cases import actions
from renshe.kernel.cases.erasures import release_used
from renshe.kernel.cases.models import Case, CaseFile
from renshe.kernel.cases.terms import Channel
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.queries import forget
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.models import Reading, ShredKey
from renshe.kernel.sharing.actions import Recipient
from renshe.kernel.sharing.models import Agreement, Corrected
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import citizen_id, phone
from tests.factories import a_hire, a_person, a_resident, acting, an_employer, an_id, an_officer, signed_in

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 300


@pytest.fixture
def officers():
    return signed_in(an_officer(Role.CLERK, name="经办甲")), signed_in(an_officer(Role.REVIEWER, name="复核乙"))


@pytest.fixture
def hired():
    """A resident whom an employer has hired, settled by the platform itself."""
    organisation, hr = an_employer()
    HIRE.settle([(None, HIRE.declaration.parse(a_hire(name="邵文君", wage="6500"))[0])], organisation=organisation,
                actor=acting(hr), channel=Channel.FORM)
    person, account = a_resident(Person.objects.get(name="邵文君"))
    return person, signed_in(account)


def photo(name="身份证.jpg", data=PHOTO):
    return SimpleUploadedFile(name, data)


def asked(answer) -> Case:
    """The case that a form has opened."""
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(number=answer.headers["Location"].rsplit("/", 1)[1])


def decide(officers, case, *, answers=None, note="已核对身份证原件"):
    """The first officer proposes, the second decides."""
    clerk, reviewer = officers
    address = f"/desk/cases/{case.number}"
    assert clerk.post(address, {"deed": "take"}).status_code == 302
    given = {f"answer-{name}": value for name, value in (answers or {}).items()}
    assert clerk.post(address, {"deed": "propose", "note": "同意", **given}).status_code == 302
    answer = reviewer.post(address, {"deed": "approve", "note": note})
    assert answer.status_code == 302, answer.content.decode()
    case.refresh_from_db()
    return case


def test_a_phone_is_put_right_by_one_officer_and_the_resident_sees_before_and_after(hired, officers):
    person, resident = hired
    page = resident.get("/me/corrections").content.decode()
    assert "138****0000" in page and "申报工资" not in page and "6,500.00 元" in page
    form = {"ref": "", "right": "13900000001", "reason": "换了号码", "once": "a"}
    case = asked(resident.post("/me/corrections/phone", form))
    assert case.organisation is None and case.person == person and case.due_on is None and case.party == "本人"
    assert asked(resident.post("/me/corrections/phone", form)) == case, "pressed twice, asked once"
    again = resident.post("/me/corrections/phone", {**form, "right": "13900000002", "once": "b"})
    assert again.status_code == 422 and case.number in again.content.decode()
    page = resident.get(f"/me/requests/{case.number}").content.decode()
    assert "已收到" in page and "尽快" in page and "撤回" in page

    clerk, reviewer = officers
    queue = clerk.get("/desk/?party=person").content.decode()
    assert case.number in queue and "本人" in queue and "期限未定" in queue and "邵文君" not in queue
    assert case.number not in clerk.get("/desk/?party=employer").content.decode()
    assert case.number in clerk.get("/desk/?q=邵文君").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(clerk.post("/exports", {"list": "desk:queue", "query": "party=person", "reason": "核对个人申请"}).content))
    assert [(row[2], row[3], row[7]) for row in book.active.iter_rows(min_row=3, values_only=True)] == [("邵文君", "本人", "期限未定")]
    address = f"/desk/cases/{case.number}"
    clerk.post(address, {"deed": "take"})
    assert "承办人：经办甲" in Notice.objects.filter(person=person).latest("id").body
    assert clerk.post(address, {"deed": "approve", "note": "打过电话"}).status_code == 422, "a clerk does not decide"
    assert reviewer.post(address, {"deed": "approve", "note": " "}).status_code == 422, "the person is owed a reason"
    assert reviewer.post(address, {"deed": "approve", "note": "打过电话，是本人"}).status_code == 302
    person.refresh_from_db()
    assert phone(person) == "13900000001" and person.phone_mask == "139****0001"
    page = resident.get(f"/me/requests/{case.number}").content.decode()
    assert "改前、改后" in page and "138****0000" in page and "139****0001" in page and "打过电话，是本人" in page
    assert "个人信息保护法 第五十条" in page, "where to turn"
    assert "原为“138****0000”，现为“139****0001”" in Notice.objects.get(person=person, title="您的信息已更正").body
    ledger.sequence()
    assert "139****0001" in resident.get(f"/open/receipts/{case.number}.json").json()["record"]
    assert resident.get(f"/open/receipts/{case.number}.pdf").content[:5] == b"%PDF-"
    assert resident.post(f"/me/requests/{case.number}", {"deed": "rate", "stars": "5"}).status_code == 302


def test_a_name_needs_proof_and_two_officers_and_recipients_of_the_wrong_one_are_told(hired, officers):
    person, resident = hired
    now = timezone.now()
    agreement, other = (
        Agreement.objects.create(
            recipient=name, purpose="核对低保家庭", legal_basis="社会救助暂行办法", columns=columns, clear=[], division="330802",
            population="residents", valid_from=now.date(), valid_until=now.date() + datetime.timedelta(days=9), state="approved",
            proposed_by_id=1, proposed_by_name="某人", proposed_at=now,
        ) for name, columns in (("民政部门", ["name", "insured"]), ("医保部门", ["insured"]))
    )
    for one in (agreement, other):
        log_readings(Recipient(one.pk, one.recipient), [person.pk], purpose=one.purpose, what="共享：姓名")
    sharer = an_officer(Role.OPERATOR)
    form = {"ref": "", "right": "邵文珺", "reason": "身份证上是珺字", "once": "a"}
    bare = resident.post("/me/corrections/name", form)
    assert bare.status_code == 422 and "要附材料" in bare.content.decode() and "邵文珺" in bare.content.decode()
    for bad, why in ((photo(data=b""), "空文件"), (photo("x.jpg", b"MZ" + b"0" * 99), "不是照片或PDF"), (photo(data=PHOTO[:4] + b"0" * 9_000_000), "超过8MB")):
        answer = resident.post("/me/corrections/name", {**form, "files": bad})
        assert answer.status_code == 422 and why in answer.content.decode()
    case = asked(resident.post("/me/corrections/name", {**form, "files": [photo(), photo("b.png", b"\x89PNG\r\n\x1a\n00")]}))
    assert case.files.count() == 2 and PHOTO not in bytes(case.files.earliest("id").sealed)

    clerk, reviewer = officers
    file = case.files.earliest("id")
    assert clerk.get(f"/desk/cases/{case.number}/files/{file.pk}").content == PHOTO
    assert Reading.objects.filter(person_id=person.pk, what="材料：身份证.jpg", case_number=case.number).exists()
    assert signed_in(an_officer(division="330825")).get(f"/desk/cases/{case.number}/files/{file.pk}").status_code == 404
    clerk.post(f"/desk/cases/{case.number}", {"deed": "take"})
    alone = reviewer.post(f"/desk/cases/{case.number}", {"deed": "approve", "note": "是"})
    assert alone.status_code == 422 and "须两人办理" in alone.content.decode()
    decide(officers, case)
    person.refresh_from_db()
    assert person.name == "邵文珺" and Corrected.objects.get().agreement == agreement, "only who got the name"
    assert "民政部门" in Notice.objects.get(person=person, title="您的信息已更正").body
    assert Leaf.objects.filter(kind="sharing.corrected", case_number=case.number).count() == 1
    assert "民政部门" in Notice.objects.get(account=sharer).body
    stranger = signed_in(a_resident()[1])
    assert stranger.get(f"/me/requests/{case.number}").status_code == 404
    assert stranger.get(f"/me/requests/{case.number}/files/{file.pk}").status_code == 404


def test_what_insurance_holds_is_put_right_in_one_deed(hired, officers):
    person, resident = hired
    base = BasePeriod.objects.get(enrolment__person=person)
    assert resident.post("/me/corrections/wage", {"ref": base.pk, "right": "abc", "reason": "工资条不是这个数", "files": photo()}).status_code == 422
    wage = asked(resident.post("/me/corrections/wage", {"ref": base.pk, "right": "7200", "reason": "工资条不是这个数", "files": photo()}))
    decide(officers, wage)
    base.refresh_from_db()
    assert (base.wage_fen, base.base_fen) == (720000, 720000)
    assert "金额不公开" in Leaf.objects.get(kind="correction.settle", case_number=wage.number).record

    spell = Enrolment.objects.get(person=person)
    earlier = (spell.since.replace(day=1) - datetime.timedelta(days=40)).replace(day=1)
    start = asked(resident.post("/me/corrections/enrolment_since", {"ref": spell.pk, "right": earlier.isoformat(), "reason": "早就上班了", "files": photo()}))
    decide(officers, start)
    spell.refresh_from_db()
    assert spell.since == earlier and BasePeriod.objects.get(enrolment=spell).valid_from == earlier
    assert set(spell.coverages.exclude(scheme="work_injury").values_list("since", flat=True)) == {earlier}

    lost = asked(resident.post("/me/corrections/month", {"ref": "2019-03", "right": "4500", "reason": "在杭州缴过", "files": photo()}))
    decide(officers, lost)
    assert "4,500" in resident.get("/me/contributions?year=2019").content.decode()
    other = a_person()
    assert signed_in(a_resident(other)[1]).get(f"/me/corrections/wage?ref={base.pk}").status_code == 404


def test_refused_with_reasons_and_where_to_turn(hired, officers):
    person, resident = hired
    case = asked(resident.post("/me/corrections/division", {"ref": "", "right": "330803", "reason": "搬家了"}) if place() else None)
    clerk, _ = officers
    address = f"/desk/cases/{case.number}"
    clerk.post(address, {"deed": "take"})
    clerk.post(address, {"deed": "ask_correction", "note": "请附居住证明"})
    page = resident.get(f"/me/requests/{case.number}").content.decode()
    assert "请附居住证明" in page
    assert resident.post(f"/me/requests/{case.number}", {"deed": "answer"}).status_code == 422
    assert resident.post(f"/me/requests/{case.number}", {"deed": "answer", "answer": "见附件", "files": photo("居住证.jpg")}).status_code == 302
    assert case.files.count() == 1
    clerk.post(address, {"deed": "refuse", "code": "no_proof", "note": "居住证已过期", "then": "换领新证后再申请"})
    page = resident.get(f"/me/requests/{case.number}").content.decode()
    assert "不予办理" in page and "居住证已过期" in page and "人民法院" in page
    assert "换领新证后再申请" in Notice.objects.filter(person=person).latest("id").body


def place():
    from renshe.kernel.subjects.models import Place

    return Place.objects.get_or_create(code="330803", defaults={"name": "衢江区", "level": "county"})


def test_an_explanation_is_frozen_and_a_human_looks_again(hired, officers):
    person, resident = hired
    page = resident.get("/me/decisions/benefit/unemployment_right?registered=false&left_on=2026-10-01").content.decode()
    assert "失业" in page and "依据" in page
    explained = asked(resident.post("/me/decisions/benefit/unemployment_right", {"registered": "false", "once": "a"}))
    assert explained.state == "decided" and explained.policy_version.startswith("unemployment_right@")
    before = resident.get(f"/me/requests/{explained.number}").content.decode()
    assert "逐条核对" in before and "没有达到" in before and "请人再看" in before
    assert resident.post(f"/me/requests/{explained.number}/review", {"reason": "不服"}).status_code == 422
    case = asked(resident.post(f"/me/requests/{explained.number}/review", {"reason": "我在杭州缴过五年，没有算进去", "once": "b"}))
    assert case.kind == "decision_review" and case.policy_version == explained.policy_version
    clerk, reviewer = officers
    address = f"/desk/cases/{case.number}"
    assert "我在杭州缴过五年" in clerk.get(address).content.decode() and "逐条核对" in clerk.get(address).content.decode()
    clerk.post(address, {"deed": "take"})
    unsaid = reviewer.post(address, {"deed": "approve", "note": "查到杭州的记录"})
    assert unsaid.status_code == 422 and "复核结论" in unsaid.content.decode()
    assert reviewer.post(address, {"deed": "approve", "note": "查到杭州的缴费记录，可以享受", "answer-outcome": "change"}).status_code == 302
    found = Reviewed.objects.get()
    assert (found.outcome, found.decision, found.person) == ("change", "benefit:unemployment_right", person)
    assert "查到杭州的缴费记录" in resident.get(f"/me/requests/{case.number}").content.decode()
    assert "改变原来的结论" in resident.get("/me/decisions").content.decode()
    Enrolment.objects.update(until=None)
    assert resident.get(f"/me/requests/{explained.number}").content.decode().count("没有达到") == before.count("没有达到")


def test_a_settled_hire_is_explained_and_its_wage_put_right_by_review(hired, officers):
    person, resident = hired
    settled = Case.objects.get(kind="hire")
    assert f"/me/decisions/case/{settled.number}" in resident.get("/me/decisions").content.decode()
    page = resident.get(f"/me/decisions/case/{settled.number}").content.decode()
    assert "缴费基数" in page and "社会保险法" in page and "6500.00元" in page
    explained = asked(resident.post(f"/me/decisions/case/{settled.number}", {"once": "a"}))
    base = BasePeriod.objects.get(enrolment__person=person)
    case = asked(resident.post(f"/me/requests/{explained.number}/review", {
        "reason": "合同上写的是七千二", "about": f"wage:{base.pk}", "right": "7200", "once": "b",
    }))
    decide(officers, case, answers={"outcome": "change"}, note="合同载明7200元")
    base.refresh_from_db()
    assert base.wage_fen == 720000 and "wage" not in Leaf.objects.get(kind="decision_review.settle").record
    assert signed_in(a_resident()[1]).get(f"/me/decisions/case/{settled.number}").status_code == 404


def test_who_decided_does_not_look_again(hired, officers):
    """A case that officers had a hand in is looked at by somebody else."""
    _, resident = hired
    clerk, reviewer = officers
    settled = Case.objects.get(kind="hire")
    explained = asked(resident.post(f"/me/decisions/case/{settled.number}", {"once": "a"}))
    case = asked(resident.post(f"/me/requests/{explained.number}/review", {"reason": "我没有在那里上班"}))
    from renshe.kernel.cases.models import CaseEvent

    decided = CaseEvent.objects.filter(case=settled).earliest("id")
    CaseEvent.objects.filter(pk=decided.pk).update(deed="approve", actor_id=int(clerk.session["_auth_user_id"]))
    answer = clerk.post(f"/desk/cases/{case.number}", {"deed": "take"})
    assert answer.status_code == 422 and "须由其他人员办理" in answer.content.decode()
    assert reviewer.post(f"/desk/cases/{case.number}", {"deed": "take"}).status_code == 302


def test_deletion_goes_piece_by_piece_and_what_law_keeps_is_only_stored(hired, officers):
    person, resident = hired
    Enrolment.objects.filter(person=person).update(until=timezone.localdate())
    name = asked(resident.post("/me/corrections/name", {"right": "邵文珺", "reason": "身份证上是珺字", "files": photo()}))
    decide(officers, name)
    ledger.sequence()
    officers[0].post("/desk/persons", {"q": citizen_id(person), "purpose": "稽核"})
    page = resident.get("/me/erasure").content.decode()
    assert "社会保险法 第七十四条" in page and "网络数据安全管理条例 第十二条" in page
    assert resident.post("/me/erasure", {}).status_code == 422
    case = asked(resident.post("/me/erasure", {"items": ["phone", "files", "records", "insurance", "readings"], "reason": "不再用"}))
    before = Leaf.objects.get(kind="correction.settle")
    body = bytes(before.body)
    decide(officers, case, answers={"phone": "erase", "files": "erase", "records": "erase"}, note="核实是本人")
    person.refresh_from_db()
    assert phone(person) == "" and CaseFile.objects.get().sealed is None and ShredKey.objects.get(kind="case_file").key_sealed is None
    before.refresh_from_db()
    assert before.record == "" and bytes(before.body) == body, "the entry stays, its record is gone"
    assert Leaf.objects.filter(kind="privacy.shred").count() == 1 and Leaf.objects.filter(kind="ledger.destroy").exists()
    page = resident.get(f"/me/requests/{case.number}").content.decode()
    assert page.count("已删除") >= 3 and "依法保存" in page
    told = Notice.objects.get(person=person, title="您的删除申请有结果了").body
    assert "只存储" in told and "仍用于履行法定职责" in told
    assert "已限于存储" in resident.get("/me/erasure").content.decode()
    assert "手机号码、您交来的证件照片和材料、" in resident.get("/me/requests?kind=erasure").content.decode()
    verify = resident.get(f"/open/verify/{name.number}").content.decode()
    assert "已在账本中" in verify


def test_what_is_stored_only_is_not_shared(hired, officers):
    from renshe.kernel.sharing.actions import disclose

    person, resident = hired
    now = timezone.now()
    agreement = Agreement.objects.create(
        recipient="民政部门", purpose="核对低保家庭", legal_basis="社会救助暂行办法", columns=["insured", "division"], clear=[], division="330802",
        population="residents", valid_from=now.date(), valid_until=now.date() + datetime.timedelta(days=9), state="approved",
        proposed_by_id=1, proposed_by_name="某人", proposed_at=now,
    )
    ask = lambda: disclose(agreement, [citizen_id(person)], purpose="核对低保家庭", matter="甲1")[0]["data"]  # noqa: E731
    assert set(ask()) == {"insured", "division"}
    Enrolment.objects.filter(person=person).update(until=timezone.localdate())
    decide(officers, asked(resident.post("/me/erasure", {"items": ["insurance"]})), note="依法保存")
    assert set(ask()) == {"division"}
    clerk = officers[0]
    clerk.post("/desk/persons", {"q": citizen_id(person), "purpose": "稽核"})
    page = clerk.get(f"/desk/persons/{person.pk}").content.decode()
    assert "依本人申请只存储" in page and "测试有限公司" not in page.split("劳动合同")[0]
    assert release_used() == 0
    Enrolment.objects.filter(person=person).update(until=None)  # hired anew
    assert release_used() == 1 and release_used() == 0
    assert set(ask()) == {"insured", "division"} and Notice.objects.filter(person=person, title="一项信息恢复使用").exists()


def test_the_answer_has_a_day_once_the_bureau_has_set_one(hired):
    _, resident = hired
    assert "尚未公布" in resident.get("/me/requests").content.decode()
    one, other = an_officer(Role.OPERATOR), an_officer(Role.REVIEWER)
    entry = {"deed": "enter", "parameter": "rights_answer_days", "value": "15", "valid_from": "2026-01-01", "document": "本局规程", "article": "第三条"}
    assert signed_in(one).post("/desk/values", entry).status_code == 302
    assert signed_in(other).post("/desk/values", {"deed": "confirm", "entry": EnteredValue.objects.get().pk}).status_code == 302
    forget()
    case = asked(resident.post("/me/corrections/phone", {"right": "13900000001", "reason": "换了号码"}))
    assert case.due_on is not None and case.due_on >= timezone.localdate() + datetime.timedelta(days=15)
    assert f"{case.due_on:%Y年%m月%d日}" in Notice.objects.filter(person=case.person).latest("id").body
    Case.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=9))
    assert actions.remind() == 1
    assert "已超期" in signed_in(other).get("/desk/inbox").content.decode() and "▲" in signed_in(other).get("/desk/").content.decode()
    EnteredValue.objects.all().delete()
    forget()


def test_a_copy_on_paper_verifies(hired):
    _, resident = hired
    answer = resident.post("/me/data/copy", {"form": "pdf"})
    assert answer.content[:5] == b"%PDF-" and "pdf" in answer.headers["Content-Disposition"]
    ledger.sequence()
    from renshe.kernel.ledger import queries

    case = Case.objects.get(kind="data_copy")
    code = queries.receipt_code(queries.leaves_of(case.number)[-1])
    page = resident.get(f"/open/verify/{case.number}?d={code}").content.decode()
    assert "属实" in page and "文件摘要" in page and "邵*君" in page
    data = resident.post("/me/data/copy", {"form": "json"}).json()
    assert data["格式"] == "renshe-copy/1" and all(one["表名"] for one in data["数据"])
    assert next(one for one in data["数据"] if one["表"] == "个人")["字段"]["姓名"] == "name"


def test_programs_ask_the_same(hired, officers):
    """The API asks for what the pages ask for, once per key, and refuses in one shape."""
    person, resident = hired
    api = "/api/v1/own"
    rows = resident.get(f"{api}/register").json()
    assert {"field": "phone", "ref": "", "label": "手机号码", "value": "138****0000", "needs_proof": False} in rows
    form = {"field": "phone", "right": "13900000001", "reason": "换了号码"}
    first = resident.post(f"{api}/corrections", form, headers={"Idempotency-Key": "k1"})
    assert first.status_code == 201 and first.json()["lines"][0] == ["哪一项", "手机号码"] and first.json()["due_on"] is None
    assert resident.post(f"{api}/corrections", form, headers={"Idempotency-Key": "k1"}).json() == first.json()
    other = resident.post(f"{api}/corrections", {**form, "right": "13900000002"}, headers={"Idempotency-Key": "k1"})
    assert other.status_code == 409 and other.json()["reasons"][0]["code"] == "key_reused"
    bare = resident.post(f"{api}/corrections", {"field": "name", "right": "邵文珺", "reason": "珺字"})
    assert bare.status_code == 422 and {one["field"] for one in bare.json()["reasons"]} == {"reason", "files"}
    assert resident.post(f"{api}/corrections", {"field": "name", "right": "邵文珺", "reason": "是珺字", "files": photo()}).status_code == 201
    number = first.json()["number"]
    assert resident.post(f"{api}/requests/{number}/withdrawal").json()["state"] == "withdrawn"
    explained = resident.post(f"{api}/decisions/benefit/unemployment_right/explanation", {"answers": {"registered": "false"}},
                              content_type="application/json").json()
    assert explained["decision"]["conditions"] and explained["decision"]["version"].startswith("unemployment_right@")
    asked_again = resident.post(f"{api}/explanations/{explained['number']}/review", {"reason": "少算了五年"}).json()
    assert asked_again["kind"] == "decision_review" and asked_again["state"] == "submitted"
    assert any(not one["may_be_deleted"] and "第七十四条" in one["article"] for one in resident.get(f"{api}/erasable").json())
    assert resident.post(f"{api}/erasures", {"items": ["nothing"]}, content_type="application/json").status_code == 422
    assert resident.post(f"{api}/erasures", {"items": ["phone"]}, content_type="application/json").status_code == 201
    copy = resident.post(f"{api}/copies")
    assert copy.json()["格式"] == "renshe-copy/1" and Case.objects.get(number=copy.headers["Renshe-Request"]).state == "decided"
    assert resident.get(f"{api}/requests").json()["total"] == Case.objects.filter(organisation=None, person=person).count()
    assert signed_in(a_resident()[1]).get(f"{api}/requests/{number}").status_code == 404
    assert officers[0].get(f"{api}/requests").status_code == 403


def test_somebody_noted_as_dead_by_mistake_is_alive_again(hired, officers):
    person, resident = hired
    assert "健在情况" not in resident.get("/me/corrections").content.decode()
    Person.objects.filter(pk=person.pk).update(deceased_on=datetime.date(2026, 1, 5))
    assert "已故（2026-01-05）" in resident.get("/me/corrections").content.decode()
    case = asked(resident.post("/me/corrections/deceased_on", {"right": "健在", "reason": "我还活着", "files": photo()}))
    decide(officers, case, note="本人到窗口，核对身份证")
    person.refresh_from_db()
    assert person.deceased_on is None


def test_a_number_of_somebody_else_is_not_given_twice(hired, officers):
    person, resident = hired
    other = a_person()
    case = asked(resident.post("/me/corrections/citizen_id", {"right": citizen_id(other), "reason": "录错了号码", "files": photo()}))
    clerk, reviewer = officers
    address = f"/desk/cases/{case.number}"
    clerk.post(address, {"deed": "take"})
    clerk.post(address, {"deed": "propose", "note": "同意"})
    answer = reviewer.post(address, {"deed": "approve", "note": "同意"})
    assert answer.status_code == 422 and "已登记在另一个人名下" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "review", "all or nothing"
    assert citizen_id(Person.objects.get(pk=person.pk)) != citizen_id(other)


def test_a_consent_is_withdrawn_by_one_press_and_may_be_given_anew(hired, officers):
    person, client = hired
    page = client.get("/me/consents").content.decode()
    assert "同意中" in page and "138****0000" in page and "单位为您办参保时填的" in page and f"{timezone.localdate():%Y年}" in page
    case = asked(client.post("/me/consents", {"item": "phone", "once": "a"}))
    assert case.state == "decided" and not case.due_on  # nobody judges it
    person.refresh_from_db()
    assert phone(person) == "" and person.phone_mask == "" and "13800000000" not in client.get("/me/consents").content.decode()
    assert asked(client.post("/me/consents", {"item": "phone", "once": "a"})) == case  # pressed twice
    again = client.post("/me/consents", {"item": "phone", "once": "b"})
    assert again.status_code == 422 and "不用再撤回" in again.content.decode() and case.number in again.content.decode()
    assert client.post("/me/consents", {"item": "citizen_id"}).status_code == 422  # held by law, not by consent
    assert {"consent_withdrawal.settle", "person.correct"} == set(Leaf.objects.filter(case_number=case.number).values_list("kind", flat=True))
    assert Notice.objects.get(case_number=case.number).title == "已撤回同意"
    shown = client.get(f"/me/requests/{case.number}").content.decode()
    assert "已经删除，不再使用" in shown and "交法院、仲裁用的证明" in shown
    assert "已撤回" in client.get("/me/consents").content.decode() and Enrolment.objects.filter(person=person, until=None).exists()
    anew = asked(client.post("/me/corrections/phone", {"right": "13900000001", "reason": "换了号"}))
    officers[0].post(f"/desk/cases/{anew.number}", {"deed": "take"})
    assert officers[1].post(f"/desk/cases/{anew.number}", {"deed": "approve", "note": "与本人核对无误"}).status_code == 302
    page = client.get("/me/consents").content.decode()
    assert "同意中" in page and "139****0001" in page and "您自己登记的" in page
    told = client.get("/api/v1/own/consents").json()
    assert told[0]["item"] == "phone" and told[0]["since"] == timezone.localdate().isoformat() and told[0]["ended"] == ""


def test_whom_the_platform_will_not_insure_asks_it_why_though_the_refused_declaration_was_not_kept():
    """A declaration refused at once leaves nothing; the person's own question finds the same condition, frozen, and a human looks."""
    old = a_person(name="邵文君", number=an_id(born="1960-05-01"))
    refused = HIRE.settle([(None, HIRE.declaration.parse(a_hire(name="邵文君", citizen_id=citizen_id(old)))[0])],
                          organisation=an_employer()[0], actor=acting(an_employer()[1]), channel=Channel.FORM)[0]
    assert [one.code for one in refused.reasons] == ["before_retirement"] and not Case.objects.exists()
    resident = signed_in(a_resident(old)[1])
    page = resident.get("/me/benefits/enrolment").content.decode()
    assert refused.reasons[0].text in page and refused.reasons[0].article in page and "用工形式不是劳动合同用工" in page and "employee" not in page
    case = asked(resident.post("/me/decisions/benefit/enrolment", {"once": "a"}))
    assert case.kind == "decision_explanation" and refused.reasons[0].text in resident.get(f"/me/requests/{case.number}").content.decode()
    assert asked(resident.post(f"/me/requests/{case.number}/review", {"reason": "我是管理岗位", "once": "b"})).state == "submitted"
    young = signed_in(a_resident(a_person(number=an_id(born="1990-05-01")))[1])
    assert "可以享受" in young.get("/me/decisions/benefit/enrolment").content.decode()
