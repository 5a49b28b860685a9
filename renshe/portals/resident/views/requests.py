"""What I asked for: the list, one request with its course and its answer, the documents I handed in."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.apps.rights import queries as rights
from renshe.apps.rights.actions import erasures
from renshe.apps.rights.terms import Request
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import actions, evidence, kinds, queries
from renshe.kernel.cases.models import Case, CaseFile
from renshe.kernel.cases.terms import State
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals import exports, listing
from renshe.portals.handing import handed
from renshe.portals.listing import Personal
from renshe.portals.resident.doorway import own
from renshe.portals.uploads import received

TITLES = ("编号", "事项", Personal("内容"), "状态", "提交时间", "办结时间")
STARS = ((5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意"))


def _rows(request: HttpRequest) -> QuerySet[Case]:
    rows = queries.own_of_person(own(request).pk)
    if (kind := request.GET.get("kind", "")) in set(Request):
        rows = rows.filter(kind=kind)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(number__icontains=text)
    return rows


def _about(case: Case) -> str:
    """What a request is about, in a few words."""
    if case.kind == Request.ERASURE:
        return "、".join(label for label, _, _ in erasures.outcome(case))
    return kinds.kind(case.kind).present(case)[0][1]


def _line(row: Case) -> tuple[object, ...]:
    return (
        row.number, kinds.kind(row.kind).label, _about(row), State(row.state).label,
        row.opened_at, row.closed_at,
    )


exports.register(exports.Exportable(
    "resident:requests", "我的申请", TITLES, Permission.OWN_RECORD, _rows, _line, own="查阅本人信息",
))


@requires(Permission.OWN_RECORD)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """What one can ask for, and what one has asked for."""
    page = listing.listed(request, _rows(request))
    for row in page["rows"]:
        row.label, row.about = kinds.kind(row.kind).label, _about(row)
    return render(request, "resident/requests.html", {
        **page, "q": request.GET.get("q", "").strip(), "kind": request.GET.get("kind", ""), "kinds": Request.choices(),
        "days": rights.answer_days(),
    })


def _withdraw(request: HttpRequest, case: Case) -> None:
    actions.withdraw(case, actor=request.actor)  # type: ignore[attr-defined]


def _rate(request: HttpRequest, case: Case) -> None:
    stars = request.POST.get("stars", "")
    if stars not in ("1", "2", "3", "4", "5"):
        raise Refused(Reason("no_stars", "请选择满意程度", field="stars"))
    actions.rate(case, int(stars), request.POST.get("note", "")[:300], actor=request.actor)  # type: ignore[attr-defined]


def _answer(request: HttpRequest, case: Case) -> None:
    words = request.POST.get("answer", "").strip()[:300]
    uploads = received(request)
    if not words and not uploads:
        raise Refused(Reason("no_words", "请写明补正内容，或附上材料", field="answer"))
    actions.answer_correction(case, {}, words or "补交材料", actor=request.actor, uploads=uploads)  # type: ignore[attr-defined]


DEEDS: dict[str, Callable[[HttpRequest, Case], None]] = {"withdraw": _withdraw, "rate": _rate, "answer": _answer}


@requires(Permission.OWN_RECORD)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One request: where it stands, what was asked, what came of it and why, where to turn; what one can do now."""
    person = own(request)
    case = get_object_or_404(queries.own_of_person(person.pk), number=number)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            DEEDS[request.POST.get("deed", "")](request, case)
            return redirect("resident:request", number)
        except Refused as fault:
            reasons = fault.reasons
        except KeyError:
            reasons = (Reason("no_deed", "没有这一动作"),)
        case = get_object_or_404(queries.own_of_person(person.pk), number=number)
    kind = kinds.kind(case.kind)
    events = list(case.events.order_by("at", "id"))
    asked_about = case.kind in (Request.EXPLANATION, Request.REVIEW)
    page = {
        "case": case, "kind": kind, "lines": kind.present(case), "events": events, "reasons": reasons, "stars": STARS,
        "files": case.files.order_by("id"), "decision": rights.decision_of(case) if asked_about else None,
        "pieces": erasures.outcome(case) if case.kind == Request.ERASURE else (),
        "finding": rights.finding(person.pk, rights.decision_of(case).key) if asked_about else None,
        "last": next((one for one in reversed(events) if one.deed in ("approve", "refuse")), None),
        "asked_back": next((one.note for one in reversed(events) if one.deed == "ask_correction"), ""),
        "most": evidence.MOST, "largest": evidence.LARGEST // 1024 // 1024,
    }
    return render(request, "resident/request.html", page, status=422 if reasons else 200)


@requires(Permission.OWN_RECORD)
@reads
def document(request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A document one has handed in."""
    case = get_object_or_404(queries.own_of_person(own(request).pk), number=number)
    return handed(get_object_or_404(CaseFile, case=case, pk=file_id))
