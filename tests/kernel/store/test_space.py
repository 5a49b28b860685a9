"""Room on the disks: told in time, and what is large is refused before what is small."""

import io
from collections import namedtuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from renshe.config.management.commands import serve
from renshe.kernel.access import tokens
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.models import Case
from renshe.kernel.rosters.models import Roster
from renshe.kernel.store import space
from tests.factories import a_hire, an_employer, an_officer, signed_in

Usage = namedtuple("Usage", "total used free")
GB = 1024 ** 3


@pytest.fixture
def left(monkeypatch, settings):
    """Says how many bytes are free on every disk."""
    settings.RENSHE_LOW_SPACE_MB, settings.RENSHE_TIGHT_SPACE_MB = 5120, 1024

    def free(count):
        monkeypatch.setattr(space.shutil, "disk_usage", lambda path: Usage(100 * GB, 100 * GB - count, count))
        space.worst.forget()

    yield free
    space.worst.forget()


def test_a_disk_is_named_once_with_all_that_lies_on_it(settings, tmp_path, monkeypatch):
    settings.RENSHE_JOURNAL, settings.RENSHE_DATABASE_DISK = str(tmp_path / "not" / "yet" / "made"), str(tmp_path)
    device = space._device
    monkeypatch.setattr(space, "_device", lambda path: 7 if path == tmp_path else device(path))
    found = {one.path: one for one in space.disks()}
    assert found[tmp_path].holds == ("数据库", "日志副本"), "a folder still to be made lies where its parent does"
    assert sum(len(one.holds) for one in found.values()) == 5 and found[tmp_path].size >= found[tmp_path].free > 0
    assert list(found.values()) == sorted(found.values(), key=lambda one: one.free)


@pytest.mark.parametrize(("free", "code", "word"), [(6 * GB, 0, "够用"), (2 * GB, 1, "不多"), (GB // 2, 2, "将满")])
def test_what_watches_the_machine_is_told_by_an_exit_code(left, free, code, word, caplog):
    left(free)
    out = io.StringIO()
    try:
        call_command("space", stdout=out)
        ended = 0
    except SystemExit as end:
        ended = end.code
    assert ended == code and word in out.getvalue()
    serve._warn_of_full_disks()
    assert (word in caplog.text) == bool(code), "and the log says so"


@pytest.mark.django_db
def test_operators_are_told_before_it_is_full(left):
    operator, clerk = signed_in(an_officer(Role.OPERATOR)), signed_in(an_officer(Role.CLERK))
    left(6 * GB)
    assert "磁盘空间不多了" not in operator.get("/desk/accounts").content.decode()
    left(2 * GB)
    assert "磁盘空间不多了" in operator.get("/desk/accounts").content.decode()
    assert "磁盘空间不多了" not in clerk.get("/desk/").content.decode(), "others cannot do anything about it"
    assert "不多" in operator.get("/desk/disks").content.decode()
    left(GB // 2)
    page = operator.get("/desk/disks").content.decode()
    assert "将满" in page and "512 MB" in page and "现在不收文件" in page


@pytest.mark.django_db
def test_files_are_refused_while_declarations_are_still_taken(left):
    _, hr = an_employer()
    client = Client(raise_request_exception=False)
    client.force_login(hr, backend="django.contrib.auth.backends.ModelBackend")
    bearer = {"Authorization": f"Bearer {tokens.issue(hr, label='试', days=1)}"}

    def given():
        return {"roster": SimpleUploadedFile("名册.xlsx", b"content")}

    left(GB // 2)
    page = client.post("/employer/rosters", {"kind": "hire", **given()})
    assert page.status_code == 503 and "暂时不收文件" in page.content.decode() and page["Retry-After"]
    told = Client(raise_request_exception=False).post("/api/v1/rosters?kind=hire", given(), headers=bearer)
    assert told.status_code == 503 and told.json()["reasons"] == [{"code": "no_room", "text": space.NO_FILES}]
    assert not Roster.objects.exists()
    declared = client.post("/employer/declare/hire", {**a_hire(), "once": "a1"})
    assert declared.status_code == 302 and Case.objects.count() == 1
    left(6 * GB)
    assert client.post("/employer/rosters", {"kind": "hire", **given()}).status_code == 422, "looked into again: no workbook"
