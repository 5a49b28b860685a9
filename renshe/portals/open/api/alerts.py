"""Second looks for the programs of auditors: what is open, the readings behind it, who holds it, what was found."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Finding, Permission
from renshe.kernel.alerts import actions, queries
from renshe.kernel.alerts.models import Alert
from renshe.kernel.alerts.terms import AlertKind, AlertState
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import masks
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.subjects.models import Person
from renshe.portals.open.api.door import PROBLEMS, PageAuth, TokenAuth

router = Router(tags=["查阅预警"], auth=[TokenAuth(Permission.AUDIT), PageAuth(Permission.AUDIT)])
MOST_READINGS = 500


class AlertOut(Schema):
    id: str
    kind: str
    kind_label: str
    level: str
    state: str
    reader: str
    readings: int
    opened_at: str
    due_on: str
    holder: str
    finding: str


class AlertsOut(Schema):
    total: int
    alerts: list[AlertOut]


class ReadingOut(Schema):
    """One reading behind an alert; the person masked."""

    at: str
    person: str
    citizen_id: str
    purpose: str
    what: str
    case: str


class AlertWhole(AlertOut):
    """An alert with its words, its answer and the first readings behind it."""

    words: str
    answer: str
    evidence: list[ReadingOut]


class Found(Schema):
    finding: str
    answer: str


def _out(one: Alert) -> dict[str, Any]:
    return {
        "id": str(one.pk), "kind": one.kind, "kind_label": AlertKind(one.kind).label, "level": one.level, "state": one.state,
        "reader": one.reader_name, "readings": len(one.evidence), "opened_at": one.opened_at.isoformat(),
        "due_on": one.due_on.isoformat(), "holder": one.holder_name, "finding": one.finding,
    }


def _found(alert: str) -> Alert:
    found = Alert.objects.filter(pk=int(alert)).first() if alert.isdecimal() and len(alert) < 19 else None
    if found is None:
        raise Http404("没有这一预警")
    return found


@router.get("", response={200: AlertsOut, **PROBLEMS}, summary="预警")
def listed(
    request: HttpRequest, kind: str = Query("", max_length=12), state: str = Query("", max_length=10),
    holder: str = Query("", pattern="^(|mine|nobody)$"), offset: int = Query(0, ge=0, le=1_000_000), limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    """Open ones first, grave ones first. `holder`: mine or nobody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if (kind and kind not in set(AlertKind)) or (state and state not in set(AlertState)):
        raise Refused(Reason("unknown", "没有这一种类或状态", field="kind"))
    rows = queries.alerts(kind=kind, state=state, holder={"mine": actor.account_id, "nobody": 0}.get(holder))
    return {"total": rows.count(), "alerts": [_out(one) for one in rows[offset : offset + limit]]}


@router.get("/{alert}", response={200: AlertWhole, **PROBLEMS}, summary="一条预警")
def one(request: HttpRequest, alert: str = Path(max_length=20)) -> dict[str, Any]:
    """With the readings behind it, persons masked; what a resident wrote is that resident's, so reading it is noted."""
    return _whole(request, _found(alert))


def _whole(request: HttpRequest, found: Alert) -> dict[str, Any]:
    if found.kind == AlertKind.QUESTION and found.person_id:
        log_readings(request.actor, [found.person_id], purpose="核查本人质疑", what="质疑内容与被质疑的查阅")  # type: ignore[attr-defined]
    rows = list(queries.readings(found)[:MOST_READINGS])
    persons = Person.objects.in_bulk({row.person_id for row in rows})
    return {
        **_out(found), "words": found.words, "answer": found.answer,
        "evidence": [
            {"at": row.at.isoformat(), "person": masks.name(person.name) if person else "",
             "citizen_id": person.citizen_id_mask if person else "", "purpose": row.purpose, "what": row.what, "case": row.case_number}
            for row in rows for person in [persons.get(row.person_id)]
        ],
    }


@router.post("/{alert}/holder", response={200: AlertOut, **PROBLEMS}, summary="由我承办")
def take(request: HttpRequest, alert: str = Path(max_length=20)) -> dict[str, Any]:
    """The caller becomes the named holder. Safe to repeat."""
    return _out(actions.take(_found(alert).pk, actor=request.actor))  # type: ignore[attr-defined]


@router.post("/{alert}/finding", response={200: AlertOut, **PROBLEMS}, summary="定论")
def find(request: HttpRequest, found: Found, alert: str = Path(max_length=20)) -> dict[str, Any]:
    """`finding`: justified or unjustified. Whoever asked is answered. Safe to repeat."""
    if found.finding not in set(Finding):
        raise Refused(Reason("no_finding", "结论应为 justified 或 unjustified", field="finding"))
    return _out(actions.find(_found(alert).pk, finding=Finding(found.finding), answer=found.answer, actor=request.actor))  # type: ignore[attr-defined]
