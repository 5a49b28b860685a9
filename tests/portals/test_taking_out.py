"""Lists with personal data leave with a purpose, a watermark, a trace, and, when big, another person's word."""

import datetime
import io

import openpyxl
import pytest
from django.utils import timezone

from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.privacy.models import Export, Reading
from tests.factories import a_hire, acting, an_employer, an_officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def late_hires():
    """Three hires declared late: cases at the desk of 柯城."""
    organisation, hr = an_employer()
    entries = [(None, HIRE.declaration.parse(a_hire(hired_on="2026-08-01", name=name))[0]) for name in ("张小明", "李大海", "王欣")]
    HIRE.settle(entries, organisation=organisation, actor=acting(hr), channel=Channel.FORM)
    return organisation, hr


def cells(answer) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    return [[str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_a_small_list_goes_at_once_with_purpose_watermark_and_trace(late_hires):
    clerk = an_officer(name="周慧")
    desk = signed_in(clerk)
    assert "张*明" in desk.get("/desk/").content.decode() and "张小明" not in desk.get("/desk/").content.decode()
    ask = {"list": "desk:queue", "query": "q=张小明"}
    refused = desk.post("/exports", {**ask, "reason": "看"})
    assert refused.status_code == 422 and "请写明用途" in refused.content.decode()
    rows = cells(desk.post("/exports", {**ask, "reason": "核对八月迟报人员"}))
    assert "周慧" in rows[0][0] and "核对八月迟报人员" in rows[0][0] and "编号" in rows[0][0]
    assert [row[2] for row in rows[2:]] == ["张小明"]  # the filter of the page holds
    export = Export.objects.get()
    assert export.state == "taken" and export.digest and export.count == 1
    assert Reading.objects.get(purpose="核对八月迟报人员").what == "导出：办件队列"
    assert {"privacy.export", "privacy.export_taken"} <= set(Leaf.objects.values_list("kind", flat=True))


def test_a_moment_leaves_by_the_clock_here(late_hires):
    _, hr = late_hires
    opened = datetime.datetime(2026, 8, 31, 16, 30, 5, tzinfo=datetime.UTC)
    Case.objects.update(opened_at=opened)
    rows = cells(signed_in(hr).post("/exports", {"list": "employer:cases", "query": ""}))
    assert {row[4] for row in rows[2:]} == {"2026-09-01 00:30:05"}


def test_a_big_list_waits_for_a_second_person(late_hires, settings):
    settings.RENSHE_EXPORT_ALONE = 2
    reviewer = an_officer(Role.REVIEWER)
    asker, second = signed_in(reviewer), signed_in(an_officer(Role.REVIEWER))
    assert asker.post("/exports", {"list": "desk:queue", "query": "", "reason": "季度核对"}).status_code == 302
    export = Export.objects.get()
    take = {"deed": "take"}
    assert asker.post(f"/exports/{export.pk}", take).status_code == 422  # not let go yet
    assert asker.post(f"/exports/{export.pk}", {"deed": "agree"}).status_code == 404  # nor by oneself
    assert signed_in(an_officer()).post(f"/exports/{export.pk}", {"deed": "agree"}).status_code == 302
    elsewhere = signed_in(an_officer(Role.REVIEWER, division="330825"))
    assert elsewhere.post(f"/exports/{export.pk}", {"deed": "agree"}).status_code == 404
    export.refresh_from_db()
    assert export.state == "waiting"  # a clerk has no say, and another county sees nothing
    assert "季度核对" in second.get("/exports").content.decode()
    second.post(f"/exports/{export.pk}", {"deed": "agree"})
    assert second.post(f"/exports/{export.pk}", take).status_code == 404  # only its asker takes it
    assert len(cells(asker.post(f"/exports/{export.pk}", take))) == 5
    Export.objects.update(decided_at=timezone.now() - datetime.timedelta(days=2))
    late = asker.post(f"/exports/{export.pk}", take)
    assert late.status_code == 422 and "超过一天" in late.content.decode()


def test_many_small_lists_are_a_big_one(late_hires, settings):
    """An officer cuts a list into pieces by its filters, each small enough to go alone."""
    settings.RENSHE_EXPORT_ALONE = 2
    asker = signed_in(an_officer(Role.REVIEWER))
    for name, goes in (("张小明", True), ("李大海", True), ("王欣", False)):
        answer = asker.post("/exports", {"list": "desk:queue", "query": f"q={name}", "reason": "核对迟报人员"})
        assert (answer.status_code == 200) is goes, name
    assert [one.state for one in Export.objects.order_by("id")] == ["taken", "taken", "waiting"]
    again = signed_in(an_officer(Role.REVIEWER)).post("/exports", {"list": "desk:queue", "query": "q=王欣", "reason": "核对迟报人员"})
    assert again.status_code == 200  # another officer has not taken any
    Export.objects.update(asked_at=timezone.now() - datetime.timedelta(days=2))
    assert asker.post("/exports", {"list": "desk:queue", "query": "q=王欣", "reason": "核对迟报人员"}).status_code == 200


def test_a_list_that_grew_after_the_second_person_let_it_go_is_asked_for_again(late_hires, settings):
    settings.RENSHE_EXPORT_ALONE = 1
    asker, second = signed_in(an_officer(Role.REVIEWER)), signed_in(an_officer(Role.REVIEWER))
    asker.post("/exports", {"list": "desk:queue", "query": "", "reason": "季度核对"})
    export = Export.objects.get()
    second.post(f"/exports/{export.pk}", {"deed": "agree"})
    organisation, hr = late_hires

    def late(*names: str) -> None:
        entries = [(None, HIRE.declaration.parse(a_hire(hired_on="2026-08-01", name=name))[0]) for name in names]
        HIRE.settle(entries, organisation=organisation, actor=acting(hr), channel=Channel.FORM)

    late("赵一平")
    assert len(cells(asker.post(f"/exports/{export.pk}", {"deed": "take"}))) == 6  # one more: within what goes alone
    late("钱二平", "孙三平")
    readings = Reading.objects.count()
    answer = asker.post(f"/exports/{export.pk}", {"deed": "take"})
    assert answer.status_code == 422 and "申请时有4行，现在有6行" in answer.content.decode()
    assert Reading.objects.count() == readings  # nobody's record left, so nobody's was read


def test_a_refused_list_does_not_leave(late_hires, settings):
    settings.RENSHE_EXPORT_ALONE = 0
    asker, second = signed_in(an_officer()), signed_in(an_officer(Role.AUDITOR))
    asker.post("/exports", {"list": "desk:queue", "query": "", "reason": "季度核对"})
    export = Export.objects.get()
    second.post(f"/exports/{export.pk}", {"deed": "refuse"})
    answer = asker.post(f"/exports/{export.pk}", {"deed": "take"})
    assert answer.status_code == 422 and "不同意" in answer.content.decode()


def test_an_employers_own_staff_needs_no_second_person_but_leaves_a_trace(late_hires, settings):
    settings.RENSHE_EXPORT_ALONE = 0
    organisation, hr = an_employer()
    HIRE.settle([(None, HIRE.declaration.parse(a_hire(name="何晓梅"))[0])], organisation=organisation, actor=acting(hr), channel=Channel.FORM)
    rows = cells(signed_in(hr).post("/exports", {"list": "employer:staff", "query": ""}))
    assert [row[0] for row in rows[2:]] == ["何晓梅"]  # of this employer only
    assert Export.objects.get().reason == "本单位用工管理"


def test_nobody_takes_a_list_of_another_door(late_hires):
    _, hr = late_hires
    for key in ("desk:queue", "desk:audit", "nothing"):
        assert signed_in(hr).post("/exports", {"list": key, "query": "", "reason": "核对人员"}).status_code == 404
    assert not Export.objects.exists()


def test_officers_screens_carry_their_name(late_hires):
    page = signed_in(an_officer(name="周慧")).get("/desk/").content.decode()
    assert 'class="watermark"' in page and "周慧 " in page
    assert "watermark" not in signed_in(late_hires[1]).get("/employer/").content.decode()
