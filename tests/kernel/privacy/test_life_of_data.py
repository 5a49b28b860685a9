"""Data through its life: new keys lead, stored values follow, old keys die, and what is past its time is destroyed."""

import datetime
import hashlib
import json
import os
import subprocess
import sys
import time

import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from renshe.kernel.access.models import Visit
from renshe.kernel.access.terms import Role
from renshe.kernel.common.verdict import Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.privacy import keys, retention, rotation, sealing, shredding
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.models import Reading, Resealing, ShredKey
from renshe.kernel.rosters import actions as rosters
from renshe.kernel.rosters.models import Roster, RosterFile
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import citizen_id, persons_by_citizen_id
from tests.factories import a_person, acting, an_employer, an_officer, signed_in
from tests.journeys.test_roster import hired
from tests.kernel.rosters.test_workbook import made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ring(settings, tmp_path):
    """A keyring of its own."""
    settings.VAR = tmp_path
    keys.forget()
    yield
    keys.forget()


def settled(version):
    """Every process has read the new key, and what began before is done."""
    path = keys._file(version, keys.DATA)
    os.utime(path, (path.stat().st_mtime - keys.SETTLE_SECONDS - keys.DEED_SECONDS - 1,) * 2)
    keys.forget()


def test_a_new_key_leads_at_once_and_stored_values_follow(ring, monkeypatch):
    monkeypatch.setattr(rotation, "CHUNK", 2)
    people = {one.pk: citizen_id(one) for one in (a_person() for _ in range(5))}
    assert keys.leading() == 1
    assert rotation.begin(by=1) == 2 == keys.leading()
    newcomer = a_person()
    assert sealing.version_of(newcomer.citizen_id_sealed) == 2
    while (job := rotation.advance()).column != "person.citizen_id":
        assert job.finished_at
    assert job.done == 2 and job.total == 5 and job.finished_at is None
    for one in Person.objects.all():  # old and new open side by side
        assert citizen_id(one) == people.get(one.pk, citizen_id(newcomer))
    with pytest.raises(Refused, match="由第1版"):
        rotation.retire(1, by=1)
    while rotation.advance():
        pass
    assert rotation.held(1) == 0 and all(sealing.version_of(one.citizen_id_sealed) == 2 for one in Person.objects.all())
    assert {one.pk: citizen_id(one) for one in Person.objects.exclude(pk=newcomer.pk)} == people
    assert set(persons_by_citizen_id(people.values())) == set(people.values())  # blind indexes stay
    assert not Resealing.objects.filter(finished_at=None).exists()
    with pytest.raises(Refused, match="正在使用"):
        rotation.retire(2, by=1)


def test_a_destroyed_key_opens_nothing_any_more(ring):
    person = a_person()
    rotation.begin(by=1)
    stolen = bytes(a_person().citizen_id_sealed)  # a copy in some backup, sealed with version 2
    assert rotation.begin(by=1) == 3
    while rotation.advance():
        pass
    with pytest.raises(Refused, match="正在办的事还可能由第2版封存"):
        rotation.retire(2, by=1)  # what began before the third key came would lose what it sealed
    settled(3)
    rotation.retire(2, by=1)
    with pytest.raises(sealing.Unreadable, match="已销毁"):
        sealing.unseal("person.citizen_id", stolen)
    person.refresh_from_db()
    assert citizen_id(person)
    assert Leaf.objects.filter(kind="privacy.key_destroyed").count() == 1


def test_rotation_goes_on_after_a_kill(ring, settings):
    for _ in range(30):
        a_person()
    rotation.begin(by=1)
    environment = {"RENSHE_VAR": str(settings.VAR)}
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        environment["DATABASE_URL"] = f"sqlite:///{settings.DATABASES['default']['TEST']['NAME']}"
    code = (
        "import os,signal,django; django.setup()\n"
        "from renshe.kernel.privacy import rotation\n"
        "rotation.CHUNK=7\n"
        "while (job := rotation.advance()).column != 'person.citizen_id': pass\n"
        "print(job.done, flush=True)\n"
        "keep=rotation._moved\n"
        "seen=[]\n"
        "def dies(*one):\n"
        "    seen.append(1)\n"
        "    if len(seen)==4: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return keep(*one)\n"
        "rotation._moved=dies\n"
        "rotation.advance()\n"
    )
    if "DATABASE_URL" not in environment:
        pytest.skip("the killed process writes to the test's own SQLite file")
    killed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "DJANGO_SETTINGS_MODULE": "renshe.config.settings", **environment},
        capture_output=True, text=True, check=False,
    )
    assert killed.returncode == -9 and killed.stdout.strip() == "7", killed.stderr
    assert Resealing.objects.get(column="person.citizen_id").done == 7
    while rotation.advance():
        pass
    assert all(sealing.version_of(one.citizen_id_sealed) == 2 for one in Person.objects.all())
    assert Resealing.objects.get(column="person.citizen_id").done == 30


def test_a_rosters_file_is_destroyed_when_its_time_is_over_and_the_ledger_proves_it():
    organisation, hr = an_employer()
    roster, _ = rosters.receive(made([hired()]), "a.xlsx", "hire", organisation=organisation, actor=acting(hr))
    rosters.settle(roster.pk)
    copy = bytes(RosterFile.objects.get().sealed)
    assert retention.retain()["roster_file"] == 0
    Roster.objects.update(finished_at=timezone.now() - datetime.timedelta(days=91))
    page = signed_in(hr)
    assert page.get(f"/employer/rosters/{roster.pk}/result.xlsx").status_code == 200
    assert retention.retain()["roster_file"] == 1 and retention.retain()["roster_file"] == 0
    with pytest.raises(sealing.Unreadable, match="按规定销毁"):
        shredding.unseal("roster_file", roster.pk, "roster.file", copy)
    assert ShredKey.objects.get().key_sealed is None
    proof = Leaf.objects.get(kind="privacy.shred").record
    assert hashlib.sha256(copy).hexdigest() in proof and "个人信息保护法 第四十七条" in proof
    assert page.get(f"/employer/rosters/{roster.pk}/result.xlsx").status_code == 302
    assert "按保存期限销毁" in page.get(f"/employer/rosters/{roster.pk}").content.decode()


def test_what_was_destroyed_opens_from_a_backup_until_the_key_that_sealed_its_key_is_destroyed(ring, monkeypatch):
    """The whole truth about backups: the row from before brings the thing back, until the ring's version is gone."""
    number = 330802
    blob = shredding.seal("case_file", number, "casefile.sealed", "张小明的病历".encode())
    backup = ShredKey.objects.get()
    shredding.destroy("case_file", number, blob, rule="个人信息保护法 第四十七条")
    assert ShredKey.objects.get().sealed_by == 1 and shredding.opened_by(1) == 1
    operator = signed_in(an_officer(Role.OPERATOR))
    assert "另有 1 件已到期销毁" in operator.get("/desk/keys").content.decode()
    own = sealing.unseal(shredding.COLUMN, backup.key_sealed)
    assert sealing.unseal_with(own, "casefile.sealed", blob).decode() == "张小明的病历"
    rotation.begin(by=1)
    while rotation.advance():
        pass
    with pytest.raises(Refused, match="须先在密钥服务中销毁"):  # the environment gives it to the tests
        rotation.retire(1, by=1)
    assert not Leaf.objects.filter(kind="privacy.key_destroyed").exists()
    monkeypatch.delenv("RENSHE_DATA_KEY")
    monkeypatch.setattr(settings, "RENSHE_DATA_KEY", "")
    settled(2)
    rotation.retire(1, by=1)
    with pytest.raises(sealing.Unreadable, match="已销毁"):
        sealing.unseal(shredding.COLUMN, backup.key_sealed)
    assert "到期销毁：此前的备份" not in operator.get("/desk/keys").content.decode()
    assert json.loads(Leaf.objects.get(kind="privacy.key_destroyed").record)["beyond_restoring"] == 1
    assert json.loads(Leaf.objects.get(kind="privacy.shred").record)["sealed_by"] == 1


def test_logs_are_kept_as_long_as_the_law_asks_and_no_longer():
    person, (_, hr) = a_person(), an_employer()
    for days in (1, 1094, 1096):
        log_readings(acting(hr), [person.pk], purpose="稽核", what="记录")
        newest = Reading.objects.order_by("-id").first()
        Reading.objects.filter(pk=newest.pk).update(at=timezone.now() - datetime.timedelta(days=days))
    for days in (100, 366):
        Visit.objects.create(account=hr, session_key="x", proved_by="password", device="", network="", began_at=timezone.now() - datetime.timedelta(days=days))
    call_command("privacy", "retain")
    assert Reading.objects.count() == 2 and Visit.objects.count() == 1
    assert Leaf.objects.filter(kind="privacy.retention").count() == 2


def test_the_throttle_and_ended_sessions_are_cleared_after_a_day():
    client = Client()
    client.post("/login", {"username": "张小明", "password": "wrong-password"})
    hr = an_employer()[1]
    signed_in(hr).get("/employer/")
    assert not AccessLog.objects.exists() and "wrong-password" not in AccessAttempt.objects.get().post_data
    call_command("privacy", "retain")
    assert AccessAttempt.objects.count() == 1 and Session.objects.count() == 1
    past = timezone.now() - datetime.timedelta(days=1, minutes=1)
    AccessAttempt.objects.update(attempt_time=past)
    Session.objects.update(expire_date=past)
    call_command("privacy", "retain")
    assert not AccessAttempt.objects.exists() and not Session.objects.exists()
    assert Leaf.objects.filter(kind="privacy.retention").count() == 2


def test_records_of_who_took_what_lose_their_text_in_time_and_their_entries_stay():
    for kind, days in (("sharing.disclose", 1096), ("privacy.export", 1094), ("hire.settle", 4000)):
        made = timezone.now() - datetime.timedelta(days=days)
        Leaf.objects.create(**ledger.leaf(kind, "", {"persons": ["7"]}, made))
    ledger.sequence()
    body = bytes(Leaf.objects.get(kind="sharing.disclose").body)
    assert retention.retain()["ledger_record"] == 1 and retention.retain()["ledger_record"] == 0
    gone = Leaf.objects.get(kind="sharing.disclose")
    assert gone.record == "" and bytes(gone.body) == body and gone.position is not None
    assert "网络数据安全管理条例 第十二条" in Leaf.objects.get(kind="ledger.destroy").record
    assert Leaf.objects.get(kind="privacy.export").record and Leaf.objects.get(kind="hire.settle").record


def test_running_processes_see_a_new_key_within_seconds(ring, monkeypatch):
    start = time.monotonic()
    monkeypatch.setattr("renshe.kernel.store.fresh.time.monotonic", lambda: start)
    keys.forget()
    assert keys.leading() == 1
    (keys._folder()).mkdir(parents=True, exist_ok=True)
    (keys._folder() / "renshe_data_key_2").write_text("ab" * 32)
    assert keys.leading() == 1
    monkeypatch.setattr("renshe.kernel.store.fresh.time.monotonic", lambda: start + 6)
    assert keys.leading() == 2


def test_the_operator_changes_the_key_on_a_page_and_the_auditor_sees_the_map(ring):
    operator, auditor = signed_in(an_officer(Role.OPERATOR)), signed_in(an_officer(Role.AUDITOR))
    person = a_person()
    assert "第 1 版" in operator.get("/desk/keys").content.decode()
    assert operator.post("/desk/keys", {"deed": "begin"}).status_code == 302
    assert operator.post("/desk/keys", {"deed": "retire", "version": "1"}).status_code == 422
    call_command("keeper", "privacy", "--once")
    page = operator.get("/desk/keys").content.decode()
    assert "完成" in page and "0 个值由它封存" in page
    person.refresh_from_db()
    assert sealing.version_of(person.citizen_id_sealed) == 2
    shown = auditor.get("/desk/data?level=4").content.decode()
    assert "公民身份号码（密文）" in shown and "区划代码" not in shown and "90 天后销毁" in shown
    assert auditor.get("/desk/data?export=1").headers["Content-Disposition"].endswith(".xlsx")
