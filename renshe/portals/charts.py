"""Drawings made on the server, as numbers for an SVG: they print, need no script, and stand beside their table."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 14, 32
WIDE_LEFT, WIDE_RIGHT = 84, 34  # room for amounts of money in the type of a phone
STEPS = (1, 2, 2.5, 5, 10)
Point = tuple[datetime.date, Decimal | float]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where, and its words."""

    at: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """Lines and areas as SVG paths, marks as points, axes as ticks."""

    course: str
    seen: str
    dots: tuple[tuple[float, float, str], ...]
    band: str
    middle: str
    goal: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - BOTTOM


def course(
    asked: Sequence[Point], seen: Sequence[Point], goal: Decimal, ahead: Sequence[tuple[datetime.date, float, float, float]] = ()
) -> Drawing:
    """The course asked for, what was seen, and the forecast's band. Dates run along, values up."""
    last = [seen[-1]] if seen and ahead else []
    band = [*[(day, float(value), float(value), float(value)) for day, value in last], *ahead]
    days = [day for day, _ in (*asked, *seen)] + [row[0] for row in band]
    values = [float(value) for _, value in (*asked, *seen)] + [value for row in band for value in row[1:]] + [float(goal)]
    first, span = min(days), max((max(days) - min(days)).days, 1)
    rows = _scale(min(values), max(values))
    low, high = rows[0], rows[-1]

    def x(day: datetime.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    def y(value: Decimal | float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (float(value) - low) / (high - low), 1)

    def path(points: Sequence[Point]) -> str:
        return " ".join(f"{'L' if at else 'M'}{x(day)} {y(value)}" for at, (day, value) in enumerate(points))

    edge = [(row[0], row[3]) for row in band] + [(row[0], row[2]) for row in reversed(band)]
    years = sorted({day.year for day in days})
    columns = tuple(
        Tick(x(end), f"{year}") for year in years if first <= (end := datetime.date(year, 12, 31)) <= max(days)
    )
    return Drawing(
        path(asked), path(seen), tuple((x(day), y(value), f"{day:%Y-%m-%d}：{float(value):g}") for day, value in seen),
        f"{path(edge)} Z" if band else "", path([(row[0], row[1]) for row in band]), y(goal),
        tuple(Tick(y(value), f"{value:g}") for value in rows), columns,
    )


def _scale(low: float, high: float) -> list[float]:
    """Round values that hold the data, four to seven of them."""
    span = (high - low) or abs(high) or 1.0
    low, high = low - span * 0.06, high + span * 0.06
    size = 10.0 ** (len(str(int((high - low) * 1e6))) - 8)
    step = next((size * part for part in STEPS if (high - low) / (size * part) <= 6), size * 20)
    while (high - low) / step > 6:
        step *= 2
    start = int(low // step)
    return [round(step * at, 10) for at in range(start, int(high // step) + 2)]


@dataclass(frozen=True)
class Curve:
    """One line over plain numbers, with a band about it and a mark on it."""

    line: str
    band: str
    mark: tuple[float, float] | None
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = WIDE_LEFT
    right: int = WIDTH - WIDE_RIGHT
    foot: int = HEIGHT - BOTTOM


def curve(
    points: Sequence[tuple[float, float]], columns: Sequence[tuple[float, str]],
    band: Sequence[tuple[float, float, float]] = (), mark: tuple[float, float] | None = None,
) -> Curve:
    """A line through `points` (at least one), `band` as place, low and high; `columns` are the ticks to show."""
    places = [x for x, _ in points]
    values = [y for _, y in points] + [value for row in band for value in row[1:]]
    rows = _scale(min(values), max(values))
    first, span, low, high = min(places), (max(places) - min(places)) or 1, rows[0], rows[-1]

    def at(place: float, value: float) -> tuple[float, float]:
        return (
            round(WIDE_LEFT + (WIDTH - WIDE_LEFT - WIDE_RIGHT) * (place - first) / span, 1),
            round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low), 1),
        )

    def path(line: Sequence[tuple[float, float]]) -> str:
        drawn = [at(*one) for one in line]
        return " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(drawn))

    edge = [(x, top) for x, _, top in band] + [(x, bottom) for x, bottom, _ in reversed(band)]
    return Curve(
        path(points), f"{path(edge)} Z" if band else "", at(*mark) if mark else None,
        tuple(Tick(at(first, value)[1], f"{value:g}") for value in rows),
        tuple(Tick(at(place, low)[0], label) for place, label in columns),
    )
