"""The auditor's view of who read what."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.privacy.models import Reading
from renshe.kernel.privacy.queries import readings_by_reader
from renshe.portals import exports, listing
from renshe.portals.listing import Personal

TITLES = ("时间", "查阅人", "岗位", Personal("目的"), "内容", "办件编号")


def _rows(request: HttpRequest) -> QuerySet[Reading]:
    rows = readings_by_reader()
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(reader_name__icontains=text) | rows.filter(purpose__icontains=text)
    return rows


def _line(one: Reading) -> tuple[object, ...]:
    return one.at, one.reader_name, one.reader_post, one.purpose, one.what, one.case_number


exports.register(exports.Exportable("desk:audit", "查阅记录", TITLES, Permission.AUDIT, _rows, _line))


@requires(Permission.AUDIT)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """The log of readings: by reader, searchable, exportable."""
    readers = readings_by_reader().order_by().values("reader_name", "reader_post").annotate(
        count=Count("id"), persons=Count("person_id", distinct=True)
    ).order_by("-count")[:20]
    return render(request, "desk/audit.html", {**listing.listed(request, _rows(request)), "q": request.GET.get("q", "").strip(), "readers": readers})
