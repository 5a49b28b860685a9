"""Asks for the index: the scheme of a day, every division's composite, how firm the order is, what is in doubt."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from renshe.apps.development import rules
from renshe.apps.development.models import WeightEntry
from renshe.apps.development.rules import Composite, Measure, Scheme
from renshe.apps.development.terms import Dimension, Doubt, Sureness
from renshe.kernel.access.actor import Actor
from renshe.kernel.common.files import read_yaml
from renshe.kernel.indicators import queries as indicators
from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.models import Figure, Trail
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators as known_indicators
from renshe.kernel.indicators.terms import Frequency, Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.ledger import queries as ledger

TRIES = 400


@dataclass(frozen=True)
class Sourced:
    """A weight or a goalpost with where it comes from."""

    value: Decimal
    source: str
    sureness: Sureness
    since: datetime.date | None = None


@dataclass(frozen=True)
class Declared:
    """The scheme of a day as declared: what the rules need, and the source of each of its numbers."""

    title: str
    basis: str
    normalisation: str
    wanted: str
    scheme: Scheme
    weights: Mapping[Dimension, Sourced]
    goalposts: Mapping[str, tuple[Sourced, Sourced]]


@dataclass(frozen=True)
class Doubtful:
    """One figure worth a second look, and why, in words."""

    kind: Doubt
    key: str
    division: str
    words: str


@dataclass(frozen=True)
class Index:
    """The index of a period: composites and ranks by division, and the city's own composite."""

    period: Period
    declared: Declared
    city: Composite
    counties: Mapping[str, Composite]
    ranks: Mapping[str, int]
    figures: Mapping[tuple[str, str], Figure]


@cache
def _read(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    raw: dict[str, Any] = read_yaml(file)
    if strange := set(raw["dimensions"]) ^ set(Dimension):
        raise ValueError(f"{file.name}：dimensions 应恰好是五个维度，差在 {sorted(strange)}")
    return raw


def _file() -> dict[str, Any]:
    return _read(Path(settings.CITY) / "index.yaml")


def has_scheme() -> bool:
    """Whether this city has an index at all."""
    return bool(_file())


def entered_indicators() -> tuple[Indicator, ...]:
    """The indicators of the index that only a document tells."""
    return tuple(
        Indicator(key, one["label"], one["unit"], Theme(one["theme"]), one["definition"], one["source"],
                  frequency=Frequency(one["frequency"]), places=one.get("places", 0), rank=900)
        for key, one in _file().get("entered", {}).items()
    )


def _sourced(raw: Mapping[str, Any]) -> Sourced:
    return Sourced(Decimal(str(raw["value"])), raw["source"], Sureness(raw["sureness"]), raw.get("since"))


def declared(on: datetime.date, trial: Mapping[Dimension, Decimal] | None = None) -> Declared:
    """The scheme of a day: the city's file, weights entered since, or weights somebody tries out."""
    raw, weights, goalposts, measures = _file(), {}, {}, {}
    entered = {
        Dimension(row.dimension): Sourced(row.value, row.document, Sureness.ENTERED, row.valid_from)
        for row in WeightEntry.objects.filter(valid_from__lte=on, withdrawn_at=None).exclude(confirmed_by=None).order_by("valid_from", "confirmed_at")
    }
    for dimension in Dimension:
        one = raw["dimensions"][dimension]
        dated = [_sourced(value) for value in one["weight"] if value["since"] <= on]
        weights[dimension] = entered.get(dimension) or max(dated, key=lambda value: value.since or datetime.date.min)
        for key, measure in one["measures"].items():
            goalposts[key] = (_sourced(measure["worst"]), _sourced(measure["best"]))
        measures[dimension] = tuple(
            Measure(key, Fraction(str(measure["weight"])), goalposts[key][0].value, goalposts[key][1].value)
            for key, measure in one["measures"].items()
        )
    used = {dimension: Fraction((trial or {}).get(dimension, sourced.value)) for dimension, sourced in weights.items()}
    return Declared(raw["title"], raw["basis"], raw["normalisation"], raw["wanted"], Scheme(used, measures), weights, goalposts)


def _figures(keys: list[str], period: Period, reader: Actor) -> dict[tuple[str, str], Figure]:
    """Figures of the measures by key and division: of the month, or of the quarter or year it lies in. One query."""
    known = known_indicators()
    wanted = {key: Period.of(period.first, known[key].frequency).name for key in keys if key in known}
    rows = indicators.shown(Figure.objects.filter(indicator__in=wanted, period__in=set(wanted.values())), reader)
    found = indicators.as_shown((row for row in rows if wanted[row.indicator] == row.period), reader)
    return {(row.indicator, row.division): row for row in found}


def index(period: Period, trial: Mapping[Dimension, Decimal] | None = None, *, reader: Actor) -> Index:
    """The index of a month, for the city and each county, from the figures as a reader is shown them."""
    found, here = declared(min(period.last, timezone.localdate()), trial), territory()
    keys = [one.key for measures in found.scheme.measures.values() for one in measures]
    figures = _figures(keys, period, reader)
    scores = {
        division: rules.composite(found.scheme, {key: figures[key, division].value for key in keys if (key, division) in figures})
        for division in here.names
    }
    counties = {code: scores[code] for code in here.counties}
    return Index(period, found, scores[here.city], counties, rules.ranks({code: one.total for code, one in counties.items()}), figures)


def course(months: int, *, reader: Actor) -> list[Index]:
    """The index of so many months up to this one, oldest first, each by the scheme of its own time."""
    now = Period.of(timezone.localdate(), Frequency.MONTHLY)
    return [index(now.earlier(back), reader=reader) for back in range(months - 1, -1, -1)]


def firmness(one: Index) -> tuple[list[rules.Swing], dict[str, rules.Spread]]:
    """How firm the order is: weights moved one at a time, and weights drawn at random."""
    return rules.swings(one.declared.scheme, one.counties), rules.spreads(one.declared.scheme, one.counties, tries=TRIES)


def doubts(one: Index, *, reader: Actor) -> list[Doubtful]:
    """Every figure of the index worth a second look, as far as a reader is shown it."""
    known, here = known_indicators(), territory()
    measures = {row.key: row for rows in one.declared.scheme.measures.values() for row in rows}
    before = _figures(list(measures), one.period.earlier(), reader)
    days: dict[tuple[str, str], list[Decimal]] = {}
    for row in Trail.objects.filter(indicator__in=measures, day__gte=one.period.first, day__lte=one.period.last).order_by("day"):
        if reader.sees(row.division):
            days.setdefault((row.indicator, row.division), []).append(row.value)
    found = []
    for key, measure in measures.items():
        if key not in known:
            continue
        label = known[key].label
        for code, name in here.counties.items():
            where, figure = (key, code), one.figures.get((key, code))
            if figure is None:
                if any((key, other) in one.figures for other in here.counties):
                    found.append(Doubtful(Doubt.MISSING, key, code, f"{name}没有“{label}”，别的县（市、区）有"))
                continue
            if rules.rests_on_few(figure.denominator):
                found.append(Doubtful(Doubt.FEW, key, code, f"{name}“{label}”只由{figure.denominator:.0f}件（人）得出"))
            if rules.jumps_at_the_end(days.get(where, [])):
                found.append(Doubtful(Doubt.JUMP, key, code, f"{name}“{label}”本期变动一半以上发生在最后三天"))
            earlier = before.get(where)
            if earlier and None not in (earlier.numerator, earlier.denominator, figure.numerator, figure.denominator) and rules.shrinks(
                (earlier.numerator, earlier.denominator), (figure.numerator, figure.denominator), more_is_better=measure.best > measure.worst,  # type: ignore[arg-type]
            ):
                found.append(Doubtful(
                    Doubt.DENOMINATOR, key, code,
                    f"{name}“{label}”好转时分母由{earlier.denominator:.0f}减到{figure.denominator:.0f}，分子没有改善",
                ))
    return [*found, *_told(measures, reader)]


def _told(measures: Mapping[str, Measure], reader: Actor) -> list[Doubtful]:
    """What entries and the ledger tell: entered figures that differ, closed figures that were changed."""
    names, known = territory().names, known_indicators()
    found = [
        Doubtful(Doubt.ENTERED, row.indicator.key, row.entry.division,
                 f"{names.get(row.entry.division, '')} {row.entry.period}“{row.indicator.label}”填报{row.indicator.show(row.entry.value)}，记录统计{row.indicator.show(row.computed)}")
        for row in indicators.differences(reader=reader) if row.indicator.key in measures
    ]
    for record in ledger.records("indicators.restate", most=200):
        if record["indicator"] not in measures:
            continue
        changed = [code for code, value in record["figures"].items() if record["before"].get(code) != value]
        found += [
            Doubtful(Doubt.RESTATED, record["indicator"], code,
                     f"{names[code]} {record['period']}“{known[record['indicator']].label}”结账后由{record['before'].get(code, '无')}改为{record['figures'][code]}")
            for code in changed if code in names and reader.sees(code)
        ]
    return found


def entries() -> QuerySet[WeightEntry]:
    """Weights entered, newest first."""
    return WeightEntry.objects.select_related("entered_by", "confirmed_by").order_by("-id")
