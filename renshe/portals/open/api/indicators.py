"""Figures by program: every indicator, one with its series and counties, the rows behind it, the development index."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError

from renshe.apps.development import queries as development
from renshe.apps.development.rules import Composite
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.indicators import queries
from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.models import Figure
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import Frequency
from renshe.kernel.indicators.territory import territory
from renshe.portals.cockpit.board import is_small
from renshe.portals.cockpit.plan import known
from renshe.portals.open.api.door import PROBLEMS

router = Router(tags=["指标"])
PAGE = 200


class FigureOut(Schema):
    """A figure; decimals as text. Outside one's own jurisdiction it is not `exact`: `value` lies
    midway between `low` and `high`. What is `small` may not be passed on."""

    period: str
    division: str
    value: str
    numerator: str | None
    denominator: str | None
    origin: str
    document: str
    closed: bool
    computed_at: str
    exact: bool
    small: bool
    low: str | None
    high: str | None


class IndicatorOut(Schema):
    """An indicator with its newest figure."""

    key: str
    label: str
    theme: str
    unit: str
    sense: str
    frequency: str
    definition: str
    source: str
    computed: bool
    latest: FigureOut | None


class IndicatorWhole(IndicatorOut):
    """An indicator with its series and its counties."""

    series: list[FigureOut]
    counties: list[FigureOut]


class RowsOut(Schema):
    """A page of the records behind a figure: names masked, no identity numbers."""

    count: int
    titles: list[str]
    rows: list[list[str]]


class ScoreOut(Schema):
    """One division's index; points as text, null where there is no figure."""

    division: str
    name: str
    rank: int | None
    total: str | None
    covered: str
    dimensions: list[dict[str, Any]]


class IndexOut(Schema):
    """The development index of a month."""

    period: str
    basis: str
    normalisation: str
    weights: dict[str, dict[str, str]]
    city: ScoreOut
    counties: list[ScoreOut]
    doubts: list[dict[str, str]]


def _may(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(Permission.COCKPIT):
        raise HttpError(403, "指标数据须由有“查看驾驶舱和指标”权限的账户取用")
    return actor


def _division(code: str) -> str:
    if code and code not in territory().names:
        raise Http404("没有这一区划")
    return code or territory().city


def _named(key: str) -> Indicator:
    found = indicators().get(key) or known().get(key)
    if found is None:
        raise Http404("没有这一指标")
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _figure(row: Figure | None) -> dict[str, Any] | None:
    return None if row is None else {
        "period": row.period, "division": row.division, "value": _text(row.value), "numerator": _text(row.numerator),
        "denominator": _text(row.denominator), "origin": row.origin, "document": row.document, "closed": row.closed,
        "computed_at": row.computed_at.isoformat(), "exact": not row.is_rough, "small": is_small(indicators()[row.indicator], row) if row.indicator in indicators() else False,
        "low": _text(row.low) if row.is_rough else None, "high": _text(row.high) if row.is_rough else None,
    }


def _described(one: Indicator, figure: Figure | None) -> dict[str, Any]:
    return {
        "key": one.key, "label": one.label, "theme": one.theme.label, "unit": one.unit, "sense": one.sense.label,
        "frequency": one.frequency.label, "definition": one.definition, "source": one.source, "computed": one.is_computed,
        "latest": _figure(figure),
    }


@router.get("/indicators", response={200: list[IndicatorOut], **PROBLEMS}, summary="所有指标和最新的数")
def listed(request: HttpRequest, division: str = Query("", max_length=12)) -> list[dict[str, Any]]:
    """Every indicator with its newest figure for a division (the city by default)."""
    latest = queries.latest(_division(division), reader=_may(request))
    return [_described(one, latest.get(one.key)) for one in known().values()]


@router.get("/indicators/{indicator}", response={200: IndicatorWhole, **PROBLEMS}, summary="一个指标的走势和各县")
def one(request: HttpRequest, indicator: str = Path(max_length=80), division: str = Query("", max_length=12)) -> dict[str, Any]:
    """One indicator: its series for a division, its counties in the newest period."""
    reader, declared = _may(request), _named(indicator)
    series = queries.series(indicator, _division(division), reader=reader)
    return {
        **_described(declared, series[-1] if series else None), "series": [_figure(row) for row in series],
        "counties": [_figure(row) for row in queries.by_county(indicator, reader=reader).values()],
    }


@router.get("/indicators/{indicator}/rows", response={200: RowsOut, **PROBLEMS}, summary="一个数的明细")
def rows(
    request: HttpRequest, indicator: str = Path(max_length=80), division: str = Query("", max_length=12),
    period: str = Query("", max_length=7), page: int = Query(1, ge=1, le=1_000_000),
) -> dict[str, Any]:
    """The records behind a figure, 200 a page; only of one's own jurisdiction."""
    actor, declared, place = _may(request), _named(indicator), _division(division)
    if not actor.covers(place):
        raise HttpError(403, "明细只能看本人管辖区划内的")
    if declared.rows is None:
        raise Http404("这一指标由填报得出，没有逐条记录")
    try:
        stretch = Period.read(period) if period else Period.of(timezone.localdate(), declared.frequency)
    except ValueError as fault:
        raise Http404(str(fault)) from None
    found = declared.rows.find(place, stretch)
    part = found[(page - 1) * PAGE : page * PAGE]
    return {"count": found.count(), "titles": list(declared.rows.titles), "rows": [[str(cell) for cell in declared.rows.cells(row)] for row in part]}


@router.get("/development-index", response={200: IndexOut, **PROBLEMS}, summary="高质量发展指数")
def index(request: HttpRequest, period: str = Query("", max_length=7)) -> dict[str, Any]:
    """The index of a month (`2026-11`, this one by default): totals, points, weights with their source, doubts."""
    reader = _may(request)
    try:
        month = Period.read(period) if period else Period.of(timezone.localdate(), Frequency.MONTHLY)
    except ValueError as fault:
        raise Http404(str(fault)) from None
    if month.frequency is not Frequency.MONTHLY or not development.has_scheme() or month.first.year < 2000:
        raise Http404("指数按月计算，写作 2026-11；没有方案的城市没有指数")
    found, names = development.index(month, reader=reader), territory().names
    return {
        "period": month.name, "basis": found.declared.basis, "normalisation": found.declared.normalisation,
        "weights": {
            one.value: {"label": one.label, "weight": f"{row.value}", "source": row.source, "sureness": row.sureness.label}
            for one, row in found.declared.weights.items()
        },
        "city": _score(territory().city, found.city, None),
        "counties": [_score(code, one, found.ranks.get(code)) for code, one in found.counties.items()],
        "doubts": [
            {"kind": one.kind.label, "indicator": one.key, "division": one.division, "name": names.get(one.division, ""), "words": one.words}
            for one in development.doubts(found, reader=reader)
        ],
    }


def _points(value: Any) -> str | None:
    return None if value is None else f"{float(value):.2f}"


def _score(code: str, one: Composite, rank: int | None) -> dict[str, Any]:
    return {
        "division": code, "name": territory().names[code], "rank": rank, "total": _points(one.total), "covered": f"{float(one.covered):.2f}",
        "dimensions": [
            {"dimension": row.dimension.value, "label": row.dimension.label, "points": _points(row.points), "measures": [
                {"indicator": scored.measure.key, "value": _text(scored.value), "points": _points(scored.points),
                 "worst": _text(scored.measure.worst), "best": _text(scored.measure.best), "weight": f"{float(scored.measure.weight):g}"}
                for scored in row.measures
            ]} for row in one.dimensions
        ],
    }
