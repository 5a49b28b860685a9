"""Hires, leavings and base changes of one person; the cases and the staff of the caller's organisation."""

from typing import Any

import orjson
from django.http import Http404, HttpRequest
from ninja import Header, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from renshe.apps.insurance import queries as insurance
from renshe.journeys.offers import JOURNEYS
from renshe.kernel.cases import queries as cases
from renshe.kernel.cases.terms import Channel, State
from renshe.kernel.common.money import yuan
from renshe.kernel.common.verdict import Outcome, Reason, Refused
from renshe.portals.open.api.door import DECLARING, PROBLEMS, ReasonOut, declaring

router = Router(tags=["职工参保一件事"], auth=DECLARING)
MOST = 64 * 1024


class Answer(Schema):
    """What became of a declaration: settled at once, or with an officer."""

    outcome: str
    case: str
    reasons: list[ReasonOut]


class CaseOut(Schema):
    number: str
    kind: str
    state: str
    state_label: str
    person: str
    citizen_id: str
    opened_at: str
    due_on: str | None
    closed_at: str | None
    policy_version: str
    reasons: list[ReasonOut]


class StaffOut(Schema):
    person: str
    citizen_id: str
    kind: str
    hired_on: str
    since: str
    until: str | None
    wage: str
    base: str
    schemes: list[str]


class StaffPage(Schema):
    total: int
    staff: list[StaffOut]


def _body(key: str) -> dict[str, Any]:
    schema = JOURNEYS[key].declaration.model_json_schema()
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _settle(request: HttpRequest, key: str, idempotency_key: str | None) -> Status:
    actor, organisation = declaring(request)
    try:
        raw = orjson.loads(request.body[: MOST + 1])
    except orjson.JSONDecodeError:
        raise HttpError(400, "请求体不是合法的JSON，或超过64KB") from None
    if not isinstance(raw, dict):
        raise HttpError(400, "请求体应为一个JSON对象")
    journey = JOURNEYS[key]
    declaration, faults = journey.declaration.parse(raw)
    if declaration is None:
        raise Refused(*faults)
    settled = journey.settle(
        [(None, declaration)], organisation=organisation, actor=actor, channel=Channel.API,
        idempotency_key=idempotency_key or None,
    )[0]
    if settled.outcome is Outcome.REFUSE:
        raise Refused(*settled.reasons)
    reasons = [reason.as_json() for reason in settled.reasons]
    status = 201 if settled.outcome is Outcome.ACCEPT else 202
    return Status(status, {"outcome": str(settled.outcome), "case": settled.case_number, "reasons": reasons})


ANSWERS = {201: Answer, 202: Answer, **PROBLEMS}
KEY = Header(None, alias="Idempotency-Key", max_length=80)


@router.post("/hires", response=ANSWERS, openapi_extra=_body("hire"), summary="增员：一次申报，参保、合同备案、社保卡申领")
def hire(request: HttpRequest, idempotency_key: str | None = KEY) -> Status:
    """201 settled at once; 202 with an officer; 422 refused with every reason."""
    return _settle(request, "hire", idempotency_key)


@router.post("/leaves", response=ANSWERS, openapi_extra=_body("leave"), summary="减员")
def leave(request: HttpRequest, idempotency_key: str | None = KEY) -> Status:
    """201 settled at once; 202 with an officer; 422 refused with every reason."""
    return _settle(request, "leave", idempotency_key)


@router.post("/base-changes", response=ANSWERS, openapi_extra=_body("base_change"), summary="缴费基数变更")
def base_change(request: HttpRequest, idempotency_key: str | None = KEY) -> Status:
    """201 settled at once; 202 with an officer; 422 refused with every reason."""
    return _settle(request, "base_change", idempotency_key)


@router.get("/cases/{number}", response={200: CaseOut, **PROBLEMS}, summary="一个办件")
def case(request: HttpRequest, number: str) -> dict[str, Any]:
    """A case of the caller's organisation."""
    _, organisation = declaring(request)
    found = cases.of_organisation(organisation.pk).filter(number=number).first()
    if found is None:
        raise Http404("没有这一办件")
    return {
        "number": found.number, "kind": found.kind, "state": found.state, "state_label": State(found.state).label,
        "person": found.person.name if found.person else "",
        "citizen_id": found.person.citizen_id_mask if found.person else "",
        "opened_at": found.opened_at.isoformat(), "due_on": found.due_on.isoformat() if found.due_on else None,
        "closed_at": found.closed_at.isoformat() if found.closed_at else None,
        "policy_version": found.policy_version, "reasons": found.findings,
    }


SHOW = "^(open|left|all)$"


class StaffSearch(Schema):
    """Whom to look for. A name is never put into an address, where logs would keep it."""

    text: str = Field(max_length=60, description="姓名开头，或身份证号末四位")
    show: str = Field("open", pattern=SHOW)
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=500)


@router.get("/staff", response={200: StaffPage, **PROBLEMS}, summary="在册员工")
def staff(
    request: HttpRequest, show: str = Query("open", pattern=SHOW),
    offset: int = Query(0, ge=0, le=1_000_000), limit: int = Query(50, ge=1, le=500),
) -> dict[str, Any]:
    """The people of the caller's organisation, newest first."""
    if "q" in request.GET:
        raise Refused(Reason("words_in_address", "查找的姓名不能放在地址里", then="请改用 POST /api/v1/staff/search，写在请求体的 text 中", field="q"))
    return _found(request, "", show, offset, limit)


@router.post("/staff/search", response={200: StaffPage, **PROBLEMS}, summary="在册员工：按姓名或身份证号末四位查找")
def search_staff(request: HttpRequest, sought: StaffSearch) -> dict[str, Any]:
    """Those whose name begins, or whose number ends, with a text."""
    return _found(request, sought.text.strip(), sought.show, sought.offset, sought.limit)


def _found(request: HttpRequest, text: str, show: str, offset: int, limit: int) -> dict[str, Any]:
    _, organisation = declaring(request)
    rows = insurance.staff(organisation, text=text, show=show)
    return {"total": rows.count(), "staff": [_staff(row) for row in insurance.detailed(rows)[offset : offset + limit]]}


def _staff(row: Any) -> dict[str, Any]:
    base = row.base_history[0] if row.base_history else None
    return {
        "person": row.person.name, "citizen_id": row.person.citizen_id_mask, "kind": row.kind,
        "hired_on": row.hired_on.isoformat(), "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "wage": yuan(base.wage_fen) if base else "0.00", "base": yuan(base.base_fen) if base else "0.00",
        "schemes": [coverage.scheme for coverage in row.schemes],
    }
