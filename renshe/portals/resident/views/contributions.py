"""My contributions, month by month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from renshe.apps.insurance import queries as insurance
from renshe.apps.insurance.queries import InsuredMonth
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan, yuan_label
from renshe.kernel.policy.engine.units import Month, month_index
from renshe.portals import charts, exports, listing
from renshe.portals.listing import Personal
from renshe.portals.resident import history
from renshe.portals.resident.doorway import own

TITLES = ("年月", "险种", Personal("缴费基数（元）"), "单位", "来源")
TICKS = 6


def _scheme(request: HttpRequest) -> Scheme:
    return Scheme(request.GET["scheme"]) if request.GET.get("scheme") in list(Scheme) else Scheme.PENSION


def _rows(request: HttpRequest) -> list[tuple[Scheme, InsuredMonth]]:
    """The months of the scheme asked for, newest first, of one year if asked."""
    scheme, year = _scheme(request), request.GET.get("year", "")
    months = insurance.months_of_person(own(request).pk, scheme, timezone.localdate())
    return [(scheme, one) for one in reversed(months) if not year.isdigit() or one.month // 12 == int(year)]


def _line(row: tuple[Scheme, InsuredMonth]) -> tuple[object, ...]:
    scheme, one = row
    return Month.write(one.month), scheme.label, yuan(one.base_fen) if one.base_fen else "", one.employer, _source(one)


exports.register(exports.Exportable(
    "resident:contributions", "逐月缴费", TITLES, Permission.OWN_RECORD, _rows, _line, own="查阅本人信息",
))


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Calendar, gaps, bases and the list behind them, of one scheme and of one year if asked."""
    person, today, scheme = own(request), timezone.localdate(), _scheme(request)
    months, now = insurance.months_of_person(person.pk, scheme, today), month_index(today)
    year = request.GET.get("year", "")
    shown = [one for one in reversed(months) if not year.isdigit() or one.month // 12 == int(year)]
    gaps = history.breaks(months, now)
    return render(request, "resident/contributions.html", {
        **listing.listed(request, [(Month.show(one.month), yuan_label(one.base_fen) if one.base_fen else "", one.employer, _source(one)) for one in shown]),
        "scheme": scheme, "schemes": list(Scheme), "months": months, "years": history.years(months, now), "gaps": gaps,
        "missed": sum(one.months for one in gaps), "insured_years": len(months) // 12, "rest": len(months) % 12,
        "curve": _bases(months), "year": year if year.isdigit() else "", "numbers": range(1, 13),
        "asked": year or "page" in request.GET,
    })


def _source(one: InsuredMonth) -> str:
    return "缴费记录" if one.paid else "参保登记"


def _bases(months: list[InsuredMonth]) -> charts.Curve | None:
    """The bases as a line; None where fewer than two are on record."""
    points = [(one.month, one.base_fen / 100) for one in months if one.base_fen]
    if len(points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    januaries = [month for month in range(first, last + 1) if month % 12 == 0]
    step = max(1, -(-len(januaries) // TICKS))
    return charts.curve(points, [(month, str(month // 12)) for month in januaries[::step]])
