"""Writes the ledger: leaves with the deed they tell of, tiles and checkpoints by the one sequencer."""

import json
import os
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from renshe.kernel.ledger import note, queries, tree
from renshe.kernel.ledger.models import Checkpoint, Leaf, Tile
from renshe.kernel.ledger.sm3 import sm3
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert

SALT = 16
SEQUENCER_LOCK = 0x72656E736865  # PostgreSQL advisory lock: one sequencer at a time

canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class _Salts(threading.local):
    """Random bytes asked of the system by the page: one call to the kernel for 256 salts."""

    def __init__(self) -> None:
        self.pid, self.pool, self.at = 0, b"", 0

    def take(self) -> str:
        if self.at >= len(self.pool) or self.pid != os.getpid():  # a forked child must not repeat its parent's salts
            self.pid, self.pool, self.at = os.getpid(), os.urandom(SALT * 256), 0
        self.at += SALT
        return self.pool[self.at - SALT : self.at].hex()


_salts = _Salts()


def leaf(kind: str, case_number: str, record: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
    """A row of Leaf for `store.insert`: the salted record stays with us, the leaf carries only its SM3 digest."""
    now = at or timezone.now()
    text = canonical({**record, "salt": _salts.take()})
    body = canonical({"v": 1, "kind": kind, "case": case_number, "at": now.isoformat(), "sm3": sm3(text.encode())})
    return {
        "id": ids.new(), "kind": kind, "case_number": case_number, "record": text, "body": body.encode(),
        "made_at": now, "position": None,
    }


def record(kind: str, case_number: str, record: dict[str, Any]) -> int:
    """Write one leaf within the deed it tells of; returns its identifier."""
    if not connection.in_atomic_block:
        raise RuntimeError("a leaf is written in the deed it tells of")
    row = leaf(kind, case_number, record)
    insert(Leaf, [row])
    return int(row["id"])


def sequence(limit: int = 5000) -> Checkpoint | None:
    """Give waiting leaves their positions, extend the tiles and publish a checkpoint; None when there was nothing.

    One at a time and all in one transaction: killed anywhere, nothing has happened and the next run does it. A leaf
    committed late has a smaller id than some already placed; it is simply the next to be placed.
    """
    with deed():
        if not _alone():
            return None
        waiting = list(Leaf.objects.filter(position=None).order_by("id").values_list("id", "body")[:limit])
        if not waiting:
            return None
        last = queries.latest()
        size = last.size if last else 0
        read = queries.reader()
        new_size, tiles = tree.extend(size, [tree.leaf_hash(bytes(body)) for _, body in waiting], read)
        _place([identifier for identifier, _ in waiting], size)
        _write(tiles)
        root = tree.root(lambda level, number: tiles.get((level, number)) or read(level, number), new_size)
        signers = queries.signers()
        return Checkpoint.objects.create(
            size=new_size, root=root, made_at=timezone.now(),
            note=note.checkpoint(signers[0].name, new_size, root, signers),
        )


def _alone() -> bool:
    """Whether no other sequencer is at work; on SQLite the deed's own gate has seen to it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        return bool(cursor.fetchone()[0])


def _place(leaf_ids: Sequence[int], size: int) -> None:
    """Write the positions `size`, `size` + 1, … of leaves in the order given."""
    table = connection.ops.quote_name(Leaf._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET position = %s + place.at - 1"
                f" FROM unnest(%s::bigint[]) WITH ORDINALITY AS place(id, at) WHERE {table}.id = place.id",
                [size, list(leaf_ids)],
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET position = %s WHERE id = %s",
                [(size + at, identifier) for at, identifier in enumerate(leaf_ids)],
            )


def _write(tiles: dict[tuple[int, int], bytes]) -> None:
    Tile.objects.bulk_create(
        [Tile(level=level, number=number, hashes=hashes) for (level, number), hashes in tiles.items()],
        update_conflicts=True, unique_fields=["level", "number"], update_fields=["hashes"],
    )
