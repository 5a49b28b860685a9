"""Rosters by page: template, upload, progress, result."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Refused
from renshe.kernel.rosters import actions, kinds, queries, sheets, workbook
from renshe.kernel.rosters.models import Roster, RosterState
from renshe.portals import listing
from renshe.portals.employer.doorway import own
from renshe.portals.uploads import FLAG


@requires(Permission.DECLARE)
def listed(request: HttpRequest) -> HttpResponse:
    """The upload box and every roster so far."""
    organisation = own(request)
    page: dict[str, object] = {"kinds": kinds.kinds_of(organisation).values(), "largest": workbook.LARGEST // 1024 // 1024,
                               "most": workbook.MOST_ROWS}
    if request.method == "POST":
        upload, key = request.FILES.get("roster"), request.POST.get("kind", "")
        try:
            if FLAG in request.META:
                raise actions.too_large()
            if upload is None or key not in kinds.kinds_of(organisation):
                raise Http404("请选择文件")
            roster, new = actions.receive(
                upload.read(), upload.name or "名册.xlsx", key, organisation=organisation,
                actor=request.actor,  # type: ignore[attr-defined]
            )
            return redirect(f"/employer/rosters/{roster.pk}" + ("" if new else "?same=1"))
        except Refused as fault:
            page["reasons"] = fault.reasons
    rows = queries.of_organisation(organisation.pk)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(filename__icontains=text)
    if "export" in request.GET:
        titles = ("文件名", "事项", "状态", "行数", "准予", "转人工", "未通过")
        return listing.workbook("名册", titles, (
            (one.filename, kinds.kind(one.kind).label, RosterState(one.state).label, one.rows, one.accepted,
             one.referred, one.refused) for one in rows
        ))
    page.update(listing.listed(request, rows), q=request.GET.get("q", ""))
    for one in page["rows"]:  # type: ignore[attr-defined]
        one.label = kinds.kind(one.kind).label
        one.bar = listing.Bar(one.accepted, one.referred, one.refused, one.rows)
    return render(request, "employer/rosters.html", page, status=422 if "reasons" in page else 200)


@requires(Permission.DECLARE)
@reads
def template(request: HttpRequest, key: str) -> HttpResponse:
    """The workbook to fill in."""
    if key not in kinds.kinds_of(own(request)):
        raise Http404("没有这一种名册")
    kind = kinds.kind(key)
    return listing.file(sheets.template(kind), f"{kind.label}模板.xlsx", listing.WORKBOOK)


def _page(request: HttpRequest, roster: Roster) -> dict[str, object]:
    now = timezone.now()
    speed, done = queries.rate(roster, now), queries.done_rows(roster)
    return {
        "roster": roster, "kind": kinds.kind(roster.kind), "done": done, "speed": round(speed),
        "left": round((roster.rows - done) / speed) if speed else None,
        "going": roster.state in (RosterState.WAITING, RosterState.WORKING),
        "bar": listing.Bar(roster.accepted, roster.referred, roster.refused, roster.rows),
        "same": "same" in request.GET, "kept": queries.is_kept(roster),
    }


@requires(Permission.DECLARE)
@reads
def one(request: HttpRequest, roster_id: int) -> HttpResponse:
    """A roster: how far it is, then what became of it."""
    roster = get_object_or_404(queries.of_organisation(own(request).pk), pk=roster_id)
    rows = queries.refusals(roster)
    text = request.GET.get("q", "").strip()
    if text.isdigit():
        rows = rows.filter(line=int(text[:9]))
    elif text:
        rows = rows.filter(reasons__icontains=text)
    return render(request, "employer/roster.html", {**_page(request, roster), **listing.listed(request, rows), "q": text})


@requires(Permission.DECLARE)
@reads
def progress(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The moving part of the page; when done, the browser loads the whole page."""
    roster = get_object_or_404(queries.of_organisation(own(request).pk), pk=roster_id)
    page = _page(request, roster)
    response = render(request, "employer/roster_progress.html", page)
    if not page["going"]:
        response.headers["HX-Refresh"] = "true"
    return response


@requires(Permission.DECLARE)
@reads
def result(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The result workbook."""
    roster = get_object_or_404(queries.of_organisation(own(request).pk).select_related("file"), pk=roster_id)
    try:
        return listing.file(queries.result_workbook(roster), f"结果-{roster.filename}", listing.WORKBOOK)
    except Refused:  # the page says that the file's time is over
        return redirect("employer:roster", roster.pk)
