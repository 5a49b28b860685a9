"""Every figure by name, one figure with its course and its counties, and the rows behind it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.indicators import queries
from renshe.kernel.indicators.declaration import Indicator, Rows
from renshe.kernel.indicators.models import Figure
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.indicators.words import said
from renshe.portals import listing
from renshe.portals.cockpit import charts
from renshe.portals.cockpit.board import areas, bars, is_small, tile, when_of
from renshe.portals.cockpit.doorway import division_of, own_division
from renshe.portals.cockpit.plan import known
from renshe.portals.cockpit.territory_map import plane

FIRST_ROWS = 8
SMALL = "人数少，不得公布或转给管辖以外的人"
TITLES = ("领域", "指标", "数值", "单位", "统计期", "口径", "来源", "得出方式", "依据文件", "提示")


def _named(key: str) -> Indicator:
    found = indicators().get(key) or known().get(key)
    if found is None:
        raise Http404("没有这一指标")
    return found


def _period(request: HttpRequest, one: Indicator) -> Period:
    asked = request.GET.get("period", "")
    if not asked:
        return Period.of(timezone.localdate(), one.frequency)
    try:
        found = Period.read(asked)
    except ValueError as fault:
        raise Http404(str(fault)) from None
    if found.frequency is not one.frequency:
        raise Http404(f"“{one.label}”按{one.frequency.label}统计")
    return found


def _cells(rows: Rows, row: object) -> list[tuple[str, str]]:
    """A row's cells with their titles, days as 2026-11-03."""
    return [(title, str(cell)) for title, cell in zip(rows.titles, rows.cells(row), strict=True)]


@requires(Permission.COCKPIT)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Every indicator with its newest figure: search, filter by theme, export."""
    place = division_of(request)
    text, theme = request.GET.get("q", "").strip(), request.GET.get("theme", "")
    latest, series = queries.latest(place, reader=request.actor), queries.all_series(place, reader=request.actor)
    chosen = [
        one for one in known().values()
        if (not theme or one.theme == theme) and (not text or text in one.label or text in one.definition)
    ]
    if "export" in request.GET:
        return listing.workbook(f"指标-{territory().names[place]}", TITLES, (_exported(one, latest.get(one.key)) for one in chosen))
    tiles = [tile(one, latest.get(one.key), series.get(one.key, [])) for one in chosen]
    return render(request, "cockpit/figures.html", {
        **listing.listed(request, tiles), "has_small": any(one.is_small for one in tiles), "q": text, "theme": theme, "themes": list(Theme), "division": place,
        "names": territory().names, "exact": request.actor.sees(place), "step": settings.RENSHE_SMALL_CELL,  # type: ignore[attr-defined]
    })


def _exported(one: Indicator, figure: Figure | None) -> tuple[object, ...]:
    head = (one.theme.label, one.label)
    if figure is None:
        return (*head, "", one.unit, "", one.definition, one.source, "", "", "")
    return (*head, said(one, figure), one.unit, when_of(figure.period), one.definition, figure.source,
            figure.get_origin_display(), figure.document, SMALL if is_small(one, figure) else "")


@requires(Permission.COCKPIT)
@reads
def one(request: HttpRequest, indicator: str) -> HttpResponse:
    """One figure: what it is, its course, the counties, where it comes from, its first rows."""
    declared, place, here = _named(indicator), division_of(request), territory()
    reader: Actor = request.actor  # type: ignore[attr-defined]
    series = queries.series(declared.key, place, reader=reader)
    period = _period(request, declared)
    figure = next((point for point in series if point.period == period.name), None)
    if figure is None and "period" not in request.GET and series:
        figure = series[-1]
        period = Period.read(figure.period)
    counties = queries.by_county(declared.key, period.name, reader=reader)
    trail = queries.trail(declared.key, place, days=62, reader=reader)
    may_see_rows = declared.rows is not None and reader.sees(place)
    page = {
        "one": declared, "tile": tile(declared, figure, series), "figure": figure, "period": period, "division": place,
        "place": here.names[place], "names": here.names, "plane": plane(), "freshness": queries.freshness().get(declared.key),
        "areas": areas(declared, counties), "bars": bars(declared, counties),
        "course": charts.line(declared.label, declared.unit, [(when_of(row.period), row.value, said(declared, row)) for row in series]),
        "days": charts.line(f"{declared.label}逐日", declared.unit, [
            (f"{row.day.month}月{row.day.day}日", row.value, said(declared, row)) for row in trail
        ]) if len(trail) > 1 else None,
        "differences": [row for row in queries.differences(reader=reader) if row.indicator.key == declared.key],
        "may_see_rows": may_see_rows, "exact": reader.sees(place), "step": settings.RENSHE_SMALL_CELL,
        "small": figure is not None and is_small(declared, figure), "running": figure is not None and not figure.closed and period.until > timezone.localdate(),
    }
    if declared.rows and may_see_rows:
        found = declared.rows.find(place, period)
        page |= {"titles": declared.rows.titles, "count": found.count(),
                 "cells": [_cells(declared.rows, row) for row in found[:FIRST_ROWS]]}
    return render(request, "cockpit/figure.html", page)


@requires(Permission.COCKPIT)
@reads
def rows(request: HttpRequest, indicator: str) -> HttpResponse:
    """The records behind a figure: names masked, no identity numbers; paged, exported."""
    declared, place = _named(indicator), own_division(request)
    if declared.rows is None:
        raise Http404("这一指标由填报得出，没有逐条记录；见它的依据文件")
    period = _period(request, declared)
    found = declared.rows.find(place, period)
    cells, titles = declared.rows.cells, declared.rows.titles
    if "export" in request.GET:
        return listing.workbook(
            f"{declared.label}-{period.name}", titles, (cells(row) for row in found[: listing.MOST_EXPORTED])
        )
    page = listing.listed(request, found)
    return render(request, "cockpit/rows.html", {
        **page, "one": declared, "period": period, "division": place, "place": territory().names[place], "titles": titles,
        "cells": [_cells(declared.rows, row) for row in page["rows"]],
    })
