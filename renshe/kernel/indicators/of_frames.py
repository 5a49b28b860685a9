"""What the columnar city tells leaders: each figure one scan of the columns it needs, by county, when a table changes."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.utils import timezone

from renshe.kernel.frames import manifest, reading
from renshe.kernel.indicators.declaration import Parts, Rows
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Frequency
from renshe.kernel.indicators.territory import territory

Source = Callable[[Period], pl.LazyFrame]
WAN_YUAN = Decimal(1_000_000)  # fen in ten thousand yuan
MONTHS = 12


def month_of(period: Period) -> int:
    """The last month of a period as frames count them."""
    return period.last.year * MONTHS + period.last.month - 1


def month_text(month: int | None) -> str:
    """A month of the frames as 2026-10."""
    return "" if month is None else f"{month // MONTHS}-{month % MONTHS + 1:02d}"


def speaks_of(frequency: Frequency) -> Callable[[], Period]:
    """The period the columnar city stands at: that of the last month of contributions it holds."""
    def newest() -> Period:
        upto = manifest.manifest("contributions").upto
        day = timezone.localdate() if upto is None else datetime.date(upto // MONTHS, upto % MONTHS + 1, 1)
        return Period.of(day, frequency)
    return newest


def standing(tables: tuple[str, ...]) -> str:
    """What the tables stand at: changes whenever one is replaced; empty while one is not there."""
    marks = []
    for table in tables:
        try:
            state = (manifest.folder(table) / manifest.NAME).stat()
        except FileNotFoundError:
            return ""
        marks.append(f"{state.st_mtime_ns:x}.{state.st_size:x}")
    return "-".join(marks)


def placed(table: str, *columns: str) -> pl.LazyFrame:
    """Rows of a table that knows only the person, with the county the person lives in."""
    homes = reading.scan("persons", ["person", "county"])
    return reading.scan(table, ["person", *columns]).join(homes, on="person")


def _by_county(frame: pl.LazyFrame, *parts: pl.Expr) -> list[tuple[int | float, ...]]:
    return frame.group_by("county").agg(*parts).collect(engine="streaming").rows()


def counted(source: Source) -> Callable[[Period], Mapping[str, Parts]]:
    """How many rows, by county."""
    return lambda period: {str(county): Parts(n) for county, n in _by_county(source(period), pl.len())}


def shared(source: Source, which: pl.Expr) -> Callable[[Period], Mapping[str, Parts]]:
    """How many of the rows are so, by county."""
    return lambda period: {
        str(county): Parts(int(n), of) for county, n, of in _by_county(source(period), which.sum().alias("n"), pl.len().alias("of"))
    }


def summed(source: Source, column: str, divisor: Decimal) -> Callable[[Period], Mapping[str, Parts]]:
    """The sum of a column of fen, divided, by county."""
    total = pl.col(column).cast(pl.Int64).sum()
    return lambda period: {str(county): Parts(Decimal(int(value)) / divisor) for county, value in _by_county(source(period), total)}


def ratio(source: Source, part: str, whole: str) -> Callable[[Period], Mapping[str, Parts]]:
    """One sum over another, by county."""
    both = (pl.col(part).cast(pl.Int64).sum().alias("part"), pl.col(whole).cast(pl.Int64).sum().alias("whole"))
    return lambda period: {str(county): Parts(int(n), int(of)) for county, n, of in _by_county(source(period), *both)}


@dataclass(frozen=True)
class FrameRows:
    """A lazy table that pages like a QuerySet: counted and sliced where it lies, never read whole."""

    frame: pl.LazyFrame
    ordered: bool = True

    def count(self) -> int:
        return int(self.frame.select(pl.len()).collect(engine="streaming").item())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, at: slice) -> list[tuple[object, ...]]:
        start = at.start or 0
        frame = self.frame.slice(start, None if at.stop is None else at.stop - start)
        return frame.collect(engine="streaming").rows()


def listed(source: Source, columns: Mapping[str, str], months: tuple[str, ...] = ()) -> Rows:
    """The rows behind a figure: `columns` name their titles; those in `months` are months. No name, no identity number."""
    names = list(columns)

    def find(division: str, period: Period) -> FrameRows:
        try:
            frame = source(period)
        except reading.Absent:
            frame = pl.LazyFrame(schema=dict.fromkeys(("county", *names), pl.Int32))
        if division != territory().city:
            frame = frame.filter(pl.col("county") == int(division))
        return FrameRows(frame.select("county", *names))

    def cells(row: tuple[object, ...]) -> tuple[object, ...]:
        county, *rest = row
        shown = [month_text(value) if name in months else value for name, value in zip(names, rest, strict=True)]  # type: ignore[arg-type]
        return (territory().name_of(str(county)), *("" if value is None else _word(value) for value in shown))

    return Rows(("区划", *columns.values()), find, cells)


def _word(value: object) -> object:
    return ("是" if value else "否") if isinstance(value, bool) else value
