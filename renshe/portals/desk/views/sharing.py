"""Agreements with other departments: proposed by an operator, approved by another person, ended by either, watched by both."""

import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.sharing import actions, queries
from renshe.kernel.sharing.columns import columns
from renshe.kernel.sharing.models import Agreement
from renshe.kernel.sharing.terms import AgreementState, Population, SharingRefusal
from renshe.kernel.subjects.models import Place
from renshe.portals import listing

TITLES = ("接收部门", "用途", "法律依据", "字段", "不遮盖的字段", "区划范围", "人员范围", "起", "止", "状态", "提出人", "批准人")
KEY = "sharing_key"  # shown once, after the redirect


def _rows(request: HttpRequest) -> QuerySet[Agreement]:
    return queries.agreements(text=request.GET.get("q", "").strip(), state=request.GET.get("state", ""))


def _labels(keys: list[str]) -> str:
    return "、".join(columns()[key].label for key in keys if key in columns())


@requires(Permission.SHARE)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Agreements, those that wait for a second person first; search, filter, export."""
    if "export" in request.GET:
        return listing.workbook("数据共享协议", TITLES, (
            (one.recipient, one.purpose, one.legal_basis, _labels(one.columns), _labels(one.clear), one.division,
             Population(one.population).label, one.valid_from, one.valid_until, AgreementState(one.state).label,
             one.proposed_by_name, one.decided_by_name) for one in _rows(request)
        ))
    page = listing.listed(request, _rows(request))
    return render(request, "desk/sharings.html", {
        **page, "q": request.GET.get("q", "").strip(), "state": request.GET.get("state", ""),
        "states": AgreementState.choices(), "today": timezone.localdate(),
        "may_propose": request.actor.may(Permission.OPERATE),  # type: ignore[attr-defined]
    })


@requires(Permission.OPERATE)
def propose(request: HttpRequest) -> HttpResponse:
    """Write down a new agreement."""
    reasons: tuple[Reason, ...] = ()
    given = request.POST
    if request.method == "POST":
        try:
            agreement = actions.propose(
                recipient=given.get("recipient", ""), purpose=given.get("purpose", ""),
                legal_basis=given.get("legal_basis", ""), keys=given.getlist("columns"), clear=given.getlist("clear"),
                division=given.get("division", "")[:12], population=_population(given.get("population", "")),
                valid_from=_day(given.get("valid_from", "")), valid_until=_day(given.get("valid_until", "")),
                actor=request.actor,  # type: ignore[attr-defined]
            )
            return redirect("desk:sharing", agreement.pk)
        except Refused as fault:
            reasons = fault.reasons
    places = Place.objects.filter(level__in=("prefecture", "county")).order_by("code")
    return render(request, "desk/sharing_new.html", {
        "columns": columns().values(), "places": places, "populations": Population.choices(), "reasons": reasons,
        "given": given, "chosen": given.getlist("columns"), "clear": given.getlist("clear"), "today": timezone.localdate(),
    }, status=422 if reasons else 200)


def _population(text: str) -> str:
    if text not in dict(Population.choices()):
        raise Refused(Reason(SharingRefusal.INCOMPLETE, "请选择人员范围", field="population"))
    return text


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused(Reason(SharingRefusal.BAD_DAYS, "日期应如 2026-11-24", field="valid_until")) from None


@requires(Permission.SHARE)
def one(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One agreement: what is agreed, who decided, its key, how often data went out under it."""
    agreement = get_object_or_404(Agreement, pk=agreement_id)
    actor = request.actor  # type: ignore[attr-defined]
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _do(request, agreement)
            return redirect("desk:sharing", agreement.pk)
        except Refused as fault:
            reasons = fault.reasons
    gone = queries.disclosures(agreement)
    return render(request, "desk/sharing.html", {
        "agreement": agreement, "reasons": reasons, "in_force": queries.is_in_force(agreement), "today": timezone.localdate(),
        "columns": [(columns()[key], key in agreement.clear) for key in agreement.columns if key in columns()],
        "key": request.session.pop(KEY, ""), "may_issue": actor.may(Permission.OPERATE),
        "count": gone.count(), "persons": gone.order_by().values("person_id").distinct().count(), "last": gone.first(),
        "most": actions.MOST_AT_ONCE, "unseen": queries.corrected(agreement).count(),
    }, status=422 if reasons else 200)


def _do(request: HttpRequest, agreement: Agreement) -> None:
    actor, deed = request.actor, request.POST.get("deed", "")  # type: ignore[attr-defined]
    if deed in ("approve", "refuse"):
        actions.decide(agreement.pk, agree=deed == "approve", actor=actor)
    elif deed == "end":
        actions.end(agreement.pk, actor=actor)
    elif deed == "issue" and actor.may(Permission.OPERATE):
        request.session[KEY] = actions.issue(agreement.pk, actor=actor)
    else:
        raise Refused(Reason("bad_request", "没有这一动作"))
