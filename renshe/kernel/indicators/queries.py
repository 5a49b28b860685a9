"""Asks for figures: the latest, the course of time, the counties side by side, what was entered beside what was computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, QuerySet

from renshe.kernel.indicators.declaration import Indicator, Parts
from renshe.kernel.indicators.models import Figure, FigureEntry, Freshness, Trail
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.territory import territory


@dataclass(frozen=True)
class Difference:
    """An entered figure beside the one the records give for the same division and period."""

    entry: FigureEntry
    indicator: Indicator
    computed: Decimal

    @property
    def gap(self) -> Decimal:
        return self.entry.value - self.computed


def _newest(figures: QuerySet[Figure]) -> list[Figure]:
    """Those of the newest period of each indicator and division. Two queries, whatever the history."""
    grouped = figures.order_by().values_list("indicator", "division").annotate(newest=Max("period"))
    newest = {(key, division): period for key, division, period in grouped}
    rows = figures.filter(period__in=set(newest.values()))
    return [row for row in rows if newest[row.indicator, row.division] == row.period]


def latest(division: str = "", keys: Iterable[str] | None = None) -> dict[str, Figure]:
    """The newest figure of each indicator for a division (the city by default), by key."""
    figures = Figure.objects.filter(division=division or territory().city)
    if keys is not None:
        figures = figures.filter(indicator__in=list(keys))
    return {one.indicator: one for one in _newest(figures)}


def board() -> dict[tuple[str, str], Figure]:
    """The newest figure of every indicator for every division, by key and division."""
    return {(one.indicator, one.division): one for one in _newest(Figure.objects.all())}


def figure(key: str, division: str, period: str) -> Figure | None:
    """One figure."""
    return Figure.objects.filter(indicator=key, division=division, period=period).first()


def series(key: str, division: str = "", *, since: str = "") -> list[Figure]:
    """An indicator's figures for a division (the city by default), oldest first, from a period on."""
    figures = Figure.objects.filter(indicator=key, division=division or territory().city, period__gte=since)
    return list(figures.order_by("period"))


def all_series(division: str = "", *, since: str = "") -> dict[str, list[Figure]]:
    """The series of every indicator for a division, by key. One query."""
    found: dict[str, list[Figure]] = {}
    figures = Figure.objects.filter(division=division or territory().city, period__gte=since)
    for one in figures.order_by("indicator", "period"):
        found.setdefault(one.indicator, []).append(one)
    return found


def by_county(key: str, period: str = "") -> dict[str, Figure]:
    """An indicator's figures of one period (the newest by default) by county code."""
    counties = list(territory().counties)
    figures = Figure.objects.filter(indicator=key, division__in=counties)
    return {one.division: one for one in (figures.filter(period=period) if period else _newest(figures))}


def trail(key: str, division: str = "", *, days: int = 400) -> list[Trail]:
    """What the figure read day by day, oldest first."""
    rows = Trail.objects.filter(indicator=key, division=division or territory().city).order_by("-day")[:days]
    return list(rows)[::-1]


def freshness() -> dict[str, Freshness]:
    """How fresh each computed indicator is, by key."""
    return {one.indicator: one for one in Freshness.objects.all()}


def moment() -> datetime | None:
    """When any figure was last computed or confirmed: what a screen asks that waits for something new."""
    computed = Freshness.objects.aggregate(at=Max("at"))["at"]
    confirmed = FigureEntry.objects.aggregate(at=Max("confirmed_at"))["at"]
    return max((at for at in (computed, confirmed) if at), default=None)


def entries() -> QuerySet[FigureEntry]:
    """Everything entered, newest first."""
    return FigureEntry.objects.select_related("entered_by", "confirmed_by").order_by("-id")


def in_force(key: str, division: str, period: str) -> FigureEntry | None:
    """The entry that stands for a figure: the one confirmed last and not withdrawn."""
    rows = FigureEntry.objects.filter(indicator=key, division=division, period=period, withdrawn_at=None)
    return rows.exclude(confirmed_by=None).order_by("-confirmed_at", "-id").first()


def differences() -> list[Difference]:
    """Confirmed entries that do not agree with what the records give, the largest share first."""
    known, found = indicators(), []
    entered = FigureEntry.objects.exclude(confirmed_by=None).filter(withdrawn_at=None).select_related("entered_by", "confirmed_by")
    for entry in entered.order_by("-id"):
        declared = known.get(entry.indicator)
        if declared is None or declared.compute is None:
            continue
        computed = figure(entry.indicator, entry.division, entry.period)
        if computed is not None and computed.value != entry.value:
            found.append(Difference(entry, declared, computed.value))
    return sorted(found, key=lambda one: -abs(one.gap) / max(abs(one.computed), Decimal(1)))


def parts(one: Figure) -> Parts:
    """What a figure is made of."""
    return Parts(one.value if one.numerator is None else one.numerator, one.denominator)
