"""One roster in, everybody insured: by page and by program, told row by row, and surviving a killed worker."""

import io
import os
import random
import signal
import subprocess
import sys
import time

import openpyxl
import psutil
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.relations.models import LabourContract
from renshe.city.people import people
from renshe.kernel.access import tokens
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from renshe.kernel.rosters import actions
from renshe.kernel.rosters.models import Roster, RosterRefusal
from renshe.kernel.rosters.workbook import LARGEST
from renshe.portals.uploads import FLAG
from tests.factories import acting, an_employer, an_id, days_ago, signed_in
from tests.kernel.rosters.test_workbook import HEADER, made, row

pytestmark = pytest.mark.django_db(transaction=True)


class Chain(io.RawIOBase):
    """Streams one after the other."""

    def __init__(self, parts: list) -> None:
        self.parts = parts

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while self.parts:
            if count := self.parts[0].readinto(buffer):
                return count
            self.parts.pop(0)
        return 0


def upload(client, data, kind="hire", name="增员.xlsx"):
    return client.post("/employer/rosters", {"kind": kind, "roster": SimpleUploadedFile(name, data)})


def hired(**changes):
    return row(**{"用工之日": days_ago(3), **changes})


def test_from_template_to_result_workbook_through_the_pages():
    _, hr = an_employer()
    client = signed_in(hr)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/employer/rosters/template/hire.xlsx").content))
    twice = an_id()
    lines = [
        hired(), hired(公民身份号码="11010519491231002"), hired(公民身份号码=twice), hired(公民身份号码=twice),
        hired(用工之日=days_ago(70)), hired(用工之日="2026-13-01", **{"月工资（元）": "多"}),
    ]
    for one in lines:
        book["名册"].append(one)
    out = io.BytesIO()
    book.save(out)
    response = upload(client, out.getvalue())
    assert response.status_code == 302
    roster = Roster.objects.get()
    progress = client.get(f"/employer/rosters/{roster.pk}/progress")
    assert "已办 0 / 6 行" in progress.content.decode() and "HX-Refresh" not in progress.headers
    actions.settle(roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.accepted, roster.referred, roster.refused) == ("done", 2, 1, 3)
    assert client.get(f"/employer/rosters/{roster.pk}/progress").headers["HX-Refresh"] == "true"
    page = client.get(f"/employer/rosters/{roster.pk}").content.decode()
    assert "与第4行重复" in page
    result = openpyxl.load_workbook(io.BytesIO(client.get(f"/employer/rosters/{roster.pk}/result.xlsx").content))
    outcomes = [line[len(HEADER)].value for line in result["全部"].iter_rows(min_row=2)]
    assert outcomes == ["已办结", "未通过", "已办结", "未通过", "转人工核实（已提交）", "未通过"]
    both = next(line for line in result["全部"].iter_rows(min_row=7, values_only=True))
    assert "用工之日" in both[12] and "月工资" in both[12]  # every reason, not the first
    assert len(list(result["未通过"].iter_rows(min_row=2))) == 3
    assert Notice.objects.filter(organisation=roster.organisation, kind="roster").count() == 1


def test_the_refused_sheet_can_be_mended_and_uploaded_again():
    _, hr = an_employer()
    client = signed_in(hr)
    upload(client, made([hired(), hired(公民身份号码="1")]))
    roster = Roster.objects.get()
    actions.settle(roster.pk)
    result = openpyxl.load_workbook(io.BytesIO(client.get(f"/employer/rosters/{roster.pk}/result.xlsx").content))
    result["未通过"]["B2"] = an_id()
    out = io.BytesIO()
    result.save(out)
    upload(client, out.getvalue(), name="改好.xlsx")
    second = Roster.objects.exclude(pk=roster.pk).get()
    actions.settle(second.pk)
    second.refresh_from_db()
    assert (second.accepted, second.refused) == (1, 0) and Enrolment.objects.count() == 2


def test_the_same_file_twice_is_done_once_and_says_so():
    _, hr = an_employer()
    client = signed_in(hr)
    data = made([hired()])
    first, again = upload(client, data), upload(client, data)
    assert again.url == first.url + "?same=1" and "没有重复办理" in client.get(again.url).content.decode()
    actions.settle(Roster.objects.get().pk)
    actions.settle(Roster.objects.get().pk)
    assert Enrolment.objects.count() == 1


def test_a_file_that_is_not_taken_keeps_nothing():
    _, hr = an_employer()
    response = upload(signed_in(hr), b"not a workbook")
    assert response.status_code == 422 and "请用下载的模板" in response.content.decode()
    assert not Roster.objects.exists()


class Endless(io.RawIOBase):
    """A file of two hundred megabytes that takes no room."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = min(len(buffer), self.left)
        buffer[:count] = b"0" * count
        self.left -= count
        return count


@pytest.mark.parametrize("size", [200 * 1024 * 1024, LARGEST + 1000])
def test_a_file_of_two_hundred_megabytes_is_stopped_without_filling_memory(size):
    head = b'--b\r\nContent-Disposition: form-data; name="roster"; filename="a.xlsx"\r\nContent-Type: x/y\r\n\r\n'
    body = io.BufferedReader(Chain([io.BytesIO(head), Endless(size), io.BytesIO(b"\r\n--b--\r\n")]))
    length = len(head) + size + 9
    request = RequestFactory().generic("POST", "/employer/rosters", b"x", content_type="multipart/form-data; boundary=b")
    request.META.update(CONTENT_LENGTH=str(length))
    request._stream, request._read_started = body, False
    before = psutil.Process().memory_info().rss
    assert "roster" not in request.FILES and FLAG in request.META
    assert psutil.Process().memory_info().rss - before < 60 * 1024 * 1024


def test_by_program_with_the_same_answers():
    _, hr = an_employer()
    headers = {"Authorization": f"Bearer {tokens.issue(hr, label='试', days=1)}"}
    client, data = Client(), made([hired(), hired(公民身份号码="1")])
    files = lambda: {"roster": SimpleUploadedFile("a.xlsx", data)}  # noqa: E731
    first = client.post("/api/v1/rosters?kind=hire", files(), headers=headers)
    assert first.status_code == 201 and client.post("/api/v1/rosters?kind=hire", files(), headers=headers).status_code == 200
    actions.settle(int(first.json()["id"]))
    found = client.get(f"/api/v1/rosters/{first.json()['id']}", headers=headers).json()
    assert (found["state"], found["accepted"], found["refused"]) == ("done", 1, 1)
    assert client.get(f"/api/v1/rosters/{found['id']}/result", headers=headers).content[:2] == b"PK"
    bad = client.post("/api/v1/rosters?kind=hire", {"roster": SimpleUploadedFile("a.xlsx", b"zzz")}, headers=headers)
    assert bad.status_code == 422 and bad.json()["reasons"][0]["code"] == "not_workbook"


def test_leaving_and_base_change_by_roster():
    _organisation, hr = an_employer()
    client = signed_in(hr)
    first, second = an_id(), an_id()
    upload(client, made([hired(公民身份号码=first), hired(公民身份号码=second)]))
    actions.settle(Roster.objects.get().pk)
    BasePeriod.objects.update(valid_from="2026-01-01")
    upload(client, made([["张小明", first, "7200", days_ago(0)]], header=["姓名", "公民身份号码", "月工资（元）", "变更月份"]), kind="base_change")
    upload(client, made([["张小明", second, days_ago(0), "调出"]], header=["姓名", "公民身份号码", "离职日", "停保原因"]), kind="leave")
    for roster in Roster.objects.all():
        actions.settle(roster.pk)
    assert BasePeriod.objects.filter(valid_until=None).get().wage_fen == 720000
    assert Enrolment.objects.filter(until=None).count() == 1


ROWS = int(os.environ.get("ROWS", "10000"))


def a_large_roster(count: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for at, one in enumerate(people(count, 7, youngest=20, oldest=45), 1):
        number = one.citizen_id if at % 100 else one.citizen_id[:-1]  # one in a hundred is damaged
        sheet.write_row(at, 0, [one.name, number, one.phone, days_ago(2), "劳动合同用工", "6500", "管理技术岗位", "装配工", "固定期限", "2029-11-19"])
    book.close()
    return out.getvalue()


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


DYING = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
moves, more = map(int, sys.argv[1:])  # of the roster: taken up, then a chunk further; then statements of the chunk after
def dying(execute, sql, params, many, context):
    global moves, more
    if moves:
        moves -= sql.startswith('UPDATE "rosters_roster"')
    elif more:
        more -= 1
    else:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
connection.execute_wrappers.append(dying)
call_command("keeper", "rosters", "--once")
"""


def test_a_worker_killed_again_and_again_loses_doubles_and_halves_nothing():
    """Each worker dies at a statement of its own, so that every kill falls inside the roster however fast the machine is."""
    organisation, hr = an_employer()
    roster, _ = actions.receive(a_large_roster(ROWS), "大名册.xlsx", "hire", organisation=organisation, actor=acting(hr))
    environment = {**os.environ, "DATABASE_URL": database_url(), "RENSHE_LEASE_SECONDS": "0.3",
                   "DJANGO_SETTINGS_MODULE": "renshe.config.settings"}
    dice, cursors = random.Random(11), []
    for _ in range(4):
        at = str(dice.randrange(2, 5)), str(dice.randrange(6))
        worker = subprocess.run([sys.executable, "-c", DYING, *at], env=environment, capture_output=True, text=True)
        assert worker.returncode == -signal.SIGKILL, worker.stderr
        roster.refresh_from_db()
        cursors.append(roster.cursor)
        while roster.lease_until and roster.lease_until > timezone.now():
            time.sleep(0.05)
    subprocess.run([sys.executable, "-m", "renshe", "keeper", "rosters", "--once"], env=environment, check=True)
    roster.refresh_from_db()
    assert roster.state == "done" and 0 < cursors[0] < cursors[1] < cursors[2] < cursors[3] < ROWS, cursors
    assert (roster.accepted, roster.referred, roster.refused) == (ROWS - ROWS // 100, 0, ROWS // 100)
    decided = set(Case.objects.filter(roster_id=roster.pk).values_list("line", flat=True))
    refused = set(RosterRefusal.objects.values_list("line", flat=True))
    assert decided | refused == set(range(2, ROWS + 2)) and not decided & refused
    accepted = ROWS - ROWS // 100
    assert Case.objects.count() == Enrolment.objects.count() == BasePeriod.objects.count() == accepted
    assert Coverage.objects.count() == 4 * accepted and LabourContract.objects.count() == accepted
    assert CaseEvent.objects.count() == accepted == Leaf.objects.filter(kind="hire.settle").count()
    assert Leaf.objects.filter(kind="roster.finish").count() == 1
    subprocess.run([sys.executable, "-m", "renshe", "keeper", "ledger", "--once"], env=environment, check=True)
    assert not Leaf.objects.filter(position=None).exists()
