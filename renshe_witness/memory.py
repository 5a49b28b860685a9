"""What a witness remembers, in one SQLite file: the logs it trusts, the last checkpoint it signed, evidence of lies."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from renshe_verify import Broken, Key

TABLES = """
CREATE TABLE IF NOT EXISTS trusted (origin TEXT, key TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER);
CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS evidence (id INTEGER PRIMARY KEY, origin TEXT, at INTEGER, why TEXT, seen TEXT, shown TEXT, UNIQUE (origin, shown));
"""
TWO_FACES = "同一长度，签发了两个不同的根哈希：两个检查点本身就是证据"
UNPROVED = "递来的检查点没有证明它由此前见证的追加而来：递交者未必是账本，请向账本索取一致性证明"
MOST_UNPROVED = 10_000  # anybody may hand in a checkpoint of the log's without its proof; only the log can make two faces
NAME = re.compile(r"[^\s+]{1,200}")


@dataclass(frozen=True)
class Seen:
    """The last checkpoint cosigned for a log."""

    size: int
    root: bytes
    note: str
    at: int


class Memory:
    """A witness's folder: `name`, `key` (mode 600) and `memory.sqlite3`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def found(self, name: str) -> None:
        """Make the folder with a fresh key. Raises FileExistsError when a witness lives there, Broken for a name that no note can carry."""
        if not NAME.fullmatch(name):
            raise Broken("节点名不能为空，不能含空格和加号，不超过200字")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / "key", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ))
        (self.folder / "name").write_text(name, encoding="utf-8")

    @property
    def name(self) -> str:
        return (self.folder / "name").read_text(encoding="utf-8")

    def key(self) -> Ed25519PrivateKey:
        """The signing key. Raises FileNotFoundError when no witness was founded here."""
        loaded = serialization.load_pem_private_key((self.folder / "key").read_bytes(), None)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise ValueError("the witness's key is not Ed25519")
        return loaded

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """One transaction that writes: nobody else writes meanwhile, and what it kept survives a power cut."""
        connection = sqlite3.connect(self.folder / "memory.sqlite3", timeout=20, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(TABLES)
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    def trust(self, origin: str, keys: list[Key]) -> None:
        """Take these as the log's keys, in place of those known before."""
        with self.open() as db:
            db.execute("DELETE FROM trusted WHERE origin = ?", [origin])
            db.executemany(
                "INSERT INTO trusted VALUES (?, ?, ?, ?)", [(origin, one.text, one.since, one.until) for one in keys]
            )


def trusted(db: sqlite3.Connection, origin: str) -> list[Key]:
    """The keys trusted for a log; none when it is unknown."""
    rows = db.execute("SELECT key, since, until FROM trusted WHERE origin = ?", [origin])
    return [Key.parse(text).within(since, until) for text, since, until in rows]


def seen(db: sqlite3.Connection, origin: str) -> Seen | None:
    """The last checkpoint signed for a log."""
    row = db.execute("SELECT size, root, note, at FROM seen WHERE origin = ?", [origin]).fetchone()
    return Seen(*row) if row else None


def remember(db: sqlite3.Connection, origin: str, now: Seen) -> None:
    """Keep a checkpoint as the last one signed."""
    db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", [origin, now.size, now.root, now.note, now.at])


def accuse(db: sqlite3.Connection, origin: str, why: str, before: Seen, shown: str, at: int) -> None:
    """Keep two checkpoints that a log signed: two faces always, an unproved growth while there is room; each shown one once."""
    held = db.execute("SELECT count(*) FROM evidence WHERE why = ?", [UNPROVED]).fetchone()[0]
    if why == TWO_FACES or held < MOST_UNPROVED:
        db.execute(
            "INSERT OR IGNORE INTO evidence (origin, at, why, seen, shown) VALUES (?, ?, ?, ?, ?)",
            [origin, at, why, before.note, shown],
        )


def clear(db: sqlite3.Connection, origin: str, shown: str) -> None:
    """A checkpoint that was once handed in without proof has been proved."""
    db.execute("DELETE FROM evidence WHERE origin = ? AND shown = ? AND why = ?", [origin, shown, UNPROVED])


def evidence(db: sqlite3.Connection, why: str) -> list[tuple[str, int, str, str]]:
    """Origin, time and the two checkpoints of each piece of one kind, newest first."""
    return db.execute("SELECT origin, at, seen, shown FROM evidence WHERE why = ? ORDER BY id DESC", [why]).fetchall()
