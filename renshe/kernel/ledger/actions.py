"""Writes the ledger: leaves with the deed they tell of, tiles and checkpoints by the one sequencer."""

import json
import os
import re
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.utils import timezone

from renshe.kernel.common import digest
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.models import Checkpoint, Leaf, LogKey, Tile, Witness
from renshe.kernel.ledger.signers import new_seed, signers
from renshe.kernel.store import ids, outgoing
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert

SALT = 16
SEQUENCER_LOCK = 0x72656E736865  # PostgreSQL advisory lock: one sequencer at a time
WEB_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(/[\w./~-]*)?", re.ASCII)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same bytes for the same content."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def sm3(text: str) -> str:
    """SM3 digest (GB/T 32905) of a text, as hex."""
    return digest.sm3(text.encode())


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


def destroy_record(leaf_id: int, *, rule: str, by: str) -> None:
    """Destroy a record with its salt, by a rule of retention or erasure; its entry stays and says nothing about anybody.

    The ledger keeps which record went, when and by which rule. Safe to repeat.
    """
    with deed():
        found = Leaf.objects.select_for_update().get(pk=leaf_id)
        if found.record:
            Leaf.objects.filter(pk=leaf_id).update(record="")
            record("ledger.destroy", found.case_number, {"sm3": sm3(found.record), "rule": rule, "by": by})


def sequence(limit: int = 5000) -> Checkpoint | None:
    """Give waiting leaves their positions, extend the tiles and publish a checkpoint; None when none waited.

    One at a time, all in one transaction: killed anywhere, nothing has happened and the next run does it. Nobody sees a
    checkpoint before it is on the disk: a witness may have signed it by the time the power fails. Raises LookupError when
    a secret of the keys at work is not on this machine, or another stands in its place.
    """
    with deed(kept_before_seen=True):
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
        signing = [one for generation in _signing(new_size) for one in _signers(generation)]
        return Checkpoint.objects.create(
            size=new_size, root=root, made_at=timezone.now(),
            note=note.checkpoint(settings.RENSHE_ORIGIN, new_size, root, signing),
        )


def _signing(size: int) -> list[int]:
    """The generations of keys that sign a checkpoint of this size.

    The first checkpoint that holds the announcement of new keys is signed by the old and the new: there the old end. Where
    the announcement says that the old were lost, by the new alone.
    """
    if not LogKey.objects.exists():
        _keep_keys(1, since=0)
    coming = LogKey.objects.filter(since=None, announced__position__lt=size).select_related("announced")
    old = LogKey.objects.filter(since__lt=size, until=None)
    lost = any(json.loads(one.announced.record).get("lost") for one in coming if one.announced)
    generations = sorted({one.generation for one in ([*coming] if lost else [*old, *coming])})
    if coming:
        old.update(until=size)
        coming.update(since=size)
    return generations


def _signers(generation: int) -> list[note.Signer]:
    """Those who sign as this generation: the very keys that outsiders know. Raises LookupError."""
    known = set(LogKey.objects.filter(generation=generation).values_list("key", flat=True))
    if set(key_texts(generation)) != known:
        raise LookupError(
            f"本机的第{generation}代账本私钥（或 RENSHE_ORIGIN）与已公布的公钥不符，签出来的检查点没有人能核验：请放回原来的私钥；"
            "确已遗失的，请运行 renshe ledger rotate --lost"
        )
    return signers(generation)


def _keep_keys(generation: int, *, since: int | None = None, announced: int | None = None) -> None:
    now = timezone.now()
    LogKey.objects.bulk_create(
        LogKey(generation=generation, key=text, since=since, announced_id=announced, made_at=now)
        for text in key_texts(generation)
    )


def key_texts(generation: int) -> list[str]:
    """The public keys of a generation, as outsiders keep them. Raises LookupError."""
    return [note.key_text(settings.RENSHE_ORIGIN, one.kind, one.public) for one in signers(generation)]


def rotate(*, lost: bool = False) -> int:
    """Announce a new generation of signing keys in the log; it signs from the checkpoint that holds the announcement.

    `lost`: the old can sign no more; the new stand alone, the entry says so, and outsiders take them only on word from
    elsewhere. Returns the generation. While one is announced and not yet at work, that one.
    """
    with deed():
        if not LogKey.objects.exists():
            _keep_keys(1, since=0)
        last = LogKey.objects.select_for_update(of=("self",)).order_by("-generation")[0]
        waiting = last.since is None
        if waiting and not lost:
            return last.generation
        generation = last.generation if waiting else last.generation + 1
        new_seed(generation)
        said = {"generation": generation, "keys": key_texts(generation)} | ({"lost": True} if lost else {})
        announced = record("ledger.keys", "", said)
        if waiting:
            LogKey.objects.filter(generation=generation).update(announced_id=announced)
        else:
            _keep_keys(generation, announced=announced)
    return generation


def register_witness(*, label: str, key: str, address: str, by: str) -> Witness:
    """Ask somebody from now on to cosign. Raises Refused."""
    label, key, address = label.strip(), key.strip(), address.strip()
    if not label or len(label) > 60:
        raise _no("label", "请写明机构名称，不超过60字")
    try:
        _, _, raw = note.key_parts(key)
    except ValueError:
        raise _no("key", "公钥格式不对", then="请在见证节点上运行 renshe-witness found，或打开节点的 /key 页，整行复制") from None
    if raw[:1] != note.COSIGNATURE or len(raw) != 33:
        raise _no("key", "这不是见证节点的公钥（应为 tlog-cosignature 的 Ed25519 公钥）")
    if not WEB_ADDRESS.fullmatch(address):
        raise _no("address", "地址应以 http:// 或 https:// 开头")
    try:
        outgoing.check(address)
    except outgoing.Forbidden as fault:
        raise _no("address", str(fault)) from None
    with deed():
        if Witness.objects.filter(key=key).exists():
            raise _no("key", "这一公钥已经登记过")
        witness = Witness.objects.create(label=label, key=key, address=address, added_at=timezone.now())
        record("ledger.witness", "", {"label": label, "key": key, "deed": "register", "by": by})
    return witness


def retire_witness(witness_id: int, *, by: str) -> None:
    """Ask no longer; what was cosigned stays verifiable. Safe to repeat."""
    with deed():
        witness = Witness.objects.select_for_update().get(pk=witness_id)
        if witness.retired_at is None:
            Witness.objects.filter(pk=witness_id).update(retired_at=timezone.now())
            record("ledger.witness", "", {"label": witness.label, "key": witness.key, "deed": "retire", "by": by})


def _no(field: str, text: str, *, then: str = "") -> Refused:
    return Refused(Reason("bad_witness", text, then=then, field=field))


def read_tile(level: int, number: int) -> bytes:
    """The hashes of a stored tile; empty when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT hashes FROM {Tile._meta.db_table} WHERE level = %s AND number = %s", [level, number])
        found = cursor.fetchone()
    return bytes(found[0]) if found else b""


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
