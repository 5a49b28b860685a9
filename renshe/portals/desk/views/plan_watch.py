"""A published plan: every target with its light, and one target opened to its course, figures, counties and source."""

import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.apps.planning import queries
from renshe.apps.planning.actions import targets as actions
from renshe.apps.planning.models import Plan, Target
from renshe.apps.planning.queries import Watched
from renshe.apps.planning.terms import Chance, Light, Nature, PlanState, Refusal
from renshe.apps.planning.watch import courses, scores
from renshe.apps.planning.watch.outlook import Outlook
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators import actions as indicators
from renshe.kernel.indicators import queries as figures
from renshe.kernel.indicators import registry
from renshe.kernel.indicators.models import FigureEntry
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Frequency, Sense
from renshe.kernel.indicators.territory import territory
from renshe.portals import charts, listing
from renshe.portals.desk.views.plans import chosen_office

ENTRIES = 12
TITLES = ("编号", "分组", "指标", "单位", "属性", "基数", "目标", "现值", "统计期", "应达到", "进度", "亮灯", "预测", "责任单位", "来源")


@dataclass(frozen=True)
class Shown:
    """A target in words and numbers as pages print them."""

    watched: Watched
    base: str
    goal: str
    expected: str
    value: str
    progress: str
    to_goal: str
    period: str
    source: str
    bar: int
    forecast: Outlook

    @property
    def target(self) -> Target:
        return self.watched.target

    @property
    def light(self) -> Light:
        return self.watched.light


def dress(one: Watched) -> Shown:
    """A target as pages show it."""
    last, places = one.last, max(queries.decimals(one.target), 2)
    return Shown(
        one, queries.show(one.course.base), queries.show(one.course.goal), queries.show(one.expected, places),
        last.shown(places) if last else "—", scores.percent(one.progress), scores.percent(one.to_goal),
        last.period.label if last else "", (last.figure.document or last.figure.source) if last else one.target.source,
        min(max(round(float(one.to_goal or 0) * 1000), 0), 1000), one.outlook(),
    )


def _division(request: HttpRequest, plan: Plan) -> str:
    asked = request.GET.get("division", "")
    return asked if asked in territory().names else plan.division


def _day(request: HttpRequest, plan: Plan) -> datetime.date:
    try:
        return queries.day_of(plan, request.GET.get("on", ""))
    except ValueError:
        return queries.day_of(plan)


@requires(Permission.REPORT_PLAN)
@reads
def board(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Every target on one page: value, course, light, forecast; by division and by the day looked at."""
    plan = get_object_or_404(Plan.objects.defer("text", "headings").select_related("published_by"), pk=plan_id)
    division, on = _division(request, plan), _day(request, plan)
    rows = [dress(one) for one in queries.watch(queries.targets(plan), on, division, reader=request.actor)]  # type: ignore[attr-defined]
    light, text = request.GET.get("light", ""), request.GET.get("q", "").strip()
    shown = [one for one in rows if (not light or one.light == light) and (not text or text in one.target.name)]
    if "export" in request.GET:
        return listing.workbook("规划指标", TITLES, (
            (one.target.number, one.target.group, one.target.name, one.target.unit, Nature(one.target.nature).label, one.base,
             one.goal, one.value, one.period, one.expected, one.progress, one.light.label, one.forecast.chance.label,
             one.target.office.name if one.target.office else "", one.source) for one in shown
        ))
    counts = [(one, sum(row.light is one for row in rows)) for one in Light]
    milestones = queries.due(plan, since=datetime.date.min, until=on)
    return render(request, "desk/plan.html", {
        "plan": plan, "rows": shown, "counts": counts, "light": light, "q": text, "on": on, "division": division,
        "divisions": territory().names.items(), "periods": queries.periods(plan, Frequency.QUARTERLY), "chosen": request.GET.get("on", ""),
        "late": milestones.filter(done_on=None).count(), "done": milestones.exclude(done_on=None).count(), "total": milestones.count(),
        "query": listing.listed(request, [])["query"], "plans": request.actor.may(Permission.PLAN), "watched": plan.state == PlanState.PUBLISHED,  # type: ignore[attr-defined]
    })


def _number(request: HttpRequest, name: str, label: str) -> Decimal | None:
    typed = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    if not typed:
        return None
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 12:
        raise Refused(Reason(Refusal.BAD_VALUE, f"{label}“{typed}”不是数字", field=name, then="请只填数字"))
    return number


def _define(request: HttpRequest, target: Target, actor: Actor) -> None:
    changes: dict[str, object] = {
        "definition": request.POST.get("definition", "").strip(), "formula": request.POST.get("formula", "").strip()[:300],
        "source": request.POST.get("source", "").strip()[:300], "office": chosen_office(request),
    }
    key = request.POST.get("key", "")
    if key != target.key:
        if key and key not in registry.indicators():
            raise Refused(Reason(Refusal.BAD_VALUE, "没有这一数据指标", field="key"))
        changes["key"] = key or f"{queries.OWN}{target.pk}"
    divisor, points = _number(request, "divisor", "换算除数"), _number(request, "points", "考核分值")
    if divisor is not None and divisor <= 0:
        raise Refused(Reason(Refusal.BAD_VALUE, "换算除数应大于零", field="divisor", then="人换算成万人填 10000"))
    changes |= {name: value for name, value in (("divisor", divisor), ("points", points)) if value is not None}
    if request.POST.get("frequency") in (Frequency.QUARTERLY, Frequency.YEARLY):
        changes["frequency"] = request.POST["frequency"]
    actions.define(target.pk, actor=actor, **changes)


def _plot(request: HttpRequest, target: Target, actor: Actor) -> None:
    points = {}
    for year in range(target.plan.first_year, target.goal_year + 1):
        value = _number(request, f"year{year}", f"{year}年")
        if value is not None:
            points[datetime.date(year, 12, 31)] = value
    actions.plot(target.pk, points, request.POST.get("document", "")[:200], actor=actor)


def _share(request: HttpRequest, target: Target, actor: Actor) -> None:
    shares = {}
    for division, name in territory().counties.items():
        goal = _number(request, f"goal{division}", f"{name}目标")
        if goal is not None:
            shares[division] = (_number(request, f"base{division}", f"{name}基数"), goal)
    actions.share_out(target.pk, shares, request.POST.get("document", "")[:200], actor=actor)


def _deed(request: HttpRequest, target: Target) -> None:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    deed = request.POST.get("deed", "")
    if deed == "report":
        actions.report(
            target.pk, division=request.POST.get("division", ""), period=request.POST.get("period", ""),
            value=request.POST.get("value", ""), document=request.POST.get("document", "")[:200], actor=actor,
        )
    elif deed in ("confirm", "withdraw"):
        entry = get_object_or_404(FigureEntry, pk=int(request.POST.get("entry", "") or 0), indicator=target.key)
        (indicators.confirm if deed == "confirm" else indicators.withdraw)(entry.pk, actor=actor)
    elif actor.may(Permission.PLAN) and deed in ("define", "plot", "share"):
        {"define": _define, "plot": _plot, "share": _share}[deed](request, target, actor)
    else:
        raise Refused(Reason("no_deed", "没有这一动作，或不由您办理", then="请由规划人员办理"))


@requires(Permission.REPORT_PLAN)
def target(request: HttpRequest, target_id: int) -> HttpResponse:
    """One target: where it stands, its course drawn, every figure with its source, its counties, its rows, its definition."""
    one = get_object_or_404(queries.targets_by_id(target_id), pk=target_id)
    queries.declare(one)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _deed(request, one)
            return redirect("desk:plan_target", target_id)
        except Refused as fault:
            reasons = fault.reasons
        one = get_object_or_404(queries.targets_by_id(target_id), pk=target_id)
    division, on = _division(request, one.plan), _day(request, one.plan)
    watched = next(iter(queries.watch([one], on, division, reader=request.actor)), None)  # type: ignore[attr-defined]
    page: dict[str, object] = {
        "target": one, "plan": one.plan, "division": division, "place": territory().names.get(division, division), "on": on,
        "divisions": territory().names.items(), "chosen": request.GET.get("on", ""), "reasons": reasons, "given": request.POST,
        "periods": queries.periods(one.plan, Frequency.QUARTERLY), "plans": request.actor.may(Permission.PLAN),  # type: ignore[attr-defined]
        "others": queries.other_readings(one), "entries": figures.entries().filter(indicator=one.key)[:ENTRIES], "offices": queries.offices(),
        "frequencies": (Frequency.QUARTERLY, Frequency.YEARLY), "adds_up": "%" not in one.unit,
        "report_periods": queries.periods(one.plan, Frequency(one.frequency)), **_of_records(one, division, on, request.actor),  # type: ignore[attr-defined]
    }
    if watched is not None:
        page |= {"watched": dress(watched), **_drawn(watched), "counties": [
            (code, name, dress(found) if found else None) for code, name, found in queries.by_county(one, on, reader=request.actor)]}  # type: ignore[attr-defined]
    for entry in page["entries"]:  # type: ignore[attr-defined]
        entry.place, entry.shown = territory().names.get(entry.division, entry.division), queries.show(entry.value)
    return render(request, "desk/plan_target.html", page, status=422 if reasons else 200)


def _of_records(one: Target, division: str, on: datetime.date, reader: Actor) -> dict[str, object]:
    """The indicators of the records a target can read, and the rows behind it when it does: of the reader's own divisions only."""
    declared = registry.indicators()
    found: dict[str, object] = {"row_count": None, "keys": [(key, item.label) for key, item in declared.items() if item.compute is not None], "computed": False}
    item = declared.get(one.key)
    if item is not None and item.compute is not None:
        found["computed"] = True
        if item.rows is not None and reader.sees(division):
            rows = item.rows.find(division, Period.of(on, item.frequency))
            found |= {"row_titles": item.rows.titles, "row_cells": [item.rows.cells(row) for row in rows[:20]], "row_count": rows.count()}
    return found


def _drawn(watched: Watched) -> dict[str, object]:
    course, outlook = watched.course, watched.outlook()
    if course.sense is Sense.YEARLY:
        days = [datetime.date(year, month, 28 if month == 1 else 31) for year in range(course.first_year, course.goal_year + 1) for month in (1, 12)]
        asked = courses.corners(course, days)
    else:
        asked = course.points() if len(course.points()) > 1 else [(datetime.date(course.first_year, 1, 1), course.goal), (course.last_day, course.goal)]
    seen = [(one.day, one.value) for one in watched.seen]
    table = []
    for one in reversed(watched.seen):
        expected = course.expected(one.day)
        progress = course.progress(one.value, expected)
        table.append((one, one.shown(), queries.show(expected, 2), scores.percent(progress), courses.light(progress)))
    shown = {name: queries.show(Decimal(str(round(value, 4))), 2) for name, value in (("middle", outlook.value), ("low", outlook.low), ("high", outlook.high)) if value is not None}
    return {"drawing": charts.course(asked, seen, course.goal, outlook.course), "outlook": outlook, "shown": shown, "table": table, "unknown": Chance.UNKNOWN,
            "years": [(year, course.yearly_goal(year)) for year in range(course.first_year, course.goal_year + 1)]}
