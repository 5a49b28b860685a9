"""The development index: who stands where and why, how firm the order is, what is in doubt, which weights and whose."""

import datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from renshe.apps.development import actions, queries
from renshe.apps.development.models import WeightEntry
from renshe.apps.development.queries import Index
from renshe.apps.development.rules import Composite, MeasureScore
from renshe.apps.development.terms import Dimension, Doubt
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import Frequency
from renshe.kernel.indicators.territory import territory
from renshe.kernel.indicators.words import said
from renshe.portals import listing
from renshe.portals.cockpit import charts
from renshe.portals.cockpit.doorway import division_of

MONTHS = 12
TITLES = ("区划", "维度", "指标", "数值", "起评值", "满分值", "得分", "指标权重", "维度得分", "维度权重", "指数", "名次")


def shown(points: object) -> str:
    """Points with one decimal, half up; a dash for none."""
    return "—" if points is None else f"{Decimal(points.numerator) / Decimal(points.denominator):.1f}"  # type: ignore[attr-defined]


def _period(request: HttpRequest) -> Period:
    asked = request.GET.get("period", "")
    try:
        period = Period.read(asked) if asked else Period.of(timezone.localdate(), Frequency.MONTHLY)
    except ValueError as fault:
        raise Http404(str(fault)) from None
    if period.frequency is not Frequency.MONTHLY or period.first > timezone.localdate():
        raise Http404("指数按月计算，写作 2026-11")
    return period


def _trial(request: HttpRequest) -> dict[Dimension, Decimal]:
    """Weights somebody tries out, from the address; nonsense is left out."""
    found = {}
    for dimension in Dimension:
        try:
            value = Decimal(request.GET.get(f"w_{dimension}", ""))
        except InvalidOperation:
            continue
        if value.is_finite() and 0 <= value <= 100:
            found[dimension] = value
    return found


def _row(code: str, one: Composite, index: Index, spreads: dict, now: int) -> dict[str, object]:
    here, weights = territory(), index.declared.scheme.weights
    whole = sum((weights[row.dimension] for row in one.dimensions if row.points is not None), start=0)
    spread = spreads.get(code)
    return {
        "code": code, "name": here.names[code], "rank": now or "—", "total": shown(one.total), "covered": f"{float(one.covered):.0%}",
        "dimensions": [(row.dimension.label, shown(row.points)) for row in one.dimensions], "spread": spread,
        "kept": f"{float(spread.kept):.0%}" if spread else "",
        "shares": [float(weights[row.dimension] * row.points / whole) if row.points is not None and whole else 0.0 for row in one.dimensions],
    }


def _measures(index: Index, division: str) -> list[dict[str, object]]:
    known, found = indicators(), []
    one = index.city if division == territory().city else index.counties[division]
    for row in one.dimensions:
        for scored in row.measures:
            declared, (worst, best) = known.get(scored.measure.key), index.declared.goalposts[scored.measure.key]
            found.append({
                "dimension": row.dimension, "score": shown(row.points), "key": scored.measure.key, "period": _in(declared, index.period),
                "label": declared.label if declared else scored.measure.key, "unit": declared.unit if declared else "",
                "value": said(declared, index.figures[scored.measure.key, division]) if declared and scored.value is not None else "", "points": shown(scored.points),
                "worst": worst, "best": best, "weight": scored.measure.weight, "computed": bool(declared and declared.is_computed),
            })
    return found


def _told(index: Index, code: str, scored: MeasureScore) -> object:
    """A figure for a workbook: a number where it is exact, words where it is not."""
    figure = index.figures.get((scored.measure.key, code))
    declared = indicators().get(scored.measure.key)
    return said(declared, figure) if figure is not None and figure.is_rough and declared else scored.value


def _in(declared: object, period: Period) -> str:
    return Period.of(period.first, declared.frequency).name if declared else period.name  # type: ignore[attr-defined]


@requires(Permission.COCKPIT)
def index(request: HttpRequest) -> HttpResponse:
    """The whole index of a month; weights may be tried out in the address, and entered by those who may."""
    if not queries.has_scheme():
        raise Http404("本市还没有指数方案（index.yaml）")
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _settle(request)
            return redirect("cockpit:index")
        except Refused as fault:
            reasons = fault.reasons
        except (WeightEntry.DoesNotExist, ValueError):
            reasons = (Reason("bad_request", "没有这一条录入"),)
    period, trial, division = _period(request), _trial(request), division_of(request)
    found = queries.index(period, trial, reader=request.actor)  # type: ignore[attr-defined]
    if "export" in request.GET:
        return listing.workbook(f"高质量发展指数-{period.name}", TITLES, _exported(found))
    (swings, spreads), doubts = queries.firmness(found), queries.doubts(found, reader=request.actor)  # type: ignore[attr-defined]
    order = sorted(found.counties, key=lambda code: (found.ranks.get(code, len(found.counties) + 1), code))
    rows = [_row(code, found.counties[code], found, spreads, found.ranks.get(code, 0)) for code in order]
    names = territory().names
    page = {
        "index": found, "period": period, "division": division, "place": names[division], "names": names, "rows": rows,
        "trial": trial, "weights": [(one, found.declared.scheme.weights[one], found.declared.weights[one]) for one in Dimension],
        "city": _row(territory().city, found.city, found, {}, 0), "measures": _measures(found, division), "reasons": reasons,
        "swings": [(one, [(names[code], before, after) for code, (before, after) in one.moved.items()]) for one in swings],
        "doubts": doubts, "doubt_kinds": [(kind, [one for one in doubts if one.kind is kind]) for kind in Doubt if any(one.kind is kind for one in doubts)],
        "entries": queries.entries()[:20],
        "may_enter": request.actor.may(Permission.SET_FIGURES), "given": request.POST, "dimensions": list(Dimension),  # type: ignore[attr-defined]
        "exact": request.actor.sees(territory().city), "step": settings.RENSHE_SMALL_CELL,  # type: ignore[attr-defined]
        "stacked": charts.stacked("各维度贡献", "分", [str(row["name"]) for row in rows], [
            (one.label, [row["shares"][at] for row in rows]) for at, one in enumerate(Dimension)  # type: ignore[index]
        ]),
        "course": _course(division, request.actor), "tries": queries.TRIES,
    }
    return render(request, "cockpit/index.html", page, status=422 if reasons else 200)


def _course(division: str, reader: Actor) -> charts.Chart:
    points = []
    for one in queries.course(MONTHS, reader=reader):
        score = one.city if division == territory().city else one.counties[division]
        if score.total is not None:
            points.append((one.period.label, Decimal(shown(score.total)), shown(score.total)))
    return charts.line("指数", "分", points)


def _exported(found: Index) -> list[tuple[object, ...]]:
    rows = []
    for code, one in [(territory().city, found.city), *found.counties.items()]:
        for dimension in one.dimensions:
            for scored in dimension.measures:
                declared = indicators().get(scored.measure.key)
                rows.append((
                    territory().names[code], dimension.dimension.label, declared.label if declared else scored.measure.key, _told(found, code, scored),
                    scored.measure.worst, scored.measure.best, shown(scored.points), scored.measure.weight, shown(dimension.points),
                    found.declared.scheme.weights[dimension.dimension], shown(one.total), found.ranks.get(code, ""),
                ))
    return rows


def _settle(request: HttpRequest) -> None:
    actor, given = request.actor, request.POST  # type: ignore[attr-defined]
    if not actor.may(Permission.SET_FIGURES):
        raise Refused(Reason("no_permission", "权重由有填报权限的人员录入，另一人复核", article="平台规则：录入与复核分离"))
    if given.get("deed") == "confirm":
        actions.confirm(int(given.get("entry", "")), actor=actor)
    elif given.get("deed") == "withdraw":
        actions.withdraw(int(given.get("entry", "")), actor=actor)
    else:
        try:
            valid_from = datetime.date.fromisoformat(given.get("valid_from", ""))
        except ValueError:
            raise Refused(Reason("bad_date", "请填写起始日", field="valid_from")) from None
        actions.enter(
            dimension=given.get("dimension", ""), valid_from=valid_from, value=given.get("value", "")[:20],
            document=given.get("document", "")[:200], actor=actor,
        )
