"""What was read, beside the text it was read from: keep, correct, merge, drop, own; then close, send back, publish."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.apps.planning import queries
from renshe.apps.planning.actions import plans as actions
from renshe.apps.planning.models import Contradiction, Extract, Plan
from renshe.apps.planning.reader.records import CORRECTABLE
from renshe.apps.planning.terms import (
    Bound,
    ExtractKind,
    ExtractState,
    Nature,
    PlanState,
    Resolution,
    Timing,
    Wording,
)
from renshe.apps.planning.watch import schedule
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators.terms import Sense
from renshe.portals import listing, reading, words
from renshe.portals.desk.views.plans import chosen_office

FIELDS = {
    "name": "名称", "subject": "事项", "unit": "单位", "group": "分组", "base": "基数", "goal": "目标", "goal_year": "目标年",
    "nature": "属性", "sense": "达标方式", "bound": "口径", "number": "数", "scale": "乘数（万填10000）", "timing": "期间",
    "owner": "文中责任单位", "period": "期限",
}
CHOICES = {"nature": Nature, "sense": Sense, "bound": Bound, "timing": Timing}
TITLES = ("种类", "编号", "名称", "内容", "审核状态", "责任单位", "所在标题", "原文行", "原文")


def summary(one: Extract) -> str:
    """An extract in a line, as corrected."""
    said = one.said
    if one.kind in (ExtractKind.INDICATOR, ExtractKind.ACHIEVEMENT):
        goal = said["goal_printed"] if "goal" not in one.correction else said["goal"]
        base = said["base_printed"] if "base" not in one.correction else said["base"]
        done = f"，完成{said['done_printed']}" if said.get("done_printed") else ""
        return f"{base or '—'} → {goal} {said['unit']}{done} · {Sense(str(said['sense'])).label} · {Nature(str(said['nature'])).label}"
    if one.kind == ExtractKind.PROMISE:
        wording = "" if said["wording"] == Wording.PRINTED else f" · {Wording(str(said['wording'])).label}"
        times = {Timing.BY_YEAR: f"到{said['years']}年", Timing.EVERY_YEARS: f"每{said['years']}年"}
        return f"{schedule.in_full(said) or '—'} · {times.get(Timing(str(said['timing'])), Timing(str(said['timing'])).label)}{wording}"
    if one.kind == ExtractKind.PROJECT:
        return f"举措{len(said['measures'])}条 · 步骤{len(said['steps'])}条 · 目标{len(said['goals'])}条"  # type: ignore[arg-type]
    if one.kind == ExtractKind.TASK:
        return f"任务{len(said['tasks'])}项"  # type: ignore[arg-type]
    if one.kind == ExtractKind.BOX:
        return f"{len(said['actions'])}项行动"  # type: ignore[arg-type]
    return str(said["words"])[:120]


def _dress(one: Extract) -> Extract:
    """What the page shows of an extract."""
    said = one.said
    one.summary = summary(one)  # type: ignore[attr-defined]
    one.name = str(said.get("name") or said.get("subject") or said.get("reason"))  # type: ignore[attr-defined]
    one.entries = [(label, said[key]) for key, label in (  # type: ignore[attr-defined]
        ("actions", "行动"), ("platform", "依托平台"), ("mechanism", "依托机制"), ("measures", "主要举措"), ("steps", "实施步骤"),
        ("goals", "预期目标"), ("tasks", "任务")) if said.get(key)]
    one.fields = [  # type: ignore[attr-defined]
        (name, FIELDS[name], "" if said.get(name) is None else said[name], CHOICES[name].choices() if name in CHOICES else ())
        for name in CORRECTABLE[ExtractKind(one.kind)]
    ]
    return one


def _judge(request: HttpRequest, actor: Actor) -> None:
    into = request.POST.get("into", "")
    actions.judge(
        int(request.POST.get("extract", "")), ExtractState(request.POST.get("state", "")), actor=actor,  # type: ignore[call-arg]
        given=request.POST.dict() if request.POST.get("state") == ExtractState.CORRECTED else None,  # type: ignore[arg-type]
        into=int(into) if into.isdigit() else None,
    )


def _add(request: HttpRequest, actor: Actor, plan: Plan) -> None:
    kind = ExtractKind.INDICATOR if request.POST.get("kind") == ExtractKind.INDICATOR else ExtractKind.PROMISE
    actions.add(plan.pk, kind, request.POST.dict(), request.POST.get("quote", ""), actor=actor)  # type: ignore[arg-type]


def _assign(request: HttpRequest, actor: Actor) -> None:
    actions.assign([int(request.POST.get("extract", ""))], chosen_office(request), actor=actor)


def _assign_rest(request: HttpRequest, actor: Actor, plan: Plan) -> None:
    rows = queries.extracts(plan, kind=request.POST.get("kind", "")).filter(office=None)
    actions.assign(list(rows.values_list("pk", flat=True)), chosen_office(request), actor=actor)


def _deed(request: HttpRequest, plan: Plan) -> str:
    """Do what the form asks; returns where to go."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    deed, anchor = request.POST.get("deed", ""), request.POST.get("extract", "")
    simple: dict[str, Callable[[], object]] = {
        "judge": lambda: _judge(request, actor), "assign": lambda: _assign(request, actor),
        "assign_rest": lambda: _assign_rest(request, actor, plan),
        "add": lambda: _add(request, actor, plan),
        "keep_rest": lambda: actions.keep_rest(plan.pk, ExtractKind(request.POST.get("kind", "")), actor=actor),  # type: ignore[call-arg]
        "close": lambda: actions.close_review(plan.pk, actor=actor), "send_back": lambda: actions.send_back(plan.pk, actor=actor),
        "publish": lambda: actions.publish(plan.pk, actor=actor),
    }
    if deed not in simple:
        raise Refused(Reason("no_deed", "没有这一动作"))
    simple[deed]()
    if deed == "publish":
        return f"/desk/plans/{plan.pk}"
    query = words.address(request, "export")
    return f"/desk/plans/{plan.pk}/review?{query}" + (f"#i{anchor}" if anchor else "")


@requires(Permission.PLAN)
def review(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The two panes: the text with what was read marked, and the extracts of one kind with their deeds."""
    plan = get_object_or_404(Plan.objects.select_related("reviewed_by", "published_by", "imported_by"), pk=plan_id)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            return redirect(_deed(request, plan))
        except Refused as fault:
            reasons = fault.reasons
        except (ValueError, Extract.DoesNotExist):
            reasons = (Reason("bad_request", "没有这一条摘录或这一选项"),)
        plan = get_object_or_404(Plan, pk=plan_id)
    progress = queries.review_progress(plan)
    kind, state, text = request.GET.get("kind", ""), request.GET.get("state", ""), request.GET.get("q", "").strip()
    if "export" in request.GET:
        return listing.workbook("摘录", TITLES, (
            (ExtractKind(one.kind).label, one.number, one.title, summary(one), ExtractState(one.state).label,
             one.office.name if one.office else "", " › ".join(one.path), one.line, one.quote)
            for one in queries.extracts(plan, kind=kind, state=state, text=text)
        ))
    if not kind and not text:
        kind = str(next((one for one, _, left in progress.by_kind if left), progress.by_kind[0][0]))
    page = listing.listed(request, queries.extracts(plan, kind=kind, state=state, text=text))
    rows = [_dress(one) for one in page["rows"]]
    for one in rows:
        one.others = [other for other in rows if other.pk != one.pk and other.kind == one.kind]  # type: ignore[attr-defined]
    everything = list(Extract.objects.filter(plan=plan).only("start", "end", "kind").order_by("position"))
    return render(request, "desk/plan_review.html", {
        **page, "plan": plan, "progress": progress, "kind": kind, "state": state, "q": text, "reasons": reasons,
        "states": ExtractState.choices(), "lines": reading.lines(plan.text, everything), "offices": queries.offices(),
        "by_hand": [
            (name, FIELDS[name], {"scale": "1"}.get(name, ""), CHOICES[name].choices() if name in CHOICES else ())
            for name in CORRECTABLE[ExtractKind.INDICATOR if kind == ExtractKind.INDICATOR else ExtractKind.PROMISE]
        ],
        "given": request.POST if request.POST.get("deed") == "add" else {}, "kind_label": ExtractKind(kind).label if kind in list(ExtractKind) else "全部",  # type: ignore[call-arg]
        "editable": plan.state == PlanState.READ, "same": "same" in request.GET, "actor_id": request.actor.account_id,  # type: ignore[attr-defined]
    }, status=422 if reasons else 200)


@requires(Permission.PLAN)
def contradictions(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Readings of one matter that differ, side by side, and what to do with them."""
    plan = get_object_or_404(Plan.objects.defer("text"), pk=plan_id)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            chosen = request.POST.get("chosen", "")
            actions.decide(
                int(request.POST.get("contradiction", "")), Resolution(request.POST.get("resolution", "")),  # type: ignore[call-arg]
                chosen=int(chosen) if chosen.isdigit() else None, reason=request.POST.get("reason", ""), actor=request.actor,  # type: ignore[attr-defined]
            )
            return redirect(f"/desk/plans/{plan.pk}/contradictions#c{request.POST.get('contradiction', '')}")
        except Refused as fault:
            reasons = fault.reasons
        except (ValueError, Contradiction.DoesNotExist):
            reasons = (Reason("bad_request", "没有这一处不一致或这一选项"),)
    rows = list(queries.contradictions(plan))
    for one in rows:
        for extract in one.readings:  # type: ignore[attr-defined]
            _dress(extract)
    return render(request, "desk/plan_contradictions.html", {
        "plan": plan, "rows": rows, "reasons": reasons, "editable": plan.state == PlanState.READ,
        "resolutions": [one for one in Resolution.choices() if one[0] != Resolution.OPEN],
    }, status=422 if reasons else 200)
