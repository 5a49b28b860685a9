"""Asks the ledger: proofs, checkpoints, what still waits."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.models import Checkpoint, Leaf, Tile
from renshe.kernel.ledger.sm3 import sm3

PROOF = "renshe-proof/1"
CONSISTENCY = "renshe-consistency/1"
CODE_DIGITS = 20


@dataclass(frozen=True)
class Status:
    """How far the log is."""

    size: int
    waiting: int
    checkpoint: Checkpoint | None
    key: str


@cache
def log_signer(origin: str, seed: str) -> note.Ed25519Signer:
    """The signer of a log; derived once."""
    return note.signer(origin, seed)


def signers() -> Sequence[note.Signer]:
    """Whoever signs this installation's checkpoints, the log's own key first."""
    return (log_signer(settings.RENSHE_ORIGIN, settings.RENSHE_LOG_KEY),)


def public_key() -> str:
    """The log's verifier key, `<name>+<key id>+<base64>`."""
    return log_signer(settings.RENSHE_ORIGIN, settings.RENSHE_LOG_KEY).verifier_key


def read_tile(level: int, number: int) -> bytes:
    """The hashes of a stored tile; empty when there is none."""
    tile = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    return bytes(tile) if tile is not None else b""


def reader() -> tree.Reader:
    """`read_tile` that asks for each tile once: for one proof or one batch, as tiles grow."""
    return cache(read_tile)


def latest() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoint_of(size: int) -> Checkpoint | None:
    """The checkpoint published at exactly this size."""
    return Checkpoint.objects.filter(size=size).first()


def waiting() -> int:
    """How many leaves have no position yet."""
    return Leaf.objects.filter(position=None).count()


def status() -> Status:
    """Size, leaves not yet in the tree, newest checkpoint, public key."""
    last = latest()
    return Status(last.size if last else 0, waiting(), last, public_key())


def leaves_of(case_number: str) -> list[Leaf]:
    """Every leaf about a case, oldest first."""
    return list(Leaf.objects.filter(case_number=case_number).order_by("id")) if case_number else []


def check_code(leaf: Leaf) -> str:
    """The code printed on a receipt: 20 hex digits only a holder of the salted record can know.

    The SM3 digest in the leaf is public and would not do.
    """
    return sm3(b"renshe receipt\n" + leaf.record.encode())[:CODE_DIGITS]


def _encoded(path: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in path]


def proof_of(leaves: Sequence[Leaf], *, records: bool) -> dict[str, Any] | None:
    """What an outsider needs to check these leaves; None while there is none or one of them waits.

    `records` adds the records themselves, which are for their owners only.
    """
    last = latest()
    if last is None or not leaves:
        return None
    read, entries = reader(), []
    for leaf in leaves:
        if leaf.position is None or leaf.position >= last.size:
            return None
        entry = {
            "leaf": bytes(leaf.body).decode(),
            "position": leaf.position,
            "path": _encoded(tree.inclusion(read, leaf.position, last.size)),
        }
        entries.append({**entry, "record": leaf.record} if records else entry)
    return {"format": PROOF, "key": public_key(), "checkpoint": last.note, "entries": entries}


def bundle(case_number: str) -> dict[str, Any] | None:
    """The proof bundle of a case with its records, for their owner to keep; None until all is sequenced."""
    return proof_of(leaves_of(case_number), records=True)


def public_proof(case_number: str) -> dict[str, Any] | None:
    """The proof of a case without its records: names no person."""
    return proof_of(leaves_of(case_number), records=False)


def consistency(old: int, new: int) -> dict[str, Any] | None:
    """Proof that the log at checkpoint `new` extends the log at checkpoint `old`; None when either is unknown."""
    first, second = checkpoint_of(old), checkpoint_of(new)
    if first is None or second is None or old > new:
        return None
    path = tree.consistency(reader(), old, new)
    return {
        "format": CONSISTENCY, "key": public_key(), "old": first.note, "new": second.note, "path": _encoded(path),
    }
