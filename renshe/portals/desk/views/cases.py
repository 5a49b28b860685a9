"""The queue, and one case with everything an officer needs to decide it."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.apps.insurance import queries as insurance
from renshe.apps.rights import queries as rights
from renshe.apps.rights.terms import Request
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import actions, kinds, queries, rules
from renshe.kernel.cases.models import Case, CaseFile
from renshe.kernel.cases.terms import Deed, State
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.notices import queries as notices
from renshe.kernel.policy.queries import versions
from renshe.kernel.privacy import masks
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.subjects.queries import former_names
from renshe.portals import exports, listing
from renshe.portals.handing import handed
from renshe.portals.listing import Personal
from renshe.portals.premiums import owed_of

SHOWN = (("open", "全部在办"), ("mine", "我承办的"), ("unheld", "无人承办"), ("review", "待我复核"),
         ("overdue", "已超期"), ("closed", "已办"))
TITLES = ("办件编号", "事项", Personal("姓名"), "谁申请", "状态", "承办人", "期限", "亮灯")


def _rows(request: HttpRequest) -> QuerySet[Case]:
    return queries.queue(
        request.actor, show=request.GET.get("show", "open"), kind=request.GET.get("kind", ""),  # type: ignore[attr-defined]
        party=request.GET.get("party", ""), text=request.GET.get("q", "").strip(),
    )


def _line(row: Case) -> tuple[object, ...]:
    return (
        row.number, kinds.kind(row.kind).label, row.person.name if row.person else "",
        row.party, State(row.state).label,
        row.holder.name if row.holder else "", row.due_on or "", queries.light(row, timezone.localdate()).label,
    )


exports.register(exports.Exportable(
    "desk:queue", "办件队列", TITLES, Permission.HANDLE, _rows, _line, person=lambda row: row.person_id,
))


@requires(Permission.HANDLE)
@reads
def queue(request: HttpRequest) -> HttpResponse:
    """Cases in the officer's jurisdiction: soonest due first; search, filter, export."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    page = listing.listed(request, _rows(request))
    for row in page["rows"]:
        row.light, row.label = queries.light(row, today), kinds.kind(row.kind).label
        row.whose = masks.name(row.person.name) if row.person else ""  # class 3: masked until opened for a purpose
    counts = {key: queries.queue(actor, show=key).count() for key in ("open", "unheld", "review", "overdue")}
    return render(request, "desk/queue.html", {
        **page, "show": request.GET.get("show", "open"), "shown": SHOWN, "kind": request.GET.get("kind", ""),
        "party": request.GET.get("party", ""), "parties": queries.PARTIES.items(), "kinds": kinds.kinds(), "q": request.GET.get("q", "").strip(), "counts": counts,
    })


@requires(Permission.HANDLE)
@reads
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices to the officer."""
    rows = notices.inbox(account_id=request.actor.account_id)  # type: ignore[attr-defined]
    return render(request, "desk/inbox.html", listing.listed(request, rows))


def _take(case: Case, request: HttpRequest, actor: Actor) -> None:
    actions.take(case, actor=actor)


def _ask(case: Case, request: HttpRequest, actor: Actor) -> None:
    actions.ask_correction(case, _words(request, "note", "请写明要补正的全部内容"), actor=actor)


def _suspend(case: Case, request: HttpRequest, actor: Actor) -> None:
    actions.suspend(case, _words(request, "note", "请写明中止的理由"), actor=actor)


def _resume(case: Case, request: HttpRequest, actor: Actor) -> None:
    actions.resume(case, _words(request, "note", "请写明恢复的理由"), actor=actor)


def _extend(case: Case, request: HttpRequest, actor: Actor) -> None:
    days = request.POST.get("days", "")
    if not (days.isdigit() and 1 <= int(days) <= 30):
        raise Refused(Reason("bad_days", "延长天数应为1至30的整数", field="days", then="请重新填写"))
    actions.extend(case, int(days), _words(request, "note", "请写明延长的理由"), actor=actor)


def _propose(case: Case, request: HttpRequest, actor: Actor) -> None:
    actions.propose(case, _words(request, "note", "请写明初审意见"), _answers(case, request), actor=actor)


def _answers(case: Case, request: HttpRequest) -> dict[str, str]:
    return {one.key: request.POST.get(f"answer-{one.key}", "") for one in kinds.kind(case.kind).questions(case)}


def _return(case: Case, request: HttpRequest, actor: Actor) -> None:
    actions.send_back(case, _words(request, "note", "请写明退回的理由"), actor=actor)


def _approve(case: Case, request: HttpRequest, actor: Actor) -> None:
    if not actor.may(Permission.REVIEW):
        raise Refused(Reason("no_review", "准予办结须由复核人员办理", article="平台规则：经办与复核分离",
                             then="请提出初审意见，由复核人员决定"))
    actions.approve(case, actor=actor, note=request.POST.get("note", "")[:400], answers=_answers(case, request))


def _refuse(case: Case, request: HttpRequest, actor: Actor) -> None:
    code = request.POST.get("code", "")
    if code not in kinds.kind(case.kind).refusals:
        raise Refused(Reason("no_code", "请选择不予办理的理由", field="code"))
    actions.refuse(
        case, code, _words(request, "note", "请把理由说清楚"), _words(request, "then", "请告诉申请人可以怎么办"), actor=actor
    )


DEEDS: dict[str, Callable[[Case, HttpRequest, Actor], None]] = {
    Deed.TAKE: _take, Deed.ASK_CORRECTION: _ask, Deed.SUSPEND: _suspend, Deed.RESUME: _resume, Deed.EXTEND: _extend, Deed.PROPOSE: _propose, Deed.RETURN: _return,
    Deed.APPROVE: _approve, Deed.REFUSE: _refuse,
}


def _words(request: HttpRequest, name: str, fault: str) -> str:
    text = request.POST.get(name, "").strip()[:400]
    if not text:
        raise Refused(Reason("no_words", fault, field=name))
    return text


@requires(Permission.HANDLE)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One case: declaration beside register, findings, premiums, history, and the deeds its state allows."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = get_object_or_404(queries.covered(actor), number=number)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            DEEDS[request.POST.get("deed", "")](case, request, actor)
            return redirect("desk:case", number=number)
        except Refused as fault:
            reasons = fault.reasons
        except KeyError:
            reasons = (Reason("no_deed", "没有这一动作"),)
        case = get_object_or_404(queries.covered(actor), number=number)
    if case.person_id:
        log_readings(actor, [case.person_id], purpose="办理办件", what="申报内容与参保记录", case_number=case.number)
    state = State(case.state)
    page = {
        "case": case, "kind": kinds.kind(case.kind), "lines": kinds.kind(case.kind).present(case),
        "events": case.events.order_by("at", "id"), "light": queries.light(case, timezone.localdate()),
        "allowed": {str(deed) for deed in DEEDS if rules.may_do(state, Deed(deed))}, "reasons": reasons,
        "refusals": kinds.kind(case.kind).refusals.items(),
        "spells": insurance.enrolments_of_person(case.person_id)[:10] if case.person_id else [],
        "answers": [
            (one.label, dict(one.options).get(case.answers.get(one.key, ""), "未提出"))
            for one in kinds.kind(case.kind).questions(case)
        ],
        "arrears": owed_of(case), "versions": versions(case.policy_version), "may_review": actor.may(Permission.REVIEW), "questions": kinds.kind(case.kind).questions(case),
        "files": case.files.order_by("id"), "alone": not kinds.kind(case.kind).two_person(case),
        "decision": rights.decision_of(case) if case.kind in (Request.EXPLANATION, Request.REVIEW) else None,
        "former": former_names(case.person_id) if case.person_id else [],
    }
    return render(request, "desk/case.html", page, status=422 if reasons else 200)


@requires(Permission.HANDLE)
def document(request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A document put to a case; the person sees that it was opened."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = get_object_or_404(queries.covered(actor), number=number)
    file = get_object_or_404(CaseFile, case=case, pk=file_id)
    if case.person_id:
        log_readings(actor, [case.person_id], purpose="办理办件", what=f"材料：{file.name}"[:120], case_number=case.number)
    return handed(file)
