"""What if: values, formulas and tables otherwise; what it costs by year, who gains and who loses, before it is issued."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy.engine.draft import DraftError
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import actions, queries
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import DraftState
from renshe.kernel.sweeps.trying import tried
from renshe.portals import listing
from renshe.portals.desk import whatif_changes, whatif_charts

PLACE = "330800"
KINDS = (("value", "改政策值", "现行的值"), ("formula", "改公式", "怎样取整"), ("table", "改表的各行", "现有行数"))
HEAD = ("title", "policy", "output", "valid_from")


@requires(Permission.SET_VALUES)
def listed(request: HttpRequest) -> HttpResponse:
    """Saved drafts with search, and the form of a new one."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            given = {name: request.POST.get(name, "")[:80] for name in HEAD}
            return redirect("desk:whatif_one", actions.propose(**given, place=PLACE, actor=request.actor).pk)  # type: ignore[attr-defined]
        except Refused as fault:
            reasons = fault.reasons
    text = request.GET.get("q", "").strip()
    rows = queries.drafts()
    if text:
        rows = rows.filter(title__icontains=text)
    if "export" in request.GET:
        return listing.workbook("政策试算", ("名称", "政策", "改动", "起始日", "状态", "拟稿人", "拟稿时间"), (
            (one.title, policies()[one.policy].title, whatif_changes.words(one), one.valid_from, one.get_state_display(),
             one.created_by.name, one.created_at)
            for one in rows[: listing.MOST_EXPORTED]
        ))
    chosen = request.POST.get("policy") or request.GET.get("policy", "")
    known = next((one for one in queries.weighable() if one.name == chosen), None)
    page = {
        **listing.listed(request, rows), "q": text, "reasons": reasons, "given": request.POST, "said": queries.published(),
        "weighable": queries.weighable(), "chosen": known, "outputs": queries.amounts(known) if known else [],
    }
    for row in page["rows"]:
        row.policy_title, row.words = policies()[row.policy].title, whatif_changes.words(row)
    return render(request, "desk/whatif.html", page, status=422 if reasons else 200)


def draft_of(draft_id: int) -> Draft:
    """A draft, or the page that says there is none."""
    found = queries.drafts().filter(pk=draft_id).first()
    if found is None:
        raise Http404("没有这份草案")
    return found


@requires(Permission.SET_VALUES)
def one(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One draft: what it changes, the worked cases; once weighed, cost by year and who gains or loses, drawn; a workbook."""
    draft, reasons = draft_of(draft_id), ()
    if request.method == "POST":
        try:
            return _done(request, draft)
        except Refused as fault:
            reasons = fault.reasons
    found = queries.result(draft, request.actor)  # type: ignore[attr-defined]
    if "export" in request.GET and found:
        return listing.workbook(f"试算-{draft.title}", whatif_charts.TITLES, whatif_charts.rows(found))
    shown = draft.state == DraftState.DONE and found
    page = {**_page(request, draft), **_changes(draft), "reasons": reasons}
    template = "desk/whatif_one.html" if shown else "desk/whatif_draft.html"
    return render(request, template, page, status=422 if reasons else 200)


def _done(request: HttpRequest, draft: Draft) -> HttpResponse:
    actor, deed = request.actor, request.POST.get("deed", "")  # type: ignore[attr-defined]
    if deed == "discard":
        actions.discard(draft.pk, actor=actor)
        return redirect("desk:whatif")
    if deed == "weigh":
        actions.have_weighed(draft.pk, actor=actor)
    elif deed == "drop":
        actions.revise(draft.pk, drop=(request.POST.get("kind", ""), request.POST.get("name", "")), actor=actor)
    elif deed == "revise":
        head = {name: request.POST.get(name, "")[:80] for name in ("title", "output", "valid_from") if name in request.POST}
        actions.revise(draft.pk, actor=actor, **head)
    return redirect("desk:whatif_one", draft.pk)


@requires(Permission.SET_VALUES)
@reads
def progress(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The part of the page that follows a draft being weighed."""
    draft = draft_of(draft_id)
    answer = render(request, "desk/whatif_progress.html", _page(request, draft))
    if draft.state in (DraftState.DONE, DraftState.FAILED):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _page(request: HttpRequest, draft: Draft) -> dict[str, object]:
    policy, reader = policies()[draft.policy], request.actor  # type: ignore[attr-defined]
    found = queries.result(draft, reader)
    return {
        "draft": draft, "policy": policy, "words": whatif_changes.words(draft), "output": whatif_charts.output(draft),
        "going": draft.state in (DraftState.WAITING, DraftState.RUNNING), "shown": whatif_charts.shown(found) if found else None,
        "exact": reader.sees(PLACE), "step": settings.RENSHE_SMALL_CELL, "asked": whatif_charts.people(found["asked"]) if found else "",
    }


def _changes(draft: Draft) -> dict[str, Any]:
    """The changes side by side with the law, what else may be changed, and the worked cases by the draft."""
    policy, sides, gone = policies()[draft.policy], [], []
    for raw in draft.changes:
        try:
            sides.append(whatif_changes.beside(draft, raw))
        except DraftError as fault:
            gone.append((raw, str(fault)))
    choices = whatif_changes.choices(policy, draft.output, draft.place, draft.valid_from)
    found = tried(draft.policy, draft.output, draft.place, draft.valid_from, draft.changes)
    kinds = [
        (kind, title, [one for one in choices[kind] if one.matters], [one for one in choices[kind] if not one.matters], words)
        for kind, title, words in KINDS if choices[kind]
    ]
    return {"sides": sides, "gone": gone, "kinds": kinds, "tried": found, "outputs": queries.amounts(policy)}
