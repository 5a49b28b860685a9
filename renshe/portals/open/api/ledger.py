"""The ledger by program: checkpoint, proofs. Open to everybody; no personal data."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from renshe.kernel.ledger import queries
from renshe.portals.open.api.door import PROBLEMS

router = Router(tags=["账本"], auth=None)
MOST_ENTRIES = 1 << 40


class WitnessOut(Schema):
    label: str
    key: str
    size: int
    seen_at: str | None
    fault: str
    alarm: bool


class CheckpointOut(Schema):
    size: int
    waiting: int
    checkpoint: str
    keys: list[str]
    witnesses: list[WitnessOut]


class Proofs(Schema):
    case: str
    proofs: list[dict[str, Any]]


class Consistency(Schema):
    old: int
    new: int
    path: list[str]
    old_root: str
    new_root: str


@router.get("/checkpoint", response=CheckpointOut, summary="最新检查点")
def checkpoint(request: HttpRequest) -> dict[str, Any]:
    """The newest checkpoint, the keys that sign, and the witnesses with when each last cosigned."""
    status = queries.status()
    seen = [
        {"label": one.label, "key": one.key, "size": one.size, "fault": one.fault, "alarm": one.alarm,
         "seen_at": one.seen_at.isoformat() if one.seen_at else None}
        for one in status.witnesses
    ]
    return {
        "size": status.size, "waiting": status.waiting, "witnesses": seen,
        "checkpoint": queries.published(status.checkpoint) if status.checkpoint else "",
        "keys": [one.key for one in status.keys if one.until is None],
    }


@router.get("/keys", response=dict[str, Any], summary="公钥清单")
def keys(request: HttpRequest) -> dict[str, Any]:
    """The key list (`renshe-keys/1`) that the verifier reads: every generation with its announcement, and the witnesses."""
    return queries.key_list()


@router.get("/entries/{position}", response={200: dict[str, Any], **PROBLEMS}, summary="一个条目的存在证明")
def entry(request: HttpRequest, position: int = Path(ge=0, le=MOST_ENTRIES)) -> dict[str, Any]:
    """The proof of the entry at a position, without its record."""
    leaf = queries.leaf_at(position)
    proof = queries.proof(leaf) if leaf else None
    if proof is None:
        raise Http404("账本里没有这一序号的条目")
    return proof


@router.get("/proofs/{number}", response={200: Proofs, **PROBLEMS}, summary="一个办件的存在证明")
def proofs(request: HttpRequest, number: str = Path(max_length=32)) -> dict[str, Any]:
    """Proofs of every entry about a case, without the records."""
    leaves = queries.leaves_of(number)
    if not leaves:
        raise Http404("账本里没有这一办件的条目")
    return {"case": number, "proofs": [proof for proof in queries.bundles(leaves) if proof]}


@router.get("/consistency", response={200: Consistency, **PROBLEMS}, summary="一致性证明")
def consistency(
    request: HttpRequest, old: int = Query(ge=1, le=MOST_ENTRIES), new: int = Query(ge=1, le=MOST_ENTRIES)
) -> dict[str, Any]:
    """That the log of `new` entries extends the log of `old`."""
    last = queries.latest()
    if last is None or not old <= new <= last.size:
        raise Http404("账本没有这么长")
    return queries.consistency(old, new)
