"""Taking lists with personal data out: ask with a purpose, let a big one of somebody else go, take what was let go."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import exports as records
from renshe.kernel.privacy.models import Export
from renshe.kernel.privacy.terms import ExportState
from renshe.portals import exports, listing

LONGEST_QUERY = 500


def _decides(actor: Actor) -> bool:
    return actor.may(Permission.REVIEW) or actor.may(Permission.AUDIT)


@requires(Permission.SIGNED_IN)
def taken(request: HttpRequest) -> HttpResponse:
    """One's own exports, those of others that wait; a POST asks for one and hands it over when it may go at once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            return _asked(request, actor)
        except Refused as fault:
            reasons = fault.reasons
    page = {
        **listing.listed(request, records.of_account(actor.account_id)), "reasons": reasons,
        "waiting": records.to_decide(actor.account_id, actor.division)[:100] if _decides(actor) else [],
    }
    return render(request, "auth/exports.html", page, status=422 if reasons else 200)


def _asked(request: HttpRequest, actor: Actor) -> HttpResponse:
    one = exports.exportable(request.POST.get("list", ""), actor)
    if one is None:
        raise Http404("没有这个列表，或您不能导出它")
    query = request.POST.get("query", "")
    if len(query) > LONGEST_QUERY:  # cut short it would be another filter, or none
        raise Refused(Reason("too_long", "查找的内容太长，不能照此导出", then="请回到列表，用短一些的内容查找后再导出"))
    export = records.ask(
        actor, listing=one.key, title=one.title, query=query, reason=one.own or request.POST.get("reason", ""),
        count=min(Paginator(exports.rows_of(one, request, query), 1).count, listing.MOST_EXPORTED), division=actor.division,
        alone=bool(one.own),
    )
    return _file(request, export) if export.state == ExportState.APPROVED else redirect("exports")


def _file(request: HttpRequest, export: Export) -> HttpResponse:
    one = exports.exportable(export.listing, request.actor)  # type: ignore[attr-defined]
    if one is None:
        raise Http404("没有这个列表，或您不能导出它")
    content, digest = exports.handed_over(export, one, request)
    records.take(export, digest)
    return listing.file(content, f"{export.title}.xlsx", listing.WORKBOOK)


@requires(Permission.SIGNED_IN)
def one(request: HttpRequest, export_id: int) -> HttpResponse:
    """Take what was let go (its asker), or let it go (a second person)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return redirect("exports")
    deed = request.POST.get("deed", "")
    try:
        if deed == "take":
            return _file(request, get_object_or_404(records.of_account(actor.account_id), pk=export_id))
        if _decides(actor) and deed in ("agree", "refuse"):
            get_object_or_404(records.to_decide(actor.account_id, actor.division), pk=export_id)
            records.decide(export_id, reader=actor, agree=deed == "agree")
    except Refused as fault:
        page = {**listing.listed(request, records.of_account(actor.account_id)), "reasons": fault.reasons, "waiting": []}
        return render(request, "auth/exports.html", page, status=422)
    return redirect("exports")
