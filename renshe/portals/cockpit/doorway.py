"""What every page of this door needs: the division whose figures are looked at."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators.territory import territory


def division_of(request: HttpRequest) -> str:
    """The division asked for, else the city, or the county the officer's post is in. Raises Http404, PermissionDenied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here = territory()
    asked = request.GET.get("division", "")
    if asked and asked not in here.names:
        raise Http404("没有这一区划")
    if not asked:
        return here.city if actor.covers(here.city) else here.county_of(actor.division)
    return asked


def own_division(request: HttpRequest) -> str:
    """As `division_of`, for rows: only those of one's own jurisdiction. Raises Http404, PermissionDenied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    place = division_of(request)
    if not actor.covers(place):
        raise PermissionDenied("明细只能看本人管辖区划内的。合计数各县（市、区）都可以看。")
    return place
