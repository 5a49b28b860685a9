"""City and plan side by side: every total of the plan's tables, counted from the city's columns."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from renshe.city.shape import WAN, City, Total
from renshe.kernel.frames import reading

IN_WORK = ("enterprise", "institution", "civil", "flexible", "gig", "gig_resident", "site_worker")


@dataclass(frozen=True)
class Line:
    """One total: what the plan says, what the city has (in the plan's unit, at the plan's size), and what was counted."""

    total: Total
    value: float
    counted: float

    @property
    def off(self) -> float:
        """How far the city is off, as a share of the plan's figure."""
        return self.value / self.total.value - 1


def report(city: City) -> list[Line]:
    """Count every total of the plan's tables in a city that has been built in columns."""
    people = reading.scan("persons")
    work = {"persons": people, "spells": reading.scan("spells"), "cards": reading.scan("cards"),
            "talents": reading.scan("talents"), "disputes": reading.scan("disputes"), "employers": reading.scan("employers")}
    lines = []
    for key, total in city.shape.totals.items():
        counted = COUNTS[key](work)
        if total.unit == "%":
            value = counted * 100
        else:
            value = counted / city.scale / (WAN if total.unit.startswith("万") else 1)
        lines.append(Line(total, value, counted))
    return lines


Tables = dict[str, pl.LazyFrame]


def _count(table: str, condition: pl.Expr) -> Callable[[Tables], float]:
    return lambda work: work[table].filter(condition).select(pl.len()).collect().item()


def _share(table: str, condition: pl.Expr, among: pl.Expr) -> Callable[[Tables], float]:
    return lambda work: work[table].filter(among).select(condition.mean()).collect().item()


def _contracts(work: Tables) -> float:
    enterprises = work["employers"].filter(pl.col("kind") == "10").select("employer")
    running = work["spells"].filter(pl.col("until").is_null(), pl.col("pension")).join(enterprises, on="employer")
    # A second job does not count twice.
    return running.group_by("person").agg(pl.col("contract").first()).select(pl.col("contract").mean()).collect().item()


def _talent(grades: list[str], column: str) -> Callable[[Tables], float]:
    return _count("talents", pl.col(column).is_in(grades))


IN = pl.col("scheme").is_not_null()
STATUS = pl.col("status")
KIND = pl.col("kind")
COUNTS: dict[str, Callable[[Tables], float]] = {
    "pension": _count("persons", IN),
    "pension_rate": _share("persons", IN, pl.col("statutory")),
    "unemployment": _count("persons", pl.col("unemployment")),
    "injury": _count("persons", pl.col("injury")),
    "cards": _count("cards", pl.col("state") == "1"),
    "electronic_cards": _share("cards", pl.col("electronic"), pl.col("state") == "1"),
    "new_employment": _count("spells", pl.col("new_employment")),
    "registered_unemployment": _share("persons", STATUS == "jobless", STATUS.is_in([*IN_WORK, "jobless"])),
    "talent": _count("talents", pl.col("talent").is_not_null()),
    "professionals": _count("talents", pl.col("talent") == "professional"),
    "senior_titles": _talent(["1", "2"], "title"),
    "skilled": _count("talents", pl.col("skill").is_not_null()),
    "highly_skilled": _talent(["1", "2", "3"], "skill"),
    "contract_rate": _contracts,
    "mediation_rate": _share("disputes", pl.col("settled"), KIND == "mediation"),
    "arbitration_rate": _share("disputes", pl.col("closed_month").is_not_null(), KIND == "arbitration"),
    "inspection_rate": _share("disputes", pl.col("closed_month").is_not_null(), KIND == "inspection"),
    "postdocs": _count("talents", pl.col("talent") == "postdoc"),
}


def written(lines: list[Line]) -> list[str]:
    """The comparison as lines of text."""
    return [
        f"{line.total.label}\t规划 {line.total.value:g}{line.total.unit}\t城市 {line.value:.2f}{line.total.unit}"
        f"\t{line.off:+.2%}\t{line.total.where}"
        for line in lines
    ]
