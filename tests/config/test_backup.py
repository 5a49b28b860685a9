"""The database is destroyed while people are being hired, and nothing that was receipted is lost."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from django.db import connection, connections

from bench.faults.platform import Platform, rows
from bench.faults.postgres import Server
from bench.faults.traffic import Traffic, wait_for
from renshe.kernel.frames import manifest, writing
from renshe.kernel.store import backup, journal
from renshe.kernel.store.sqlite3.base import DatabaseWrapper
from tests.kernel.frames.test_frames import JANUARY, everything, paid, two_ranges

pytestmark = pytest.mark.django_db(transaction=True)
SETTLED = """
from django.utils import timezone
from renshe.kernel.access import tokens
from tests.factories import an_employer, an_officer, signed_in
_, account = an_employer()
signed_in(an_officer())  # rows whose number the database gives, written outside any deed
print(tokens.issue(account, label="备份", days=1), timezone.localdate().isoformat())
"""


@pytest.fixture
def platform(tmp_path, transactional_db):
    """A platform on SQLite with the schema of the tests, one employer and its key."""
    made = Platform(tmp_path)
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as schema:
            schema.execute("VACUUM INTO ?", [str(made.database)])
    yield made
    made.kill()


def given(platform):
    key, day = platform.python(SETTLED).split()
    return {"key": key, "day": day}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own test below")
def test_sqlite_is_destroyed_while_people_are_hired(platform, tmp_path):
    given_out = given(platform)
    platform.start(only_web=True)
    copy = tmp_path / "backup"
    with Traffic(platform.port, given_out) as seen:
        wait_for(seen, 15)
        said = platform.run("backup", str(copy), "--keys", str(tmp_path / "keys"), "--prune")
        at_backup = len(seen.receipts)
        wait_for(seen, at_backup + 25)
        platform.kill()
    assert "复核" in said and not seen.worst, seen.worst[:3]
    lost = platform.destroy_database()
    shutil.rmtree(platform.var / "secrets", ignore_errors=True)
    shutil.copytree(tmp_path / "keys", platform.var / "secrets")
    assert "按日志重做" in platform.run("restore", str(copy))
    before, after = rows(lost), rows(platform.database)
    with contextlib.closing(sqlite3.connect(platform.database)) as link:
        cases = {number for (number,) in link.execute("SELECT number FROM cases_case")}
    assert len(seen.receipts) >= at_backup + 25 and set(seen.receipts) <= cases
    missing = {name: len(before[name] - after[name]) for name in before if before[name] - after[name]}
    assert not missing, missing
    assert not backup.integrity(platform.database)
    more = len(after["cases_case"]) - len(before["cases_case"])
    assert 0 <= more <= 1, "only what was being written at the very moment may be there besides"
    platform.start(only_web=True)  # and work goes on, in the journal too
    with Traffic(platform.port, given_out) as again:
        wait_for(again, 3)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_a_backup_that_was_touched_or_lies_with_the_keys_is_refused(tmp_path, transactional_db):
    copy = tmp_path / "backup"
    backup.take(copy)
    assert backup.checked(copy)["database"] == "sqlite"
    with pytest.raises(backup.Unsound, match="已有内容"):
        backup.take(copy)
    for keys in (copy / "keys", tmp_path):
        with pytest.raises(backup.Unsound, match="不能与备份放在一起"):
            backup.mirror_keys(keys, copy)
    with (copy / backup.DATABASE).open("r+b") as data:
        data.seek(5000)
        data.write(b"x")
    with pytest.raises(backup.Unsound, match="已被改动"):
        backup.restore_sqlite(copy)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_the_columnar_city_is_copied_as_it_stood_though_it_is_replaced_meanwhile(tmp_path, settings, transactional_db, monkeypatch):
    settings.FRAMES = tmp_path / "frames"
    two_ranges()
    before = everything()
    copyfile, parts = shutil.copyfile, sorted(manifest.folder("contributions").glob("*.parquet"))

    def replaced_meanwhile(source, target, **named):
        made = copyfile(source, target, **named)
        if everything() == before:
            for file in parts:
                os.utime(file, (0, 0))  # made long ago
            writing.publish("contributions", [writing.write_range("contributions", paid((1, JANUARY, 7)), 0, 10)])
        return made

    backup.take(tmp_path / "backup")
    monkeypatch.setattr(shutil, "copyfile", replaced_meanwhile)
    backup.add(tmp_path / "backup", "frames", settings.FRAMES)
    assert everything() == [(1, JANUARY, 7)]
    settings.FRAMES = tmp_path / "backup/frames"
    assert everything() == before and "frames/contributions/manifest.json" in backup.checked(tmp_path / "backup")["files"]

    def taken_away(source, target):
        made = copyfile(source, target)
        if made.suffix == ".parquet":
            [file.unlink() for file in settings.FRAMES.rglob("*.parquet")]
        return made

    monkeypatch.setattr(shutil, "copyfile", taken_away)
    with pytest.raises(backup.Unsound, match="再备份一次"):
        backup.add(tmp_path / "backup", "again", settings.FRAMES)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_a_gap_in_the_journal_stops_the_restore_and_says_where(platform, tmp_path):
    platform.run("backup", str(tmp_path / "backup"))
    given(platform)
    [segment] = list(platform.journal.glob("*.jsonl"))
    lines = segment.read_bytes().splitlines(keepends=True)
    assert len(lines) >= 3
    segment.write_bytes(lines[0] + lines[1][:40] + b"\n" + b"".join(lines[2:]))
    assert "之后缺失" in platform.run("restore", str(tmp_path / "backup"), fails=True)
    segment.write_bytes(b"".join(lines[:2]) + lines[1] + b"".join(lines[2:])[:-9])  # one written again, the last cut off by a crash
    assert f"重做 {len(lines) - 1} 笔" in platform.run("restore", str(tmp_path / "backup"))


def test_of_lines_with_one_number_the_last_is_what_happened(tmp_path, settings):
    settings.RENSHE_JOURNAL = str(tmp_path / "journal")
    link = sqlite3.connect(tmp_path / "some.sqlite3", isolation_level=None)
    for word in ("failed", "kept", "next"):
        link.execute("BEGIN IMMEDIATE")
        journal.append(link, [("INSERT", [word, b"\x00\xff"], False)])
        link.execute("ROLLBACK" if word == "failed" else "COMMIT")
    assert [(one["number"], one["run"][0][1][0]) for one in journal.transactions()] == [(1, "failed"), (1, "kept"), (2, "next")]
    link.close()


def test_what_was_committed_is_answered_though_a_backup_has_put_its_journal_away(tmp_path, settings, monkeypatch):
    settings.RENSHE_JOURNAL = str(tmp_path / "journal")
    link = DatabaseWrapper({**connections.configure_settings({"default": {"ENGINE": "django.db.backends.sqlite3"}})["default"], "NAME": str(tmp_path / "some.sqlite3")})
    flush = journal.flush

    def late(path):
        monkeypatch.setattr(journal, "flush", flush)
        number = int(path.stem) + 2
        journal.cut(number)
        assert journal.prune(number) == 1 and not path.exists()
        flush(path)

    link.connect()
    link.connection.execute("BEGIN IMMEDIATE")
    link.connection.execute("CREATE TABLE kept (word TEXT)")
    link.written = [("CREATE TABLE kept (word TEXT)", [], False)]
    monkeypatch.setattr(journal, "flush", late)
    link._commit()
    assert link.connection.execute("SELECT count(*) FROM kept").fetchone() == (0,) and link.written == []
    link.close()


PG_SETTLED = SETTLED.replace("\n_, account", "\nfrom django.core.management import call_command\ncall_command('migrate', verbosity=0)\n_, account")


@pytest.fixture
def apart():
    """A folder beside pytest's own, which every pytest that starts closes to others: PostgreSQL runs as somebody else."""
    made = Path(tempfile.mkdtemp(prefix="renshe-postgres-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL's programs")
def test_postgresql_is_destroyed_while_people_are_hired(apart):
    server = Server(apart)
    platform = Platform(apart, database_url=server.url)
    try:
        server.start()
        given_out = dict(zip(("key", "day"), platform.python(PG_SETTLED).split(), strict=True))
        platform.start(workers=1)
        server.wait_for_the_archive()
        with Traffic(platform.port, given_out, clients=2) as seen:
            wait_for(seen, 10)
            platform.run("backup", str(apart / "backup"))
            at_backup = len(seen.receipts)
            wait_for(seen, at_backup + 15)
            server.kill()
            platform.kill()
        shutil.rmtree(server.data)
        platform.run("restore", str(apart / "backup"), "--data", str(server.data))
        server.start()
        cases = set(platform.python("from renshe.kernel.cases.models import Case\nprint(*Case.objects.values_list('number', flat=True))").split())
        assert len(seen.receipts) >= at_backup + 15 and set(seen.receipts) <= cases
        assert "一致" in platform.run("ledger", "audit")
    finally:
        platform.kill()
        server.kill()
