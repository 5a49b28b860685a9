"""Published plans, open to everybody: what was promised, where it stands, from what source."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from renshe.apps.planning import queries
from renshe.apps.planning.models import Plan
from renshe.apps.planning.terms import Nature, PlanState, WorkKind
from renshe.kernel.access.actor import NOBODY
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.portals import listing
from renshe.portals.desk.views.plan_watch import dress

TITLES = ("编号", "指标", "单位", "属性", "基数", "目标", "现值", "统计期", "完成目标", "评价", "来源")


@requires(Permission.OPEN)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Plans being watched."""
    return render(request, "open/plans.html", {"plans": queries.published()})


@requires(Permission.OPEN)
@reads
def one(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan's open numbers: indicators, and how many promises are kept."""
    plan = get_object_or_404(Plan.objects.defer("text", "headings"), pk=plan_id, state=PlanState.PUBLISHED)
    on = queries.day_of(plan)
    rows = [dress(found) for found in queries.watch(queries.targets(plan), on, plan.division, reader=NOBODY)]
    if "export" in request.GET:
        return listing.workbook("规划指标", TITLES, (
            (row.target.number, row.target.name, row.target.unit, Nature(row.target.nature).label, row.base, row.goal, row.value, row.period,
             row.to_goal, row.light.label, row.source) for row in rows
        ))
    counts = []
    for kind in WorkKind:
        works = list(queries.works(plan, kind=str(kind)))
        counts.append((kind.label, sum(bool(work.steps) and all(step.done_on for step in work.steps) for work in works), len(works)))
    return render(request, "open/plan.html", {"plan": plan, "rows": rows, "on": on, "counts": counts, "step": settings.RENSHE_SMALL_CELL})
