"""The wall and the page for every day."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import kinds
from renshe.kernel.cases.queries import newest
from renshe.kernel.cases.terms import State
from renshe.kernel.indicators import queries
from renshe.kernel.indicators.terms import Theme
from renshe.kernel.indicators.territory import territory
from renshe.portals import words
from renshe.portals.cockpit.board import bars, board, stamp_of
from renshe.portals.cockpit.doorway import division_of
from renshe.portals.cockpit.plan import standing
from renshe.portals.cockpit.territory_map import plane

LATEST = 6
EVERY = 5  # seconds between two looks of the wall; a look that finds nothing new costs one small query


def _page(request: HttpRequest) -> dict[str, object]:
    place, here = division_of(request), territory()
    reader: Actor = request.actor  # type: ignore[attr-defined]
    watched = standing(place, reader)
    found = board(place, request.GET.get("map", ""), reader=reader)
    return {
        "board": found, "plane": plane(), "division": place, "place": here.names[place], "names": here.names,
        "sections": {str(one.theme): one for one in found.sections}, "today": timezone.localdate(), "plan": watched, "exact": reader.sees(place), "step": settings.RENSHE_SMALL_CELL,
    }


@requires(Permission.COCKPIT)
@reads
def daily(request: HttpRequest) -> HttpResponse:
    """The calm page: every theme, the map with its table."""
    page = _page(request)
    mapped = page["board"].mapped  # type: ignore[attr-defined]
    if mapped.indicator:
        page["counties"] = bars(mapped.indicator, queries.by_county(mapped.indicator.key, reader=request.actor))  # type: ignore[attr-defined]
    return render(request, "cockpit/daily.html", page)


@requires(Permission.COCKPIT)
@reads
def plan(request: HttpRequest) -> HttpResponse:
    """The published plan: every target with its light, those behind first."""
    place, here = division_of(request), territory()
    return render(request, "cockpit/plan.html", {  # type: ignore[attr-defined]
        "plan": standing(place, request.actor), "division": place, "place": here.names[place], "names": here.names, "today": timezone.localdate(),
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
        "query": words.address(request),
    }
    return page
