"""The ledger by program: checkpoint, proofs. Open to everybody; no personal data."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from renshe.kernel.ledger import queries
from renshe.portals.open.api.door import PROBLEMS

router = Router(tags=["账本"], auth=None)
MOST_ENTRIES = 1 << 40


class CheckpointOut(Schema):
    size: int
    waiting: int
    checkpoint: str
    key: str


class Proofs(Schema):
    case: str
    proofs: list[dict[str, Any]]


class Consistency(Schema):
    old: int
    new: int
    path: list[str]


@router.get("/checkpoint", response=CheckpointOut, summary="最新检查点")
def checkpoint(request: HttpRequest) -> dict[str, Any]:
    """The newest checkpoint and the key that signed it."""
    status = queries.status()
    note = status.checkpoint.note if status.checkpoint else ""
    return {"size": status.size, "waiting": status.waiting, "checkpoint": note, "key": status.key}


@router.get("/proofs/{number}", response={200: Proofs, **PROBLEMS}, summary="一个办件的存在证明")
def proofs(request: HttpRequest, number: str = Path(max_length=32)) -> dict[str, Any]:
    """Proofs of every entry about a case, without the records."""
    leaves = queries.leaves_of(number)
    if not leaves:
        raise Http404("账本里没有这一办件的条目")
    return {"case": number, "proofs": [proof for leaf in leaves if (proof := queries.proof(leaf))]}


@router.get("/consistency", response={200: Consistency, **PROBLEMS}, summary="一致性证明")
def consistency(
    request: HttpRequest, old: int = Query(ge=1, le=MOST_ENTRIES), new: int = Query(ge=1, le=MOST_ENTRIES)
) -> dict[str, Any]:
    """That the log of `new` entries extends the log of `old`."""
    last = queries.latest()
    if last is None or not old <= new <= last.size:
        raise Http404("账本没有这么长")
    return {"old": old, "new": new, "path": queries.consistency(old, new)}
