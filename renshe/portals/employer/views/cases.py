"""An employer's cases: the list, one case, the answer to a correction, withdrawal, rating."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.apps.insurance import queries as insurance
from renshe.journeys.offers import JOURNEYS
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import actions, kinds, queries
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import State
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals import exports, forms, listing
from renshe.portals.employer.doorway import own
from renshe.portals.listing import Personal
from renshe.portals.premiums import owed_of, shown

TITLES = ("办件编号", "事项", Personal("姓名"), "状态", "提交时间", "办结时间")


def _rows(request: HttpRequest) -> QuerySet[Case]:
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = queries.of_organisation(own(request).pk)
    if state in set(State):
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(number__icontains=text) | rows.filter(person__name__startswith=text)
    return rows


def _line(row: Case) -> tuple[object, ...]:
    return (
        row.number, kinds.kind(row.kind).label, row.person.name if row.person else "", State(row.state).label,
        row.opened_at, row.closed_at,
    )


exports.register(exports.Exportable(
    "employer:cases", "办件", TITLES, Permission.DECLARE, _rows, _line, own="本单位用工管理",
))


@requires(Permission.DECLARE)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search, filter, export."""
    page = listing.listed(request, _rows(request))
    for row in page["rows"]:
        row.label = kinds.kind(row.kind).label
    return render(request, "employer/cases.html", {
        **page, "q": request.GET.get("q", "").strip(), "state": request.GET.get("state", ""), "states": State.choices(),
    })


@requires(Permission.DECLARE)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One case; answers corrections, withdraws, rates."""
    organisation, actor = own(request), request.actor  # type: ignore[attr-defined]
    case = get_object_or_404(queries.of_organisation(organisation.pk), number=number)
    kind, reasons = kinds.kind(case.kind), ()
    given: dict[str, object] = actions.declared(case)
    if request.method == "POST":
        try:
            reasons, given = _do(request, case, given)
        except Refused as fault:
            reasons = fault.reasons
        if not reasons:
            return redirect("employer:case", number=number)
    fields = forms.fields(JOURNEYS[case.kind].declaration, given, reasons) if case.state == State.CORRECTION else []
    enrolment = insurance.detailed(insurance.staff(organisation, show="all").filter(case=case)).first()
    page = {
        "case": case, "kind": kind, "lines": kind.present(case), "events": case.events.order_by("at", "id"),
        "fields": fields, "reasons": reasons, "enrolment": enrolment, "actor": actor,
        "premiums": shown(insurance.premiums(enrolment, timezone.localdate())) if enrolment else [],
        "arrears": owed_of(case),
        "stars": ((5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意")),
    }
    return render(request, "employer/case.html", page, status=422 if reasons else 200)


def _do(request: HttpRequest, case: object, given: dict[str, object]) -> tuple[tuple[Reason, ...], dict[str, object]]:
    """Carry out what the page asks. Raises Refused."""
    actor, deed = request.actor, request.POST.get("deed")  # type: ignore[attr-defined]
    if deed == "withdraw":
        actions.withdraw(case, actor=actor)  # type: ignore[arg-type]
    elif deed == "rate":
        stars = request.POST.get("stars", "")
        if stars in ("1", "2", "3", "4", "5"):
            actions.rate(case, int(stars), request.POST.get("note", "")[:300], actor=actor)  # type: ignore[arg-type]
    elif deed == "answer":
        model = JOURNEYS[case.kind].declaration  # type: ignore[attr-defined]
        typed = {name: value for name, value in request.POST.items() if name in model.model_fields}
        declaration, reasons = model.parse(typed)
        if declaration is None:
            return reasons, dict(typed)
        if declaration.as_declared()["citizen_id"] != given["citizen_id"]:
            return (Reason("other_person", "补正不能换成另一个人", field="citizen_id", then="请撤回后重新申报"),), dict(typed)
        actions.answer_correction(
            case, declaration.as_declared(), request.POST.get("answer", "")[:300], actor=actor  # type: ignore[arg-type]
        )
    return (), given
