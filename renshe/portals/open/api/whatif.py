"""Drafts of law by program: propose one, ask what it comes to. For officers who set values."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.sweeps import actions, queries
from renshe.kernel.sweeps.models import Draft
from renshe.portals.open.api.door import PROBLEMS, PageAuth, TokenAuth

SETTING = [TokenAuth(Permission.SET_VALUES), PageAuth(Permission.SET_VALUES)]
router = Router(tags=["政策试算"], auth=SETTING)
MOST = 100


class DraftIn(Schema):
    """A change: `parameter` and `value`, or `rule` and `rule_since`; in force from `valid_from`."""

    title: str = Field(max_length=80)
    policy: str = Field(max_length=80)
    output: str = Field(max_length=80)
    place: str = Field("330800", max_length=12)
    valid_from: str = Field(max_length=10)
    parameter: str = Field("", max_length=80)
    value: str = Field("", max_length=40)
    rule: str = Field("", max_length=80)
    rule_since: str = Field("", max_length=10)


class DraftOut(Schema):
    """A draft and, once weighed, its result: sums in fen by year and by group; outside one's jurisdiction counts are `[least, most]` and groups bear no sums."""

    id: str
    title: str
    policy: str
    output: str
    state: str
    done: int
    of: int
    fault: str
    took_ms: int
    result: dict[str, Any] | None


def _out(one: Draft, reader: Actor) -> dict[str, Any]:
    return {
        "id": str(one.pk), "title": one.title, "policy": one.policy, "output": one.output, "state": one.state, "done": one.done,
        "of": one.of, "fault": one.fault, "took_ms": one.took_ms, "result": queries.result(one, reader),
    }


@router.get("", response={200: list[DraftOut], **PROBLEMS}, summary="最近的草案")
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest drafts."""
    return [_out(one, request.actor) for one in queries.drafts()[:MOST]]  # type: ignore[attr-defined]


@router.post("", response={202: DraftOut, **PROBLEMS}, summary="拟一份草案并试算")
def propose(request: HttpRequest, body: DraftIn) -> tuple[int, dict[str, Any]]:
    """Save a draft and have it weighed in the background."""
    return 202, _out(actions.propose(**body.dict(), actor=request.actor), request.actor)  # type: ignore[attr-defined]


@router.get("/{draft_id}", response={200: DraftOut, **PROBLEMS}, summary="一份草案的结果")
def one(request: HttpRequest, draft_id: str = Path(max_length=20, pattern=r"^\d{1,19}$")) -> dict[str, Any]:
    """One draft."""
    found = queries.drafts().filter(pk=int(draft_id)).first() if int(draft_id) < 2**63 else None
    if found is None:
        raise Http404("没有这份草案")
    return _out(found, request.actor)  # type: ignore[attr-defined]
