"""Asks the ledger: proofs, checkpoints, keys, witnesses, what still waits."""

import base64
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.actions import key_texts, read_tile, sm3
from renshe.kernel.ledger.models import Checkpoint, Cosignature, Leaf, LogKey, Witness
from renshe_verify import FORMAT, READ, Key, Trust

RECENT = 60  # cosignatures looked at to find the checkpoint that most witnesses signed


@dataclass(frozen=True)
class Status:
    """How far the log is."""

    size: int
    waiting: int
    checkpoint: Checkpoint | None
    keys: list[LogKey]
    witnesses: list[Witness]


def log_keys() -> list[LogKey]:
    """The log's public keys by generation; before the first checkpoint, those that will sign it."""
    found = list(LogKey.objects.select_related("announced").order_by("generation", "id"))
    return found or [LogKey(generation=1, key=text, since=0) for text in key_texts(1)]


def public_key() -> str:
    """The Ed25519 key that signs now."""
    return next(one.key for one in log_keys() if one.since is not None and one.until is None)


def trust() -> Trust:
    """The log's keys with their sizes, and all who ever witnessed: what this installation checks proofs against."""
    keys = tuple(
        Key.parse(one.key).within(one.since, one.until).named(f"第{one.generation}代公钥")
        for one in log_keys() if one.since is not None
    )
    return Trust(keys, tuple(Key.parse(one.key).named(one.label) for one in witnesses(retired=True)))


def latest() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


def best(position: int = -1) -> Checkpoint | None:
    """Of the checkpoints that cover a position: the one most witnesses signed of late, else the newest."""
    recent = Cosignature.objects.filter(checkpoint__size__gt=position).order_by("-checkpoint__size", "-id")
    signed = Counter(recent.values_list("checkpoint__size", flat=True)[:RECENT])
    if not signed:
        return Checkpoint.objects.filter(size__gt=position).order_by("-size").first()
    return Checkpoint.objects.get(size=max(signed, key=lambda size: (signed[size], size)))


def published(checkpoint: Checkpoint) -> str:
    """A checkpoint as outsiders get it: the log's signatures, then those of the witnesses."""
    lines = checkpoint.cosignatures.order_by("witness_id").values_list("line", flat=True)  # type: ignore[attr-defined]
    return checkpoint.note + "".join(lines)


def checkpoints() -> "QuerySet[Checkpoint]":
    """Every checkpoint, newest first, with the number of witnesses that signed it."""
    own = Cosignature.objects.filter(checkpoint=OuterRef("pk")).order_by().values("checkpoint")
    counted = Subquery(own.annotate(count=Count("pk")).values("count"))  # not a join: only the rows shown are counted
    return Checkpoint.objects.annotate(signed=Coalesce(counted, 0)).order_by("-size")


def witnesses(*, retired: bool = False) -> list[Witness]:
    """Those who cosign now, and if asked those who no longer do."""
    found = Witness.objects.order_by("id")
    return list(found if retired else found.filter(retired_at=None))


def status() -> Status:
    """Size, leaves not yet in the tree, newest checkpoint, keys and witnesses."""
    last = latest()
    waiting = Leaf.objects.filter(position=None).count()
    return Status(last.size if last else 0, waiting, last, log_keys(), witnesses())


def kinds_between(start: int, end: int) -> set[str]:
    """The kinds of the entries at positions from `start` to before `end`: what has happened since somebody looked."""
    kinds = Leaf.objects.filter(position__gte=start, position__lt=end).order_by().values_list("kind", flat=True)
    return set(kinds.distinct())


def records(kind: str, *, most: int) -> list[dict[str, Any]]:
    """The records of the newest entries of a kind, newest first."""
    texts = Leaf.objects.filter(kind=kind).order_by("-id").values_list("record", flat=True)[:most]
    return [json.loads(text) for text in texts]


def leaves_of(case_number: str) -> list[Leaf]:
    """Every leaf about a case, oldest first."""
    return list(Leaf.objects.filter(case_number=case_number).order_by("id"))


def leaf_at(position: int) -> Leaf | None:
    """The leaf at a position."""
    return Leaf.objects.filter(position=position).first()


def bundles(leaves: Sequence[Leaf], *, records: bool = False, checkpoint: Checkpoint | None = None) -> list[dict[str, Any] | None]:
    """For each leaf the bundle an outsider can check, None until it is in the tree; with the record only if asked."""
    placed = [leaf.position for leaf in leaves if leaf.position is not None]
    over = checkpoint or (best(max(placed)) if placed else None)
    if over is None:
        return [None for _ in leaves]
    signed = published(over)
    known = {note.key_parts(text)[:2]: text for text in _every_key()}
    keys = [known[note.line_key(line)] for line in note.parts(signed)[1]]
    read = tree.once(read_tile)
    return [
        None if leaf.position is None else {
            "format": FORMAT, "read": READ, "origin": settings.RENSHE_ORIGIN, "keys": keys,
            "leaf": bytes(leaf.body).decode(), "position": leaf.position, "size": over.size,
            "path": [_b64(one) for one in tree.inclusion(read, leaf.position, over.size)], "checkpoint": signed,
            **({"record": leaf.record} if records and leaf.record else {}),  # a destroyed record is no longer there to give
        }
        for leaf in leaves
    ]


def proof(leaf: Leaf) -> dict[str, Any] | None:
    """The bundle without the record: says that the entry is in the log."""
    return bundles([leaf])[0]


def bundle(leaf: Leaf) -> dict[str, Any] | None:
    """The bundle with the record itself, for the record's owner to keep."""
    return bundles([leaf], records=True)[0]


def receipt_code(leaf: Leaf) -> str:
    """A code that only a genuine receipt carries: it follows from the salted record, which the ledger does not show.

    Empty once the record was destroyed: nothing is left that could tell a genuine receipt.
    """
    return "" if not leaf.record else sm3(f"renshe receipt\n{leaf.record}")[:20]


def consistency(old: int, new: int) -> dict[str, Any]:
    """Proof that the log of `new` entries extends the log of `old`, with both roots. Raises LookupError."""
    read = tree.once(read_tile)
    return {
        "old": old, "new": new, "path": [_b64(one) for one in tree.consistency(read, old, new)],
        "old_root": _b64(tree.root(read, old)), "new_root": _b64(tree.root(read, new)),
    }


def key_list() -> dict[str, Any]:
    """The log's keys and witnesses as a verifier reads them (`renshe-keys/1`): each later generation with its announcement."""
    generations: dict[int, dict[str, Any]] = {}
    for one in log_keys():
        if one.since is None:
            continue
        found = generations.setdefault(one.generation, {
            "keys": [], "since": one.since, "until": one.until,
            "announced": _announcement(one) if one.announced else None,
        })
        found["keys"].append(one.key)
    return {
        "format": "renshe-keys/1", "origin": settings.RENSHE_ORIGIN, "generations": list(generations.values()),
        "witnesses": [{"label": one.label, "key": one.key} for one in witnesses(retired=True)],
        "quorum": settings.RENSHE_QUORUM,
    }


def _announcement(key: LogKey) -> dict[str, Any] | None:
    handover = Checkpoint.objects.get(size=key.since)
    return bundles([key.announced], records=True, checkpoint=handover)[0]


def _every_key() -> list[str]:
    return [one.key for one in log_keys()] + list(Witness.objects.values_list("key", flat=True))


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
