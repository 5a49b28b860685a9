"""Emergencies for the auditor: who opened which record beyond the jurisdiction, why, and what was found."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access import actions, queries
from renshe.kernel.access.models import Override
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Finding, Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals import exports, listing
from renshe.portals.listing import Personal

TITLES = ("开启时间", "查阅账户", Personal("事由"), "复查人", "复查时间", "结论", Personal("说明"))


def _rows(request: HttpRequest) -> QuerySet[Override]:
    rows = queries.overrides()
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(account__name__icontains=text) | rows.filter(reason__icontains=text)
    return rows


def _line(one: Override) -> tuple[object, ...]:
    return (
        one.opened_at, one.account.name, one.reason,
        one.reviewed_by.name if one.reviewed_by else "", one.reviewed_at or "",
        Finding(one.finding).label if one.finding else "", one.note,
    )


exports.register(exports.Exportable(
    "desk:overrides", "应急查阅", TITLES, Permission.AUDIT, _rows, _line, person=lambda one: one.person_id,
))


@requires(Permission.AUDIT)
def listed(request: HttpRequest) -> HttpResponse:
    """Unreviewed ones first; search, export, and the finding."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            actions.review_override(
                int(request.POST.get("override", "")), finding=Finding(request.POST.get("finding", "")),
                note=request.POST.get("note", ""), actor=request.actor,  # type: ignore[attr-defined]
            )
            return redirect("desk:overrides")
        except Refused as fault:
            reasons = fault.reasons
        except (Override.DoesNotExist, ValueError):
            reasons = (Reason("bad_request", "请选择一条应急查阅和结论"),)
    page = {**listing.listed(request, _rows(request)), "q": request.GET.get("q", "").strip(), "reasons": reasons, "findings": Finding.choices()}
    return render(request, "desk/overrides.html", page, status=422 if reasons else 200)
