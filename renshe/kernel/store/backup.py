"""Backup and restore of the records: SQLite by its online backup and our journal, PostgreSQL by its base backup and archive.

Both run while the platform writes. Keys are not part of a backup; they are mirrored to a place of their own.
"""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from renshe.kernel.common.files import to_disk
from renshe.kernel.store import fresh, journal
from renshe.kernel.store.deed import deed

DATABASE = "records.sqlite3"
SERVER = "postgres"
MANIFEST = "manifest.json"
UNFINISHED = (".new", ".lock")  # what a writer has not given its name yet, and what it holds while it writes
PROGRAMS = Path("/usr/lib/postgresql")
APPLICATION = "renshe_journal"  # the name that synchronous_standby_names asks for


class Unsound(Exception):
    """A backup that cannot be made or must not be trusted; says why."""


def take(folder: Path) -> None:
    """Copy the records into an empty folder, check the copy, and list every file with its digest. Raises Unsound."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise Unsound(f"文件夹 {folder} 里已有内容：每次备份请用一个新的空文件夹")
    number = _copy_sqlite(folder) if connection.vendor == "sqlite" else _copy_postgres(folder)
    _seal(folder, {"database": connection.vendor, "number": number})


def add(folder: Path, name: str, source: Path) -> None:
    """Put another folder (the columnar city) into a backup and list its files too. Raises Unsound.

    It may change meanwhile. What says which files belong together is copied first: what that names is not taken away for an hour.
    """
    manifest = checked(folder)
    told = "".join(_copied(path, source, folder / name).read_text(encoding="utf-8") for path in sorted(source.rglob("*.json")))
    for path in sorted(source.rglob("*")):
        if path.suffix not in UNFINISHED and not path.is_dir():
            try:
                _copied(path, source, folder / name)
            except FileNotFoundError:
                if path.name in told:
                    raise Unsound(f"{path} 在备份途中不见了，请再备份一次") from None
    _seal(folder, {key: value for key, value in manifest.items() if key != "files"})


def _copied(path: Path, source: Path, target: Path) -> Path:
    kept = target / path.relative_to(source)
    kept.parent.mkdir(parents=True, exist_ok=True)
    return kept if kept.exists() else Path(shutil.copyfile(path, kept))


def mirror_keys(folder: Path, backup: Path) -> int:
    """Mirror VAR/secrets to a place apart; a key destroyed here is destroyed there. Returns how many. Raises Unsound."""
    if folder.resolve().is_relative_to(backup.resolve()) or backup.resolve().is_relative_to(folder.resolve()):
        raise Unsound("密钥不能与备份放在一起：谁拿到那个文件夹，谁就能读出全部密文。请另给一处，最好是另一种介质")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {path.name: path for path in (Path(settings.VAR) / "secrets").iterdir()}
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
    for name, path in kept.items():
        target = folder / name
        target.touch(mode=0o600)
        target.write_bytes(path.read_bytes())
    return len(kept)


def checked(folder: Path) -> dict[str, Any]:
    """The manifest of a backup of which every file is as it was made. Raises Unsound."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise Unsound(f"{folder} 里没有完整的备份：缺少 {MANIFEST}") from None
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise Unsound(f"备份里的 {name} 缺失或已被改动")
    return manifest


def restore_sqlite(folder: Path) -> int:
    """Put a backup in the database's place, then do again what the journal holds; returns how many transactions.

    What stood there is put aside, not removed. Raises Unsound, Broken.
    """
    manifest = checked(folder)
    if manifest["database"] != "sqlite":
        raise Unsound("这是PostgreSQL的备份")
    place = Path(connection.settings_dict["NAME"])
    connections.close_all()
    place.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        old = place.with_name(place.name + suffix)
        if old.exists():
            old.replace(place.with_name(f"{place.name}.before-restore{suffix}"))
    shutil.copyfile(folder / DATABASE, place)
    with _journal_unwritten():
        return journal.replay() if settings.RENSHE_JOURNAL else 0


def restore_postgres(folder: Path, data: Path) -> None:
    """Lay out a data directory that replays the archive when PostgreSQL starts on it. Raises Unsound."""
    manifest = checked(folder)
    if manifest["database"] != "postgresql":
        raise Unsound("这是SQLite的备份")
    if data.exists() and any(data.iterdir()):
        raise Unsound(f"{data} 不是空文件夹")
    shutil.copytree(folder / SERVER, data, dirs_exist_ok=True)
    data.chmod(0o700)
    if settings.RENSHE_JOURNAL:
        archive = Path(settings.RENSHE_JOURNAL).resolve()
        # The newest file of the archive still bears `.partial`: it is asked for by its plain name too.
        fetch = f'cp "{archive}/%f" "%p" 2>/dev/null || cp "{archive}/%f.partial" "%p"'
        with (data / "postgresql.auto.conf").open("a") as out:
            out.write(f"restore_command = '{fetch}'\nrecovery_target_timeline = 'latest'\nsynchronous_standby_names = ''\n")
        (data / "recovery.signal").touch(mode=0o600)


@contextlib.contextmanager
def looking_at(folder: Path) -> Iterator[None]:
    """Questions inside are answered by the copy. PostgreSQL's copy needs a server: there the database answers."""
    kept = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connections.close_all()
        connection.settings_dict["NAME"] = str(folder / DATABASE)
        fresh.forget()
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connections.close_all()
        connection.settings_dict["NAME"] = kept
        fresh.forget()


def integrity(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a database file; empty when it is whole."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as link:
        found = [row[0] for row in link.execute("PRAGMA integrity_check(20)")]
        strays = [f"{row[0]} 第{row[1]}行指向的 {row[2]} 不存在" for row in link.execute("PRAGMA foreign_key_check").fetchmany(20)]
    return [one for one in found if one != "ok"] + strays


def program(name: str) -> str:
    """Where a program of PostgreSQL is. Raises Unsound."""
    found = shutil.which(name) or next((str(path) for path in sorted(PROGRAMS.glob(f"*/bin/{name}"), reverse=True)), None)
    if found is None:
        raise Unsound(f"没有找到 {name}，请安装Debian软件包 postgresql-client 或 postgresql")
    return found


def address(**extra: str) -> str:
    """How PostgreSQL's own programs reach the database."""
    at = connection.settings_dict
    parts = {"host": at["HOST"], "port": str(at["PORT"]), "user": at["USER"], "password": at["PASSWORD"], **extra}
    quoted = {key: value.replace("\\", "\\\\").replace("'", "\\'") for key, value in parts.items() if value}
    return " ".join(f"{key}='{value}'" for key, value in quoted.items())


def archiving() -> list[str]:
    """The command that writes PostgreSQL's log to the journal folder, synchronously; the server waits for it."""
    folder = str(journal.folder())
    connect = address(application_name=APPLICATION)
    return [program("pg_receivewal"), "-d", connect, "-D", folder, "--synchronous", "--slot", APPLICATION]


def make_slot() -> None:
    """Let the server keep its log until the archive has it. Safe to repeat."""
    journal.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [program("pg_receivewal"), "-d", address(), "--create-slot", "--if-not-exists", "--slot", APPLICATION]
    subprocess.run(command, check=True, capture_output=True)


def _copy_sqlite(folder: Path) -> int:
    target = folder / DATABASE
    target.touch(mode=0o600)
    if settings.RENSHE_JOURNAL:
        with deed(), connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version")
            journal.cut(cursor.fetchone()[0])
    source = contextlib.closing(sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True))
    with source as link, contextlib.closing(sqlite3.connect(target)) as copy:
        link.backup(copy)  # one reading of a moment: writers go on beside it
        number = int(copy.execute("PRAGMA user_version").fetchone()[0])
    if faults := integrity(target):
        raise Unsound("备份出来的数据库不完整：" + "；".join(faults))
    return number


def _copy_postgres(folder: Path) -> int:
    target = folder / SERVER
    make = [program("pg_basebackup"), "-d", address(), "-D", str(target), "-X", "stream", "-c", "fast", "--manifest-checksums=SHA256"]
    for command in (make, [program("pg_verifybackup"), str(target)]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Unsound(f"{Path(command[0]).name}：{done.stderr.strip()}")
    return 0


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    for path in files:
        journal.flush(path)
    listed = {str(path.relative_to(folder)): _digest(path) for path in files}
    (folder / MANIFEST).write_text(json.dumps({**manifest, "files": listed}, indent=1, ensure_ascii=False))
    journal.flush(folder / MANIFEST)
    to_disk(folder)


def _digest(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


@contextlib.contextmanager
def _journal_unwritten() -> Iterator[None]:
    """What is replayed is not written into the journal a second time."""
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        yield
    finally:
        connection.execute_wrappers = wrappers


