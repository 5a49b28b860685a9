"""Drafts of law by program: read what may be changed, try changes, save, change, weigh and read drafts. For who sets values."""

import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema, Status
from pydantic import Field

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.policy.engine.cases import CaseChange
from renshe.kernel.policy.engine.draft import DraftError, change
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import actions, queries
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.trying import tried
from renshe.portals.desk import whatif_changes
from renshe.portals.open.api.door import PROBLEMS, PageAuth, TokenAuth

SETTING = [TokenAuth(Permission.SET_VALUES), PageAuth(Permission.SET_VALUES)]
router = Router(tags=["政策试算"], auth=SETTING)
MOST = 100
ID = Path(max_length=20, pattern=r"^\d{1,19}$")


class ChangeIn(Schema):
    """One change: `value` with `value`, `formula` with `text`, `switch` with `since`, or `table` with all its `rows`."""

    kind: Literal["value", "formula", "switch", "table"]
    name: str = Field(max_length=80)
    value: str = Field("", max_length=40)
    text: str = Field("", max_length=4001)
    since: str = Field("", max_length=10)
    rows: dict[str, str] = Field({}, max_length=401)


class TrialIn(Schema):
    """Changes of a policy in force from a day on in a place, and the amount looked at."""

    policy: str = Field(max_length=80)
    output: str = Field(max_length=80)
    place: str = Field("330800", max_length=12)
    valid_from: datetime.date
    changes: list[ChangeIn] = Field([], max_length=20)


class DraftIn(TrialIn):
    """A draft; it is not weighed before it is asked to be."""

    title: str = Field(max_length=80)


class DraftChangeIn(Schema):
    """What is to be otherwise about a draft; what is left out stays. `changes` are all of them."""

    title: str | None = Field(None, max_length=80)
    output: str | None = Field(None, max_length=80)
    valid_from: datetime.date | None = None
    changes: list[ChangeIn] | None = Field(None, max_length=20)


class DraftOut(Schema):
    """A draft and, once weighed, its result: sums in fen by year and by group; outside one's jurisdiction counts are `[least, most]` or held back, and groups bear no sums."""

    id: str
    title: str
    policy: str
    output: str
    place: str
    valid_from: datetime.date
    changes: list[dict[str, Any]]
    state: str
    done: int
    of: int
    fault: str
    took_ms: int
    result: dict[str, Any] | None


class TrialOut(Schema):
    """Whether changes can stand: `fault` with line and column where they cannot; else the law and the draft side by side, and the
    worked cases that come out otherwise, before and after."""

    fault: dict[str, Any] | None
    unswept: str
    beside: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    same: int


class SourcesOut(Schema):
    """What a draft of a policy may look at and change, as it stands on a day: amounts, values, formulas as text, rows."""

    policy: str
    outputs: list[dict[str, str]]
    values: list[dict[str, str]]
    formulas: list[dict[str, str]]
    tables: list[dict[str, Any]]


def _out(one: Draft, reader: Actor) -> dict[str, Any]:
    return {
        "id": str(one.pk), "title": one.title, "policy": one.policy, "output": one.output, "place": one.place, "valid_from": one.valid_from,
        "changes": one.changes, "state": one.state, "done": one.done, "of": one.of, "fault": one.fault, "took_ms": one.took_ms,
        "result": queries.result(one, reader),
    }


def _draft(draft_id: str) -> Draft:
    found = queries.drafts().filter(pk=int(draft_id)).first() if int(draft_id) < 2**63 else None
    if found is None:
        raise Http404("没有这份草案")
    return found


@router.get("", response={200: list[DraftOut], **PROBLEMS}, summary="最近的草案")
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest drafts."""
    return [_out(one, request.actor) for one in queries.drafts()[:MOST]]  # type: ignore[attr-defined]


@router.post("", response={201: DraftOut, **PROBLEMS}, summary="拟一份草案")
def propose(request: HttpRequest, body: DraftIn) -> Status[dict[str, Any]]:
    """Save a draft."""
    given = {**body.dict(), "valid_from": body.valid_from.isoformat()}
    return Status(201, _out(actions.propose(**given, actor=request.actor), request.actor))  # type: ignore[attr-defined]


@router.get("/sources/{policy}", response={200: SourcesOut, **PROBLEMS}, summary="一项政策里可以改什么")
def sources(request: HttpRequest, policy: str = Path(max_length=80), on: datetime.date | None = None) -> dict[str, Any]:
    """The amounts that can be weighed, and the values, formulas and tables as they stand on a day (today, if none is given)."""
    known = policies().get(policy)
    if known is None:
        raise Http404("没有这项政策")
    return {"policy": policy, "outputs": [{"name": name, "label": label} for name, label in queries.amounts(known)],
            **whatif_changes.sources(known, queries.PLACE, on or timezone.localdate())}


@router.post("/trials", response={200: TrialOut, **PROBLEMS}, summary="试一试改动能否成立、算例怎样变")
def trial(request: HttpRequest, body: TrialIn) -> dict[str, Any]:
    """Try changes on the worked cases without saving anything."""
    known = policies().get(body.policy)
    if known is None or body.output not in {rule.name for rule in known.rules}:
        raise Http404("没有这项政策或这个结果")
    return _tried(body.policy, body.output, body.place, body.valid_from, [one.dict() for one in body.changes])


def _tried(policy: str, output: str, place: str, since: datetime.date, changes: list[dict[str, Any]]) -> dict[str, Any]:
    found = tried(policy, output, place, since, changes)
    if found.fault is not None:
        return {"fault": _fault(found.fault), "unswept": "", "beside": [], "cases": [], "same": 0}
    sides = [whatif_changes.beside_law(policies()[policy], change(one), place, since) for one in changes]
    return {
        "fault": None, "unswept": found.unswept, "same": found.same, "cases": [_case(one) for one in found.changed],
        "beside": [
            {"kind": one.kind, "name": one.name, "label": one.label, "article": one.article,
             "lines": [{"sign": line.sign, "before": line.before, "after": line.after} for line in one.lines],
             "rows": [{"sign": row.sign, "key": row.key, "before": row.before, "after": row.after, "article": row.article}
                      for row in one.rows if row.sign != "same"]}
            for one in sides
        ],
    }


def _fault(fault: DraftError) -> dict[str, Any]:
    return {"text": str(fault), "field": fault.field, "line": fault.line, "column": fault.column, "accepts": fault.accepts}


def _case(one: CaseChange) -> dict[str, Any]:
    return {
        "name": one.name, "article": one.article, "day": one.day.isoformat(),
        "differences": [{"output": each.name, "label": each.label, "before": each.before, "after": each.after} for each in one.differences],
    }


@router.get("/{draft_id}", response={200: DraftOut, **PROBLEMS}, summary="一份草案和它的结果")
def one(request: HttpRequest, draft_id: str = ID) -> dict[str, Any]:
    """One draft."""
    return _out(_draft(draft_id), request.actor)  # type: ignore[attr-defined]


@router.patch("/{draft_id}", response={200: DraftOut, **PROBLEMS}, summary="修改一份草案")
def revise(request: HttpRequest, body: DraftChangeIn, draft_id: str = ID) -> dict[str, Any]:
    """Change a draft; what it came to is forgotten."""
    sent = body.dict(exclude_none=True)
    if "valid_from" in sent:
        sent["valid_from"] = sent["valid_from"].isoformat()
    return _out(actions.revise(_draft(draft_id).pk, actor=request.actor, **sent), request.actor)  # type: ignore[attr-defined]


@router.delete("/{draft_id}", response={204: None, **PROBLEMS}, summary="删除一份草案")
def discard(request: HttpRequest, draft_id: str = ID) -> Status[None]:
    """Delete a draft."""
    actions.discard(_draft(draft_id).pk, actor=request.actor)  # type: ignore[attr-defined]
    return Status(204, None)


@router.post("/{draft_id}/weigh", response={202: DraftOut, **PROBLEMS}, summary="全市试算一份草案")
def weigh(request: HttpRequest, draft_id: str = ID) -> Status[dict[str, Any]]:
    """Have a draft weighed over the whole city in the background."""
    return Status(202, _out(actions.have_weighed(_draft(draft_id).pk, actor=request.actor), request.actor))  # type: ignore[attr-defined]


@router.get("/{draft_id}/cases", response={200: TrialOut, **PROBLEMS}, summary="一份草案对算例的影响")
def cases(request: HttpRequest, draft_id: str = ID) -> dict[str, Any]:
    """A draft side by side with the law, and the worked cases before and after."""
    draft = _draft(draft_id)
    return _tried(draft.policy, draft.output, draft.place, draft.valid_from, draft.changes)
