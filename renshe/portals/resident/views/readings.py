"""Who looked at my record, when, why; and what I question."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.alerts import actions, queries
from renshe.kernel.alerts.limits import limits
from renshe.kernel.alerts.terms import AlertKind
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy.models import Reading
from renshe.kernel.privacy.queries import readings_of
from renshe.portals import exports, listing
from renshe.portals.listing import Personal
from renshe.portals.resident.doorway import own

TITLES = ("时间", "查阅人", "岗位", Personal("目的"), "内容", "办件编号")


def _rows(request: HttpRequest) -> QuerySet[Reading]:
    rows = readings_of(own(request).pk)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(purpose__icontains=text) | rows.filter(reader_name__icontains=text)
    return rows


def _line(one: Reading) -> tuple[object, ...]:
    return one.at, one.reader_name, one.reader_post, one.purpose, one.what, one.case_number


exports.register(exports.Exportable(
    "resident:readings", "谁看过我的记录", TITLES, Permission.OWN_RECORD, _rows, _line, own="查阅本人信息",
))


@requires(Permission.OWN_RECORD)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search and export the log of readings of one's own record."""
    page = listing.listed(request, _rows(request))
    asked = queries.questions_of(own(request).pk)
    for row in page["rows"]:
        row.question = asked.get(row.pk)
    return render(request, "resident/readings.html", {**page, "q": request.GET.get("q", "")})


@requires(Permission.OWN_RECORD)
def one(request: HttpRequest, reading_id: int) -> HttpResponse:
    """One reading of one's own record: ask why, see by when an auditor answers, and the answer."""
    reading = get_object_or_404(readings_of(own(request).pk), pk=reading_id)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            actions.question(reading, request.POST.get("words", ""), actor=request.actor)  # type: ignore[attr-defined]
            return redirect("resident:reading", reading.pk)
        except Refused as fault:
            reasons = fault.reasons
    page = {
        "reading": reading, "asked": queries.questions_of(reading.person_id).get(reading.pk), "reasons": reasons,
        "given": request.POST, "days": limits()[AlertKind.QUESTION].days,
    }
    return render(request, "resident/reading.html", page, status=422 if reasons else 200)
