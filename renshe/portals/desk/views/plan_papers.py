"""Sheets and evaluations: look, take along as Excel, Word or PDF, issue."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.apps.planning import queries
from renshe.apps.planning.actions import works as actions
from renshe.apps.planning.models import Assessment, Plan
from renshe.apps.planning.papers import evaluation as drafting
from renshe.apps.planning.papers import printing, sheets
from renshe.apps.planning.terms import Review, SheetKind
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Frequency
from renshe.kernel.indicators.territory import territory
from renshe.portals import listing, words

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _asked(request: HttpRequest, plan: Plan) -> tuple[SheetKind, Period, str, list[Period]]:
    kind = SheetKind.YEAR if request.GET.get("kind") == SheetKind.YEAR else SheetKind.QUARTER
    choices = queries.periods(plan, Frequency.YEARLY if kind is SheetKind.YEAR else Frequency.QUARTERLY)
    period = next((one for one in choices if one.name == request.GET.get("period")), choices[0])
    division = request.GET.get("division", "")
    return kind, period, division if division in territory().names else plan.division, choices


@requires(Permission.PLAN)
def sheet(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A quarterly or yearly sheet of the city or a county: on the page, as .xlsx, issued into the ledger."""
    plan = get_object_or_404(Plan.objects.defer("text", "headings"), pk=plan_id)
    if plan.first_year > queries.day_of(plan).year:
        return render(request, "desk/plan_sheet.html", {"plan": plan, "early": True})
    kind, period, division, choices = _asked(request, plan)
    content = sheets.sheet(plan, kind, period, division, territory().names[division], reader=request.actor)  # type: ignore[attr-defined]
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            actions.issue(plan, kind, period.name, division, content, actor=request.actor)  # type: ignore[attr-defined]
            return redirect(request.get_full_path())
        except Refused as fault:
            reasons = fault.reasons
    if "export" in request.GET:
        return listing.file(sheets.workbook(content), f"{content['title']}-{content['place']}.xlsx", listing.WORKBOOK)
    issued = Assessment.objects.filter(plan=plan, kind=kind, period=period.name, division=division).select_related("issued_by").order_by("-issued_at")
    return render(request, "desk/plan_sheet.html", {
        "plan": plan, "content": content, "kind": kind, "kinds": SheetKind.choices(), "period": period, "periods": choices, "division": division,
        "divisions": territory().names.items(), "issued": issued, "reasons": reasons, "query": words.address(request),
    }, status=422 if reasons else 200)


@requires(Permission.PLAN)
@reads
def evaluation(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The mid-term or final evaluation drafted from the data: on the page, as Word, as PDF."""
    plan = get_object_or_404(Plan.objects.defer("text", "headings"), pk=plan_id)
    half = (plan.first_year + plan.last_year) // 2
    default = Review.FINAL if queries.day_of(plan).year >= plan.last_year else Review.MIDTERM
    review = {str(one): one for one in Review}.get(request.GET.get("review", ""), default)
    try:
        on = queries.day_of(plan, request.GET.get("on") or (str(half) if review is Review.MIDTERM else ""))
    except ValueError:
        on = queries.day_of(plan)
    content: dict[str, Any] = drafting.draft(plan, review, on, settings.RENSHE_ADDRESS, reader=request.actor)  # type: ignore[attr-defined]
    name = f"{plan.title}{review.label}报告（初稿）"
    if request.GET.get("form") == "word":
        return listing.file(printing.word(content), f"{name}.docx", WORD)
    if request.GET.get("form") == "pdf":
        return listing.file(printing.pdf(content, (on.year, on.month, on.day)), f"{name}.pdf", "application/pdf")
    return render(request, "desk/plan_evaluation.html", {
        "plan": plan, "content": content, "review": review, "reviews": Review.choices(), "on": on, "years": range(plan.first_year, plan.last_year + 1),
    })
