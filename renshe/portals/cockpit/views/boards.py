"""The wall and the page for every day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import kinds
from renshe.kernel.cases.queries import newest
from renshe.kernel.cases.terms import State
from renshe.kernel.indicators import queries
from renshe.kernel.indicators.terms import Theme
from renshe.kernel.indicators.territory import territory
from renshe.portals.cockpit import charts
from renshe.portals.cockpit.board import board, stamp_of
from renshe.portals.cockpit.doorway import division_of
from renshe.portals.cockpit.plan import standing
from renshe.portals.cockpit.territory_map import plane

LATEST = 6
EVERY = 5  # seconds between two looks of the wall; a look that finds nothing new costs one small query


def _page(request: HttpRequest) -> dict[str, object]:
    place, here = division_of(request), territory()
    watched = standing(place)
    found = board(place, request.GET.get("map", ""))
    return {
        "board": found, "plane": plane(), "division": place, "place": here.names[place], "names": here.names,
        "sections": {str(one.theme): one for one in found.sections}, "today": timezone.localdate(), "plan": watched,
    }


@requires(Permission.COCKPIT)
@reads
def daily(request: HttpRequest) -> HttpResponse:
    """The calm page: every theme, the map with its table."""
    page = _page(request)
    mapped = page["board"].mapped  # type: ignore[attr-defined]
    if mapped.indicator:
        figures, one = queries.by_county(mapped.indicator.key), mapped.indicator
        page["counties"] = charts.bars(one.label, one.unit, [
            (name, figures[code].value, one.show(figures[code].value)) for code, name in territory().counties.items() if code in figures
        ])
    return render(request, "cockpit/daily.html", page)


@requires(Permission.COCKPIT)
@reads
def plan(request: HttpRequest) -> HttpResponse:
    """The published plan: every target with its light, those behind first."""
    place, here = division_of(request), territory()
    return render(request, "cockpit/plan.html", {
        "plan": standing(place), "division": place, "place": here.names[place], "names": here.names, "today": timezone.localdate(),
    })


@requires(Permission.COCKPIT)
@reads
def wall(request: HttpRequest) -> HttpResponse:
    """The wall: a page of its own, readable across a room, moving when cases move."""
    return render(request, "cockpit/wall.html", _wall(request))


@requires(Permission.COCKPIT)
@reads
def live(request: HttpRequest) -> HttpResponse:
    """The moving part of the wall; 204 while nothing has moved since the stamp it carries."""
    if request.GET.get("stamp") == stamp_of(queries.moment()):
        return HttpResponse(status=204)
    return render(request, "cockpit/wall_live.html", _wall(request))


def _wall(request: HttpRequest) -> dict[str, object]:
    page = _page(request)
    sections = page["sections"]
    page |= {
        "left": [sections[theme] for theme in (Theme.PLAN, Theme.EMPLOYMENT, Theme.INSURANCE)],  # type: ignore[index]
        "right": [sections[theme] for theme in (Theme.TALENT, Theme.RELATIONS, Theme.FUND)],  # type: ignore[index]
        "service": sections[Theme.SERVICE], "going": request.GET.get("live", "1") != "0", "every": EVERY,  # type: ignore[index]
        "latest": [
            {"at": one.closed_at or one.opened_at, "kind": kinds.kind(one.kind).label, "state": State(one.state).label,
             "county": territory().names[territory().county_of(one.division)], "number": one.number}
            for one in newest(str(page["division"]), LATEST)
        ],
        "query": request.GET.urlencode(),
    }
    return page
