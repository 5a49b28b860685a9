"""What makes a reading unusual, and what an auditor makes of it."""

import datetime
import os
import signal
import subprocess
import sys

import pytest
from django.utils import timezone

from renshe.kernel.access.terms import Finding, Role
from renshe.kernel.alerts import actions, queries
from renshe.kernel.alerts.limits import limits
from renshe.kernel.alerts.models import Alert, Watch
from renshe.kernel.alerts.terms import AlertKind, AlertState
from renshe.kernel.common.verdict import Refused
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.models import Reading
from renshe.kernel.subjects.models import Mandate, Mandating
from tests.factories import LONG_AGO, a_person, acting, an_officer
from tests.journeys.test_roster import database_url

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
LATER = NOON + datetime.timedelta(days=3)


def reads(officer, *persons, at=NOON, what="参保记录", **named):
    """The officer looks at persons at a moment."""
    known = set(Reading.objects.values_list("pk", flat=True))
    log_readings(acting(officer), [one.pk for one in persons], purpose="稽核", what=what, **named)
    Reading.objects.exclude(pk__in=known).update(at=at)


def kinds(officer):
    while actions.detect(LATER):
        pass
    return sorted(Alert.objects.filter(reader_id=officer.pk).values_list("kind", flat=True))


@pytest.mark.parametrize(("hour", "minute", "unusual"), [(21, 59, False), (22, 0, True), (5, 59, True), (6, 0, False), (12, 0, False)])
def test_the_night_is_from_ten_to_six(hour, minute, unusual):
    clerk = an_officer()
    reads(clerk, a_person(), at=NOON.replace(hour=hour, minute=minute))
    assert kinds(clerk) == (["night"] if unusual else [])


def test_one_night_is_one_alert_across_midnight():
    clerk = an_officer()
    reads(clerk, a_person(), at=NOON.replace(hour=23))
    assert kinds(clerk) == ["night"]
    reads(clerk, a_person(), at=NOON.replace(day=21, hour=2))
    assert kinds(clerk) == ["night"]
    assert len(Alert.objects.get().evidence) == 2


def test_bulk_counts_persons_in_any_hour_and_leaves_exports_alone():
    clerk, other = an_officer(), an_officer()
    most = limits()[AlertKind.BULK].numbers["persons"]
    persons = [a_person() for _ in range(most + 1)]
    reads(clerk, *persons[:most])
    reads(clerk, *persons[:5], at=NOON + datetime.timedelta(minutes=20))  # the same people again
    reads(other, *persons, what="导出：办件队列")
    assert kinds(clerk) == [] and kinds(other) == []
    reads(clerk, persons[most], at=NOON + datetime.timedelta(minutes=59))
    assert kinds(clerk) == ["bulk"]
    assert len(Alert.objects.get().evidence) == most + 6


def test_bulk_spread_over_more_than_an_hour_is_ordinary_work():
    clerk = an_officer()
    persons = [a_person() for _ in range(limits()[AlertKind.BULK].numbers["persons"] + 1)]
    reads(clerk, *persons[:60])
    reads(clerk, *persons[60:], at=NOON + datetime.timedelta(minutes=61))
    assert kinds(clerk) == []


def test_neighbours_and_the_own_record():
    clerk = an_officer()
    home = a_person(division="330802005")
    Mandate.objects.create(account=clerk, kind=Mandating.SELF, person=home, valid_from=LONG_AGO)
    near, far, county = a_person(division="330802005"), a_person(division="330802007"), a_person(division="330802")
    reads(clerk, near, case_number="330802-261120-0000000000")
    reads(clerk, far, county)
    assert kinds(clerk) == []  # in a case it is work; another township and an unknown one are no neighbours
    reads(clerk, near, home)
    assert kinds(clerk) == ["neighbour", "own"]
    assert Alert.objects.get(kind="own").person_id == home.pk


def test_somebody_guarded_needs_two_auditors_both_ways():
    first, second, clerk, star = an_officer(Role.AUDITOR), an_officer(Role.AUDITOR), an_officer(), a_person()
    row = actions.guard(star.pk, "公众人物", actor=acting(first))
    reads(clerk, star)
    assert kinds(clerk) == []
    with pytest.raises(Refused):
        actions.confirm(row.pk, actor=acting(first))
    with pytest.raises(Refused):
        actions.guard(star.pk, "公众人物", actor=acting(second))
    actions.confirm(row.pk, actor=acting(second))
    reads(clerk, star)
    assert kinds(clerk) == ["guarded"]
    actions.release(row.pk, actor=acting(second))
    reads(an_officer(), star)
    while actions.detect(LATER):
        pass
    assert Alert.objects.count() == 2  # guarded until the second auditor has agreed
    actions.confirm(row.pk, actor=acting(first))
    with pytest.raises(Refused):
        actions.confirm(row.pk, actor=acting(second))
    reads(clerk, star)
    kinds(clerk)
    assert Alert.objects.count() == 2 and len(Alert.objects.get(reader_id=clerk.pk).evidence) == 1
    assert Leaf.objects.filter(kind="alerts.guard").count() == 4


def test_a_finding_is_final_tells_those_concerned_and_counts_for_precision():
    clerk, auditor = an_officer(), an_officer(Role.AUDITOR)
    one, two = a_person(), a_person()
    reads(clerk, one, two, at=NOON.replace(hour=23))
    kinds(clerk)
    alert = Alert.objects.get()
    assert Notice.objects.filter(account=auditor, kind="alert").count() == 1
    with pytest.raises(Refused):
        actions.find(alert.pk, finding=Finding.UNJUSTIFIED, answer="没有办件", actor=acting(clerk))  # one's own
    for _ in range(2):
        actions.find(alert.pk, finding=Finding.UNJUSTIFIED, answer="没有办件，出于好奇", actor=acting(auditor))
    with pytest.raises(Refused):
        actions.find(alert.pk, finding=Finding.JUSTIFIED, answer="另有说法", actor=acting(auditor))
    assert sorted(Notice.objects.filter(title="您的记录曾被不当查阅").values_list("person_id", flat=True)) == sorted([one.pk, two.pk])
    night = next(row for row in queries.precision() if row.kind is AlertKind.NIGHT)
    assert (night.handled, night.misuse, night.share) == (1, 1, 100)
    reads(clerk, one, at=NOON.replace(hour=23, minute=30))
    assert kinds(clerk) == ["night", "night"]  # what comes after the finding is looked at again
    assert len(Alert.objects.get(state=AlertState.OPEN).evidence) == 1


def test_what_is_late_is_called_once():
    clerk, auditor = an_officer(), an_officer(Role.AUDITOR)
    reads(clerk, a_person(), at=NOON.replace(hour=23))
    kinds(clerk)
    assert actions.remind() == 0
    Alert.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    assert (actions.remind(), actions.remind()) == (1, 0)
    assert Notice.objects.filter(account=auditor, title="预警已超期").count() == 1


def test_fresh_readings_wait_until_slower_deeds_are_seen():
    clerk = an_officer()
    log_readings(acting(clerk), [a_person().pk], purpose="稽核", what="参保记录")
    assert not actions.detect()
    assert actions.detect(timezone.now())


KILLED = """
import os, signal, django
django.setup()
from datetime import datetime
from django.conf import settings
from renshe.kernel.alerts import actions
from renshe.kernel.alerts.models import Watch
told = actions._noted
def dying(kind, found):
    told(kind, found)
    os.kill(os.getpid(), signal.SIGKILL)
actions._noted = dying
actions.detect(datetime.fromisoformat("{until}"))
"""


@pytest.mark.django_db(transaction=True)
def test_a_detector_killed_in_the_middle_looks_again_and_raises_once():
    clerk = an_officer()
    reads(clerk, a_person(), a_person(), at=NOON.replace(hour=23))
    run = subprocess.run(
        [sys.executable, "-c", KILLED.format(until=LATER.isoformat())], capture_output=True, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "renshe.config.settings", "DATABASE_URL": database_url()},
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert not Alert.objects.exists() and not Watch.objects.exclude(cursor=0).exists()
    assert kinds(clerk) == ["night"] and Leaf.objects.filter(kind="alerts.raise").count() == 1
