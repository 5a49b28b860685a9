"""Who looked at my record, when, why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.privacy.queries import readings_of
from renshe.portals import listing
from renshe.portals.resident.doorway import own

TITLES = ("时间", "查阅人", "岗位", "目的", "内容", "办件编号")


@requires(Permission.OWN_RECORD)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search and export the log of readings of one's own record."""
    rows = readings_of(own(request).pk)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(purpose__icontains=text) | rows.filter(reader_name__icontains=text)
    if "export" in request.GET:
        return listing.workbook("谁看过我的记录", TITLES, (
            (timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"), one.reader_name, one.reader_post, one.purpose,
             one.what, one.case_number) for one in rows[: listing.MOST_EXPORTED]
        ))
    return render(request, "resident/readings.html", {**listing.listed(request, rows), "q": request.GET.get("q", "")})
