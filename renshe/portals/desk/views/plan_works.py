"""Projects, tasks and promises with owners, milestones and evidence; and what an officer answers for."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.apps.planning import queries
from renshe.apps.planning.actions import works as actions
from renshe.apps.planning.models import Milestone, Plan
from renshe.apps.planning.terms import Nearness, Refusal, WorkKind
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals import listing
from renshe.portals.desk.views.plan_watch import dress
from renshe.portals.desk.views.plans import chosen_office

SHOWN = (("", "全部"), ("late", "有逾期"), ("open", "未完成"), ("done", "已完成"))
TITLES = ("种类", "编号", "名称", "状态", "责任单位", "节点", "期限", "应完成数", "完成日", "实际完成数", "佐证材料")


@requires(Permission.REPORT_PLAN)
@reads
def listed(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Every work of a plan: search, filter by kind, owner and state, export with milestones."""
    plan = get_object_or_404(Plan.objects.defer("text", "headings"), pk=plan_id)
    kind, office, show = request.GET.get("kind", ""), request.GET.get("office", ""), request.GET.get("show", "")
    text, today = request.GET.get("q", "").strip(), timezone.localdate()
    rows = queries.works(plan, kind=kind, office=office, text=text, show=show)
    if "export" in request.GET:
        return listing.workbook("重点工作", TITLES, (
            (WorkKind(work.kind).label, work.number, work.name, queries.work_state(work, today).label, work.office.name if work.office else "",
             step.name, step.due_on, queries.show(step.goal) if step.goal is not None else "", step.done_on or "",
             queries.show(step.reached) if step.reached is not None else "", step.evidence)
            for work in rows for step in work.steps
        ))
    page = listing.listed(request, rows)
    for work in page["rows"]:
        work.state = queries.work_state(work, today)
        work.done = sum(step.done_on is not None for step in work.steps)
        work.following = next((step for step in work.steps if step.done_on is None), None)
    return render(request, "desk/plan_works.html", {
        **page, "plan": plan, "kind": kind, "kinds": WorkKind.choices(), "office": office, "offices": queries.offices(), "show": show,
        "shown": SHOWN, "q": text, "plans": request.actor.may(Permission.PLAN),  # type: ignore[attr-defined]
    })


def _day(request: HttpRequest, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Refused(Reason(Refusal.BAD_VALUE, "请填写日期", field=name)) from None


def _deed(request: HttpRequest, work_id: int) -> None:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    deed = request.POST.get("deed", "")
    if deed == "reach":
        step = get_object_or_404(Milestone, pk=int(request.POST.get("milestone", "") or 0), work_id=work_id)
        actions.reach(step.pk, done_on=_day(request, "done_on"), evidence=request.POST.get("evidence", ""), reached=request.POST.get("reached", ""), actor=actor)
        return
    if not actor.may(Permission.PLAN):
        raise Refused(Reason(Refusal.NOT_OWNER, "这一动作由规划人员办理", then="请联系规划人员"))
    if deed == "move":
        step = get_object_or_404(Milestone, pk=int(request.POST.get("milestone", "") or 0), work_id=work_id)
        actions.move_milestone(step.pk, _day(request, "due_on"), request.POST.get("reason", "")[:300], actor=actor)
    elif deed == "add":
        actions.add_milestone(work_id, request.POST.get("name", ""), _day(request, "due_on"), actor=actor)
    elif deed == "entrust":
        actions.entrust(work_id, chosen_office(request), actor=actor)
    elif deed == "stop":
        actions.stop(work_id, request.POST.get("reason", ""), actor=actor)
    else:
        raise Refused(Reason("no_deed", "没有这一动作"))


@requires(Permission.REPORT_PLAN)
def work(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work: what the plan says, its milestones, evidence, owner."""
    rows = queries.works_by_id(work_id)
    one = get_object_or_404(rows, pk=work_id)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _deed(request, work_id)
            return redirect("desk:plan_work", work_id)
        except Refused as fault:
            reasons = fault.reasons
        one = get_object_or_404(rows, pk=work_id)
    said, today = one.extract.said, timezone.localdate()
    return render(request, "desk/plan_work.html", {
        "work": one, "plan": one.plan, "state": queries.work_state(one, today), "reasons": reasons, "given": request.POST, "today": today,
        "said": [(label, said[key]) for key, label in (("platform", "依托平台"), ("mechanism", "依托机制"), ("measures", "主要举措"),
                 ("steps", "实施步骤"), ("goals", "预期目标"), ("tasks", "主要内容")) if said.get(key)],
        "offices": queries.offices(), "plans": request.actor.may(Permission.PLAN),  # type: ignore[attr-defined]
        "mine": request.actor.may(Permission.PLAN) or (one.office and one.office.account_id == request.actor.account_id),  # type: ignore[attr-defined]
    }, status=422 if reasons else 200)


@requires(Permission.REPORT_PLAN)
@reads
def duties(request: HttpRequest) -> HttpResponse:
    """What the officer answers for: targets to report, milestones still open, the most urgent first."""
    mine, steps = queries.duties(request.actor.account_id)  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()
    if text:
        mine, steps = mine.filter(name__icontains=text), steps.filter(name__icontains=text)
    today, targets = timezone.localdate(), list(mine)
    if "export" in request.GET:
        return listing.workbook("规划任务", ("规划", "工作", "节点", "期限"), (
            (one.work.plan.title, one.work.name, one.name, one.due_on) for one in steps))
    shown = [dress(found) for one in targets for found in queries.watch([one], queries.day_of(one.plan), one.plan.division, reader=request.actor)]  # type: ignore[attr-defined]
    page = listing.listed(request, steps)
    for one in page["rows"]:
        one.nearness = Nearness.OVERDUE if one.due_on < today else Nearness.DUE if one.due_on <= today + actions.NEAR else None
    return render(request, "desk/plan_duties.html", {**page, "targets": shown, "q": text})
