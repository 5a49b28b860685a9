"""What if: a value or a formula otherwise; what it costs by year, who gains and who loses, before it is issued."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import actions, queries
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import DraftState
from renshe.kernel.sweeps.weighing import versions
from renshe.portals import listing
from renshe.portals.desk import whatif_charts

PLACE = "330800"
FIELDS = ("title", "policy", "output", "parameter", "valid_from", "value")


@requires(Permission.SET_VALUES)
def listed(request: HttpRequest) -> HttpResponse:
    """Saved drafts with search, and the form of a new one."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            return redirect("desk:whatif_one", _proposed(request).pk)
        except Refused as fault:
            reasons = fault.reasons
    text = request.GET.get("q", "").strip()
    rows = queries.drafts()
    if text:
        rows = rows.filter(title__icontains=text)
    if "export" in request.GET:
        return listing.workbook("政策试算", ("名称", "政策", "改动", "起始日", "状态", "拟稿人", "拟稿时间"), (
            (one.title, policies()[one.policy].title, whatif_charts.change(one), one.valid_from, one.get_state_display(),
             one.created_by.name, one.created_at.strftime("%Y-%m-%d %H:%M"))
            for one in rows[: listing.MOST_EXPORTED]
        ))
    chosen = request.POST.get("policy") or request.GET.get("policy", "")
    known = next((one for one in queries.weighable() if one.name == chosen), None)
    page = {
        **listing.listed(request, rows), "q": text, "reasons": reasons, "given": request.POST, "said": queries.published(),
        "weighable": queries.weighable(), "chosen": known, "outputs": queries.amounts(known) if known else [],
        "parameters": list(known.parameters.values()) if known else [],
        "versions": versions(known) if known else [],
    }
    for row in page["rows"]:
        row.policy_title, row.change = policies()[row.policy].title, whatif_charts.change(row)
    return render(request, "desk/whatif.html", page, status=422 if reasons else 200)


def _proposed(request: HttpRequest) -> Draft:
    given = {name: request.POST.get(name, "")[:80] for name in FIELDS}
    rule, _, since = request.POST.get("formula", "").partition("@")
    return actions.propose(**given, place=PLACE, rule=rule, rule_since=since, actor=request.actor)  # type: ignore[attr-defined]


def _draft(draft_id: int) -> Draft:
    found = queries.drafts().filter(pk=draft_id).first()
    if found is None:
        raise Http404("没有这份草案")
    return found


@requires(Permission.SET_VALUES)
def one(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One draft: progress, then cost by year and who gains or loses, drawn; a workbook; discarding."""
    draft = _draft(draft_id)
    if request.method == "POST":
        actions.discard(draft.pk, actor=request.actor)  # type: ignore[attr-defined]
        return redirect("desk:whatif")
    found = queries.result(draft, request.actor)  # type: ignore[attr-defined]
    if "export" in request.GET and found:
        return listing.workbook(f"试算-{draft.title}", whatif_charts.TITLES, whatif_charts.rows(found))
    return render(request, "desk/whatif_one.html", _page(request, draft))


@requires(Permission.SET_VALUES)
@reads
def progress(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The part of the page that follows a draft being weighed."""
    draft = _draft(draft_id)
    answer = render(request, "desk/whatif_progress.html", _page(request, draft))
    if draft.state in (DraftState.DONE, DraftState.FAILED):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _page(request: HttpRequest, draft: Draft) -> dict[str, object]:
    policy, reader = policies()[draft.policy], request.actor  # type: ignore[attr-defined]
    found = queries.result(draft, reader)
    return {
        "draft": draft, "policy": policy, "change": whatif_charts.change(draft), "output": whatif_charts.output(draft),
        "going": draft.state in (DraftState.WAITING, DraftState.RUNNING), "shown": whatif_charts.shown(found) if found else None, "exact": reader.sees(PLACE), "step": settings.RENSHE_SMALL_CELL,
        "asked": whatif_charts.people(found["asked"]) if found else "",
    }
