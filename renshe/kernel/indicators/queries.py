"""Asks for figures: the latest, the course of time, the counties side by side, what was entered beside what was computed.

Who asks is named each time. Who may open the records behind a figure is given it exactly, everybody else what is told of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Q, QuerySet

from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators.declaration import Indicator, Parts
from renshe.kernel.indicators.models import Figure, FigureEntry, Freshness, Told, Trail
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import Origin
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


def shown(figures: QuerySet[Figure], reader: Actor) -> QuerySet[Figure]:
    """Those of which a reader is shown anything. Where nothing is told it must look as if there were no figure."""
    return figures.filter(Q(origin=Origin.ENTERED) | Q(low__isnull=False) | Q(division__in=_own(reader)))


def as_shown(rows: Iterable[Figure], reader: Actor) -> list[Figure]:
    """As a reader is shown them: what a document says and what the reader's own records give as it is, the rest roughly."""
    own = _own(reader)
    return [row if row.division in own or row.origin == Origin.ENTERED else row.roughly() for row in rows]


def _own(reader: Actor) -> list[str]:
    return [code for code in territory().names if reader.sees(code)]


def _newest(figures: QuerySet[Figure], reader: Actor) -> list[Figure]:
    """Those of the newest period of each indicator and division. Two queries, whatever the history.

    What is stored between the two is not among them.
    """
    figures = shown(figures, reader)
    grouped = figures.order_by().values_list("indicator", "division").annotate(newest=Max("period"))
    newest = {(key, division): period for key, division, period in grouped}
    rows = figures.filter(period__in=set(newest.values()))
    return as_shown((row for row in rows if newest.get((row.indicator, row.division)) == row.period), reader)


def latest(division: str = "", keys: Iterable[str] | None = None, *, reader: Actor) -> dict[str, Figure]:
    """The newest figure of each indicator for a division (the city by default), by key."""
    figures = Figure.objects.filter(division=division or territory().city)
    if keys is not None:
        figures = figures.filter(indicator__in=list(keys))
    return {one.indicator: one for one in _newest(figures, reader)}


def board(*, reader: Actor) -> dict[tuple[str, str], Figure]:
    """The newest figure of every indicator for every division, by key and division."""
    return {(one.indicator, one.division): one for one in _newest(Figure.objects.all(), reader)}


def figure(key: str, division: str, period: str, *, reader: Actor) -> Figure | None:
    """One figure."""
    found = shown(Figure.objects.filter(indicator=key, division=division, period=period), reader)
    return next(iter(as_shown(found, reader)), None)


def series(key: str, division: str = "", *, since: str = "", reader: Actor) -> list[Figure]:
    """An indicator's figures for a division (the city by default), oldest first, from a period on."""
    figures = Figure.objects.filter(indicator=key, division=division or territory().city, period__gte=since)
    return as_shown(shown(figures, reader).order_by("period"), reader)


def all_series(division: str = "", *, since: str = "", reader: Actor) -> dict[str, list[Figure]]:
    """The series of every indicator for a division, by key. One query."""
    found: dict[str, list[Figure]] = {}
    figures = Figure.objects.filter(division=division or territory().city, period__gte=since)
    for one in as_shown(shown(figures, reader).order_by("indicator", "period"), reader):
        found.setdefault(one.indicator, []).append(one)
    return found


def by_county(key: str, period: str = "", *, reader: Actor) -> dict[str, Figure]:
    """An indicator's figures of one period (the newest by default) by county code."""
    figures = Figure.objects.filter(indicator=key, division__in=list(territory().counties))
    rows = as_shown(shown(figures.filter(period=period), reader), reader) if period else _newest(figures, reader)
    return {one.division: one for one in rows}


def trail(key: str, division: str = "", *, days: int = 400, reader: Actor) -> list[Trail]:
    """What the figure read day by day, oldest first."""
    place = division or territory().city
    rows = Trail.objects.filter(indicator=key, division=place).order_by("-day")
    if reader.sees(place):
        return list(rows[:days])[::-1]
    return [row.roughly() for row in rows.filter(low__isnull=False)[:days]][::-1]


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


def differences(*, reader: Actor) -> list[Difference]:
    """Confirmed entries that do not agree with what the records give (as a reader is shown it), the largest share first."""
    known, found = indicators(), []
    entered = FigureEntry.objects.exclude(confirmed_by=None).filter(withdrawn_at=None).select_related("entered_by", "confirmed_by")
    for entry in entered.order_by("-id"):
        declared = known.get(entry.indicator)
        if declared is None or declared.compute is None:
            continue
        computed = figure(entry.indicator, entry.division, entry.period, reader=reader)
        if computed is not None and not _agrees(computed, entry.value):
            found.append(Difference(entry, declared, computed.value))
    return sorted(found, key=lambda one: -abs(one.gap) / max(abs(one.computed), Decimal(1)))


def _agrees(computed: Told, value: Decimal) -> bool:
    if computed.is_rough and computed.low is not None and computed.high is not None:
        return computed.low <= value <= computed.high
    return computed.value == value


def parts(one: Figure) -> Parts:
    """What a figure is made of."""
    return Parts(one.value if one.numerator is None else one.numerator, one.denominator)
