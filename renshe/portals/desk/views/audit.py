"""The auditor's view of who read what."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.privacy.queries import readings_by_reader
from renshe.portals import listing

TITLES = ("时间", "查阅人", "岗位", "目的", "内容", "办件编号")


@requires(Permission.AUDIT)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """The log of readings: by reader, searchable, exportable."""
    rows = readings_by_reader()
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(reader_name__icontains=text) | rows.filter(purpose__icontains=text)
    if "export" in request.GET:
        return listing.workbook("查阅记录", TITLES, (
            (timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"), one.reader_name, one.reader_post, one.purpose,
             one.what, one.case_number) for one in rows[: listing.MOST_EXPORTED]
        ))
    readers = readings_by_reader().order_by().values("reader_name", "reader_post").annotate(
        count=Count("id"), persons=Count("person_id", distinct=True)
    ).order_by("-count")[:20]
    return render(request, "desk/audit.html", {**listing.listed(request, rows), "q": text, "readers": readers})
