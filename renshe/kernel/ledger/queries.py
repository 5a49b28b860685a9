"""Asks the ledger: proofs, checkpoints, what still waits."""

import base64
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.actions import read_tile, sm3
from renshe.kernel.ledger.models import Checkpoint, Leaf


@dataclass(frozen=True)
class Status:
    """How far the log is."""

    size: int
    waiting: int
    checkpoint: Checkpoint | None
    key: str


def public_key() -> str:
    """The log's verifier key."""
    return note.verifier_key(settings.RENSHE_ORIGIN, note.private_key(settings.RENSHE_LOG_KEY).public_key())


def latest() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


def status() -> Status:
    """Size, leaves not yet in the tree, newest checkpoint, public key."""
    last = latest()
    return Status(last.size if last else 0, Leaf.objects.filter(position=None).count(), last, public_key())


def kinds_between(start: int, end: int) -> set[str]:
    """The kinds of the entries at positions from `start` to before `end`: what has happened since somebody looked."""
    kinds = Leaf.objects.filter(position__gte=start, position__lt=end).order_by().values_list("kind", flat=True)
    return set(kinds.distinct())


def leaves_of(case_number: str) -> list[Leaf]:
    """Every leaf about a case, oldest first."""
    return list(Leaf.objects.filter(case_number=case_number).order_by("id"))


def proof(leaf: Leaf) -> dict[str, Any] | None:
    """What an outsider needs to check a leaf: its body, position, path, checkpoint and key; None until sequenced."""
    last = latest()
    if leaf.position is None or last is None:
        return None
    path = tree.inclusion(read_tile, leaf.position, last.size)
    return {
        "format": "renshe-proof/1", "origin": settings.RENSHE_ORIGIN, "key": public_key(),
        "leaf": bytes(leaf.body).decode(), "position": leaf.position, "size": last.size,
        "path": [base64.b64encode(one).decode() for one in path], "checkpoint": last.note,
    }


def bundle(leaf: Leaf) -> dict[str, Any] | None:
    """The proof with the record itself, for the record's owner to keep."""
    found = proof(leaf)
    return {**found, "record": leaf.record} if found else None


def receipt_code(leaf: Leaf) -> str:
    """A code that only a genuine receipt carries: it follows from the salted record, which the ledger does not show."""
    return sm3(f"renshe receipt\n{leaf.record}")[:20]


def consistency(old: int, new: int) -> list[str]:
    """Proof that the log of `new` entries extends the log of `old`, base64. Raises LookupError."""
    return [base64.b64encode(one).decode() for one in tree.consistency(read_tile, old, new)]


def audit() -> tuple[int, bool]:
    """Recompute the whole tree from its leaves; returns the size and whether the newest checkpoint holds."""
    last = latest()
    if last is None:
        return 0, True
    bodies = Leaf.objects.filter(position__lt=last.size).order_by("position").values_list("position", "body")
    size, level = 0, [[] for _ in range(64)]  # binary counter of full sub-trees
    for position, body in bodies.iterator(chunk_size=5000):
        if position != size:
            return size, False
        carry, height = tree.leaf_hash(bytes(body)), 0
        while level[height]:
            carry = tree.node_hash(level[height].pop(), carry)
            height += 1
        level[height].append(carry)
        size += 1
    found: bytes | None = None
    for slot in level:
        if slot:
            found = slot[0] if found is None else tree.node_hash(slot[0], found)
    return size, size == last.size and found == bytes(last.root)
