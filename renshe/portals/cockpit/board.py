"""The figures as a board shows them: a section a theme, a tile a figure, a map of one of them. A handful of queries in all."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators import cells, queries
from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.models import Figure
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import Frequency, Origin, Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.indicators.words import said, spoken
from renshe.portals.cockpit import charts
from renshe.portals.cockpit.territory_map import Area, shaded

MONTHS_BACK = 13
WAN = 10_000
WAITING = {  # what will feed a field that has no records yet
    Theme.PLAN: "导入规划文件、核对并发布后，这里显示各项指标的进度。",
    Theme.EMPLOYMENT: "单位办理参保后，用工人数会自己来。",
    Theme.INSURANCE: "单位办理参保后，参保人数会自己来。",
    Theme.TALENT: "人才、职称、技能等级的业务还没有在平台上办理；公布的数可以先填报。",
    Theme.RELATIONS: "单位备案劳动合同后，签订率会自己来。",
    Theme.SERVICE: "有办件以后，办理时效和评价会自己来。",
    Theme.FUND: "基金收支还没有在平台上办理；缴费数据入库后，这里显示征缴。",
}


@dataclass(frozen=True)
class Tile:
    """One figure as it is printed, with the period before it and its small line."""

    indicator: Indicator
    figure: Figure | None
    shown: str
    when: str
    before: str
    spark: str
    fault: str

    @property
    def is_small(self) -> bool:
        """Exact and of so few that it may not be passed on."""
        return self.figure is not None and is_small(self.indicator, self.figure)

    @property
    def unit(self) -> str:
        """The unit, with a mark where the figure is small."""
        return f"{self.indicator.unit}{'＊' if self.is_small else ''}"


@dataclass(frozen=True)
class Section:
    """A theme: its first figure large, the others small; or what will feed it."""

    theme: Theme
    head: Tile | None
    others: list[Tile]
    waiting: str


@dataclass(frozen=True)
class Mapped:
    """The map of one indicator: its areas, and the other indicators it can show."""

    indicator: Indicator | None
    when: str
    areas: list[Area]
    choices: list[Indicator]

    @property
    def ranked(self) -> list[Area]:
        """The areas, longest bar first."""
        return sorted(self.areas, key=lambda area: -area.share)


@dataclass(frozen=True)
class Board:
    """Everything a board shows, and the moment it stands for."""

    sections: list[Section]
    mapped: Mapped
    moment: datetime.datetime | None
    faults: list[str] = field(default_factory=list)

    @property
    def waiting(self) -> list[Section]:
        """Themes without a figure yet."""
        return [one for one in self.sections if one.head is None]

    @property
    def has_small(self) -> bool:
        """Whether a figure bears the mark of a small one."""
        return any(one.is_small for section in self.sections for one in (section.head, *section.others) if one)

    @property
    def stamp(self) -> str:
        return stamp_of(self.moment)


def is_small(one: Indicator, figure: Figure) -> bool:
    """Whether a figure is shown exactly, was computed, and is of so few that it may not be passed on."""
    exact = not figure.is_rough and figure.origin == Origin.COMPUTED
    return exact and cells.is_small(one, queries.parts(figure), settings.RENSHE_SMALL_CELL)


def stamp_of(moment: datetime.datetime | None) -> str:
    """A moment as it stands in an address."""
    return f"{moment.timestamp():.6f}" if moment else "0"


def when_of(period: str) -> str:
    """A stored period as people say it."""
    return Period.read(period).label


def board(division: str = "", chosen: str = "", *, reader: Actor) -> Board:
    """The board of a division (the city by default) as a reader is shown it, with the map of a chosen indicator."""
    place = division or territory().city
    known, figures, fresh = indicators(), queries.board(reader=reader), queries.freshness()
    first = Period.of(timezone.localdate(), Frequency.MONTHLY).earlier(MONTHS_BACK).first
    series = queries.all_series(place, since=f"{first:%Y}", reader=reader)
    sections = []
    for theme in Theme:
        tiles = [
            tile(one, figures.get((one.key, place)), series.get(one.key, []), fresh[one.key].fault if one.key in fresh else "")
            for one in known.values() if one.theme is theme
        ]
        full = [one for one in tiles if one.figure is not None]
        rest = [one for one in tiles if one.figure is None]
        sections.append(Section(
            theme, full[0] if full else None, full[1:] + rest if full else rest, "" if full else WAITING[theme],
        ))
    moment = queries.moment()
    faults = [known[key].label for key, one in fresh.items() if one.fault and key in known]
    return Board(sections, mapped(figures, sections, chosen), moment, faults)


def tile(one: Indicator, figure: Figure | None, series: list[Figure], fault: str = "") -> Tile:
    """A figure ready to print."""
    earlier = [point for point in series if figure is None or point.period < figure.period]
    before = f"上期（{when_of(earlier[-1].period)}）{said(one, earlier[-1])}" if earlier else ""
    return Tile(
        one, figure, said(one, figure) if figure else "—", when_of(figure.period) if figure else "", before,
        charts.spark([point.value for point in series]), fault,
    )


def mapped(figures: Mapping[tuple[str, str], Figure], sections: list[Section], chosen: str) -> Mapped:
    """The map of the chosen indicator, else of the first that has figures by county."""
    known, counties = indicators(), territory().counties
    split = [key for key in known if any((key, code) in figures for code in counties)]
    heads = [one.head.indicator.key for one in sections if one.head]
    choices = [known[key] for key in split if key in heads or key == chosen]
    key = chosen if chosen in split else next(iter(one.key for one in choices), "")
    if not key:
        return Mapped(None, "", shaded({}, {}), [])
    found = {code: figures[key, code] for code in counties if (key, code) in figures}
    period = max(one.period for one in found.values())
    return Mapped(known[key], when_of(period), areas(known[key], found), choices)


def areas(one: Indicator, counties: Mapping[str, Figure]) -> list[Area]:
    """The counties of the map with their figures."""
    return shaded({code: row.value for code, row in counties.items()}, {code: short(one, row) for code, row in counties.items()})


def bars(one: Indicator, counties: Mapping[str, Figure]) -> charts.Chart:
    """The counties side by side."""
    return charts.bars(one.label, one.unit, [
        (name, counties[code].value, said(one, counties[code])) for code, name in territory().counties.items() if code in counties
    ])


def short(one: Indicator, row: Figure) -> str:
    """As it fits into a county: in ten thousands from a hundred thousand on."""
    return spoken(row, lambda value: f"{value / WAN:,.1f}万" if value >= 10 * WAN else one.show(value), counts=one.counts)
