"""A resident questions a reading, an auditor answers within the clock; all of it by page."""

import pytest
from django.utils import timezone

from renshe.kernel.access.terms import Role
from renshe.kernel.alerts import queries
from renshe.kernel.alerts.models import Alert, Guarded
from renshe.kernel.alerts.terms import AlertKind
from renshe.kernel.common import calendar
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.privacy.models import Reading
from renshe.kernel.subjects.queries import citizen_id
from tests.factories import a_person, a_resident, an_officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked_at():
    """A resident whose record a clerk has opened, and an auditor."""
    person, resident = a_resident(a_person(name="邵文君"))
    clerk = signed_in(an_officer(name="周慧"))
    clerk.post("/desk/persons", {"q": citizen_id(person), "purpose": "稽核"})
    clerk.get(f"/desk/persons/{person.pk}")
    return person, signed_in(resident), an_officer(Role.AUDITOR, name="吴审")


def test_a_resident_questions_a_reading_and_is_answered(looked_at):
    person, resident, auditor = looked_at
    reading = Reading.objects.filter(person_id=person.pk).latest("id")
    page = f"/me/readings/{reading.pk}"
    assert f'href="{page}">我有疑问' in resident.get("/me/readings").content.decode()
    assert resident.post(page, {"words": " "}).status_code == 422
    assert resident.post(page, {"words": "那天我没有办事，为什么查我"}).status_code == 302
    assert "您已经质疑过" in resident.post(page, {"words": "再问一次，为什么"}).content.decode()

    alert = Alert.objects.get()
    assert alert.due_on == calendar.due_on(timezone.localdate(), 15, "working") == queries.due(AlertKind.QUESTION)
    assert f"{alert.due_on:%Y年}" in resident.get(page).content.decode() and "核查中" in resident.get("/me/readings").content.decode()
    desk = signed_in(auditor)
    assert "本人质疑" in desk.get("/desk/alerts/inbox").content.decode()
    assert f"/desk/alerts/{alert.pk}" in desk.get("/desk/alerts?kind=question&state=open&q=周慧").content.decode()
    text = desk.get(f"/desk/alerts/{alert.pk}").content.decode()
    assert "那天我没有办事" in text and "邵*君" in text and "邵文君" not in text
    assert Reading.objects.filter(person_id=person.pk, reader_id=auditor.pk, purpose="核查本人质疑").count() == 1

    assert desk.post(f"/desk/alerts/{alert.pk}", {"finding": "justified", "answer": ""}).status_code == 422
    assert desk.post(f"/desk/alerts/{alert.pk}", {"finding": "nothing", "answer": "有投诉在办"}).status_code == 422
    assert desk.post(f"/desk/alerts/{alert.pk}", {"finding": "unjustified", "answer": "没有办件，属不当查阅"}).status_code == 302
    assert "没有办件，属不当查阅" in resident.get(page).content.decode() and "看答复" in resident.get("/me/readings").content.decode()
    titles = list(Notice.objects.filter(person=person).order_by("id").values_list("title", flat=True))
    assert titles == ["您的疑问已收到", "您的疑问有答复了"]
    assert set(Leaf.objects.filter(kind__startswith="alerts.").values_list("kind", flat=True)) == {"alerts.raise", "alerts.find"}
    assert "100%" in desk.get("/desk/alerts").content.decode()


def test_nobody_questions_for_another_or_answers_without_being_auditor(looked_at):
    person, _, _ = looked_at
    reading = Reading.objects.filter(person_id=person.pk).latest("id")
    stranger = signed_in(a_resident()[1])
    assert stranger.get(f"/me/readings/{reading.pk}").status_code == 404
    assert stranger.post(f"/me/readings/{reading.pk}", {"words": "替别人问一问"}).status_code == 404
    assert signed_in(an_officer()).get("/desk/alerts").status_code == 403
    assert not Alert.objects.exists()


def test_the_list_of_guarded_people_is_kept_by_two(looked_at):
    person, _, auditor = looked_at
    first, second = signed_in(auditor), signed_in(an_officer(Role.AUDITOR))
    page = "/desk/alerts/guarded"
    assert first.post(page, {"deed": "guard", "citizen_id": "330802199001010000", "reason": "公众人物"}).status_code == 422
    assert first.post(page, {"deed": "guard", "citizen_id": citizen_id(person), "reason": "公众人物"}).status_code == 302
    row = Guarded.objects.get()
    assert first.post(page, {"deed": "confirm", "guarded": row.pk}).status_code == 422
    assert second.post(page, {"deed": "confirm", "guarded": row.pk}).status_code == 302
    text = second.get(page).content.decode()
    assert "保护中" in text and "邵*君" in text and "邵文君" not in text
    assert second.post(page, {"deed": "vanish", "guarded": row.pk}).status_code == 422


def test_alerts_leave_only_with_a_purpose(looked_at):
    desk = signed_in(looked_at[2])
    assert desk.post("/exports", {"list": "desk:alerts", "query": "", "reason": ""}).status_code == 422
    assert desk.post("/exports", {"list": "desk:alerts", "query": "", "reason": "季度审计"}).status_code in (200, 302)
