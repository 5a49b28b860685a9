"""What residents ask for themselves, for programs that act for them: the same requests as their pages."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, File, Form, Header, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from renshe.apps.rights import queries as rights
from renshe.apps.rights.actions import consents as withdrawing
from renshe.apps.rights.actions import copies as handing
from renshe.apps.rights.actions import corrections, decisions, erasures
from renshe.apps.rights.terms import Request
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import actions, kinds, queries
from renshe.kernel.cases.evidence import Upload
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel, State
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.privacy import copies
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import person_of
from renshe.portals.open.api.door import PROBLEMS, PageAuth, TokenAuth
from renshe.portals.resident import explained
from renshe.portals.resident.views.mydata import as_json
from renshe.portals.uploads import FLAG

router = Router(tags=["个人信息权利"], auth=[TokenAuth(Permission.OWN_RECORD), PageAuth(Permission.OWN_RECORD)])
KEY = Header(None, alias="Idempotency-Key", max_length=75)
FILES = File(None)


class RequestOut(Schema):
    """One request: where it stands, its content as titled lines, what was answered and where to turn."""

    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    opened_at: str
    due_on: str | None
    closed_at: str | None
    lines: list[list[str]]
    answer: str
    remedy: str


class RequestsOut(Schema):
    total: int
    requests: list[RequestOut]


class HeldOut(Schema):
    """One value of the register: `field` and `ref` name it in a correction."""

    field: str
    ref: str
    label: str
    value: str
    needs_proof: bool


class ConsentOut(Schema):
    """What is held by consent alone: for what, since when; without a value nothing is held, and `ended` names the withdrawal."""

    item: str
    label: str
    purpose: str
    value: str
    since: str | None
    source: str
    ended: str


class PieceOut(Schema):
    """One piece of what is held: whether it may be deleted, why, by which article."""

    item: str
    label: str
    count: int
    may_be_deleted: bool
    why: str
    article: str


class DecisionOut(Schema):
    """An automated decision as it stood, with the request that keeps it."""

    number: str
    decision: dict[str, Any]


class Erasure(Schema):
    items: list[str] = Field(max_length=40)
    reason: str = Field("", max_length=500)


class About(Schema):
    """What the person adds to the facts on record; inputs of the policy by name."""

    answers: dict[str, str] = {}


def _own(request: HttpRequest) -> tuple[Actor, Person]:
    """The actor and the person it is. Raises HttpError 403."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = person_of(actor)
    if person is None:
        raise HttpError(403, "此账户还没有实名")
    return actor, person


def _out(case: Case) -> dict[str, Any]:
    kind = kinds.kind(case.kind)
    said = case.events.filter(deed__in=("approve", "refuse")).order_by("-id").values_list("note", flat=True).first()
    return {
        "number": case.number, "kind": case.kind, "kind_label": kind.label, "state": case.state,
        "state_label": State(case.state).label, "opened_at": case.opened_at.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "lines": [list(line) for line in kind.present(case)], "answer": said or "", "remedy": kind.remedy,
    }


def _uploads(request: HttpRequest, files: list[UploadedFile] | None) -> list[Upload]:
    if FLAG in request.META:
        raise Refused(Reason("too_large", "材料过大，已停止接收", field="files", then="请把照片调小，或分几次交"))
    return [Upload(one.name or "材料", one.read()) for one in files or ()]


def _key(key: str | None) -> str | None:
    return f"api:{key}" if key else None


@router.get("/requests", response={200: RequestsOut, **PROBLEMS}, summary="我的申请")
def requests(
    request: HttpRequest, kind: str = Query("", max_length=40), offset: int = Query(0, ge=0, le=1_000_000),
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    """The caller's own requests, newest first."""
    rows = queries.own_of_person(_own(request)[1].pk)
    rows = rows.filter(kind=kind) if kind else rows
    return {"total": rows.count(), "requests": [_out(one) for one in rows[offset : offset + limit]]}


@router.get("/requests/{number}", response={200: RequestOut, **PROBLEMS}, summary="一个申请")
def one(request: HttpRequest, number: str) -> dict[str, Any]:
    """One of the caller's own requests."""
    return _out(_found(request, number))


def _found(request: HttpRequest, number: str, **more: Any) -> Case:
    case = queries.own_of_person(_own(request)[1].pk).filter(number=number, **more).first()
    if case is None:
        raise Http404("没有这一申请")
    return case


@router.post("/requests/{number}/withdrawal", response={200: RequestOut, **PROBLEMS}, summary="撤回申请")
def withdraw(request: HttpRequest, number: str) -> dict[str, Any]:
    """Take a request back. Safe to repeat."""
    return _out(actions.withdraw(_found(request, number), actor=_own(request)[0]))


@router.get("/register", response={200: list[HeldOut], **PROBLEMS}, summary="登记的内容，可以申请更正的")
def register(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything the caller may ask to have put right, as the register has it (identity masked as on the pages)."""
    return [
        {"field": one.key, "ref": held.ref, "label": held.label, "value": held.value, "needs_proof": one.two_person}
        for one, rows in rights.correctable_of(_own(request)[1]) for held in rows
    ]


@router.post("/corrections", response={201: RequestOut, **PROBLEMS}, summary="申请更正（个人信息保护法 第四十六条）")
def correct(
    request: HttpRequest, field: str = Form(max_length=40), right: str = Form(max_length=200), reason: str = Form(max_length=500),
    ref: str = Form("", max_length=40), files: list[UploadedFile] | None = FILES, idempotency_key: str | None = KEY,
) -> Status:
    """multipart/form-data, since proofs come with it: `files` are JPEG, PNG or PDF."""
    actor, person = _own(request)
    case = corrections.ask(
        person, field=field, ref=ref, right=right, reason=reason, uploads=_uploads(request, files), actor=actor,
        channel=Channel.API, key=_key(idempotency_key),
    )
    return Status(201, _out(case))


@router.post("/decisions/{kind}/{name}/explanation", response={201: DecisionOut, **PROBLEMS},
             summary="要求说明自动化决定（第二十四条）")
def explain(request: HttpRequest, kind: str, name: str, about: About, idempotency_key: str | None = KEY) -> Status:
    """`kind` is benefit (with the policy's name) or case (with its number). The explanation is frozen and has a receipt."""
    actor, person = _own(request)
    try:
        found = explained.decision(person, kind, name, about.answers)
    except BadInput as fault:
        raise Refused(Reason("bad_input", str(fault), field=fault.field)) from None
    case = decisions.explain(person, found, actor=actor, channel=Channel.API, key=_key(idempotency_key))
    return Status(201, {"number": case.number, "decision": rights.decision_of(case).as_json()})


@router.post("/explanations/{number}/review", response={201: RequestOut, **PROBLEMS}, summary="要求人工复核（第二十四条）")
def review(
    request: HttpRequest, number: str, reason: str = Form(max_length=500), field: str = Form("", max_length=40),
    ref: str = Form("", max_length=40), right: str = Form("", max_length=200), files: list[UploadedFile] | None = FILES,
    idempotency_key: str | None = KEY,
) -> Status:
    """Of a request that holds an explanation. `field`, `ref` and `right` name a value of the register that is wrong."""
    case = decisions.ask_review(
        _found(request, number, kind=Request.EXPLANATION), reason=reason, right=(field, ref, right) if field else None,
        uploads=_uploads(request, files), actor=_own(request)[0], channel=Channel.API, key=_key(idempotency_key),
    )
    return Status(201, _out(case))


@router.get("/erasable", response={200: list[PieceOut], **PROBLEMS}, summary="能删的和依法要存的（第四十七条）")
def erasable(request: HttpRequest) -> list[dict[str, Any]]:
    """Every piece that is held about the caller."""
    return [
        {"item": one.key, "label": one.label, "count": count, "may_be_deleted": one.erase is not None, "why": one.why, "article": one.article}
        for one, count in rights.erasable_of(_own(request)[1])
    ]


@router.post("/erasures", response={201: RequestOut, **PROBLEMS}, summary="申请删除（第四十七条）")
def erase(request: HttpRequest, asked: Erasure, idempotency_key: str | None = KEY) -> Status:
    """Officers decide piece by piece; what a law keeps is stored only."""
    actor, person = _own(request)
    case = erasures.ask(
        person, items=asked.items, reason=asked.reason, actor=actor, channel=Channel.API, key=_key(idempotency_key)
    )
    return Status(201, _out(case))


@router.get("/consents", response={200: list[ConsentOut], **PROBLEMS}, summary="只凭本人同意存着的（第十五条）")
def consents(request: HttpRequest) -> list[dict[str, Any]]:
    """Each consent with its purpose and its day."""
    return [
        {"item": one.key, "label": one.label, "purpose": one.purpose, "value": one.value, "source": one.source, "ended": one.ended,
         "since": one.since.isoformat() if one.since else None}
        for one in rights.consents_of(_own(request)[1])
    ]


@router.post("/consents/{item}/withdrawal", response={201: RequestOut, **PROBLEMS}, summary="撤回同意（第十五条）")
def withdraw_consent(request: HttpRequest, item: str, idempotency_key: str | None = KEY) -> Status:
    """At once: what was held by it is deleted."""
    actor, person = _own(request)
    case = withdrawing.withdraw(person, item=item, actor=actor, channel=Channel.API, key=_key(idempotency_key))
    return Status(201, _out(case))


@router.post("/copies", response=PROBLEMS, summary="复制、转移本人的全部数据（第四十五条）",
             openapi_extra={"responses": {200: {"description": "renshe-copy/1", "content": {"application/json": {}}}}})
def copy(request: HttpRequest) -> HttpResponse:
    """Everything held about the caller; the number of the hand-over stands in the header `Renshe-Request`."""
    actor, person = _own(request)
    held = copies.held_about(person.pk)
    content = as_json(person, held)
    case = handing.hand_over(person, content, sum(len(one.rows) for one in held), "电子（JSON）", actor=actor, channel=Channel.API)
    return HttpResponse(content, content_type="application/json", headers={"Renshe-Request": case.number})
