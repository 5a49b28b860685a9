"""Writes the ledger: leaves with the deed they tell of, tiles and checkpoints by the one sequencer."""

import hashlib
import os
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.utils import timezone

from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.models import Checkpoint, Leaf, Tile
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert

SALT = 16
SEQUENCER_LOCK = 0x72656E736865  # PostgreSQL advisory lock: one sequencer at a time
_sm3 = hashlib.new("sm3")


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same bytes for the same content."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def sm3(text: str) -> str:
    """SM3 digest (GB/T 32905) of a text, as hex."""
    digest = _sm3.copy()
    digest.update(text.encode())
    return digest.hexdigest()


def leaf(kind: str, case_number: str, record: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
    """A row of Leaf for `store.insert`: the salted record stays with us, the leaf carries only its SM3 digest."""
    now = at or timezone.now()
    text = canonical({**record, "salt": os.urandom(SALT).hex()})
    body = canonical({"v": 1, "kind": kind, "case": case_number, "at": now.isoformat(), "sm3": sm3(text)})
    return {
        "id": ids.new(), "kind": kind, "case_number": case_number, "record": text, "body": body.encode(),
        "made_at": now, "position": None,
    }


def record(kind: str, case_number: str, record: dict[str, Any]) -> int:
    """Write one leaf within the deed it tells of; returns its identifier."""
    row = leaf(kind, case_number, record)
    insert(Leaf, [row])
    return int(row["id"])


def sequence(limit: int = 5000) -> Checkpoint | None:
    """Give waiting leaves their positions, extend the tiles and publish a checkpoint; None when none waited.

    One at a time, all in one transaction: killed anywhere, nothing has happened and the next run does it.
    """
    with deed():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
                if not cursor.fetchone()[0]:
                    return None
        waiting = list(Leaf.objects.filter(position=None).order_by("id").values_list("id", "body")[:limit])
        if not waiting:
            return None
        last = Checkpoint.objects.order_by("-size").first()
        size = last.size if last else 0
        hashes = [tree.leaf_hash(bytes(body)) for _, body in waiting]
        new_size, tiles = tree.extend(size, hashes, read_tile)
        _place([identifier for identifier, _ in waiting], size)
        _write(tiles)
        root = tree.root(lambda level, number: tiles.get((level, number)) or read_tile(level, number), new_size)
        key = note.private_key(settings.RENSHE_LOG_KEY)
        return Checkpoint.objects.create(
            size=new_size, root=root, made_at=timezone.now(),
            note=note.checkpoint(settings.RENSHE_ORIGIN, new_size, root, key),
        )


def read_tile(level: int, number: int) -> bytes:
    """The hashes of a stored tile; empty when there is none."""
    tile = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    return bytes(tile) if tile is not None else b""


def _place(leaf_ids: list[int], size: int) -> None:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Leaf._meta.db_table)
        cursor.executemany(
            f"UPDATE {table} SET position = %s WHERE id = %s",
            [(size + at, identifier) for at, identifier in enumerate(leaf_ids)],
        )


def _write(tiles: dict[tuple[int, int], bytes]) -> None:
    Tile.objects.bulk_create(
        [Tile(level=level, number=number, hashes=hashes) for (level, number), hashes in tiles.items()],
        update_conflicts=True, unique_fields=["level", "number"], update_fields=["hashes"],
    )
