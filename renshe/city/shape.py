"""What the city is like: the totals it must add up to and the assumptions it is made by, from the city's own folder."""

import csv
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from renshe.city.dice import allot, split
from renshe.kernel.common.files import read_yaml

FULL = 2_020_000  # people in basic pension insurance when the city is as large as the plan says
WAN = 10_000


@dataclass(frozen=True)
class Total:
    """One total of the plan's tables."""

    key: str
    label: str
    unit: str
    value: float
    where: str


@dataclass(frozen=True)
class Shape:
    """The city's folder, read."""

    totals: Mapping[str, Total]
    population: Mapping[str, Any]
    townships: Mapping[str, list[tuple[int, str]]]  # by county: code and level


@dataclass(frozen=True)
class City:
    """One city: `insured` people in basic pension insurance, and a seed. Everything else follows."""

    insured: int
    seed: int
    shape: Shape = field(repr=False, compare=False)
    as_of: int = 0  # last month of the history

    @property
    def scale(self) -> float:
        return self.insured / FULL

    def of(self, wan: float) -> float:
        """So many 万 of the full city, in this one."""
        return wan * WAN * self.scale

    @property
    def people(self) -> int:
        """Everybody on the register, the lately dead with them."""
        return round(self.of(self.shape.population["living"] + self.shape.population["dead"]))

    def share(self, wan: float, first: int, last: int) -> int:
        """How many of so many 万 fall to the persons `first` to `last` (excluded)."""
        return allot(self.of(wan), first, last, self.people)

    @property
    def places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where townships begin among the persons, each with its code and its county's."""
        weights = self.shape.population["township_weights"]
        shares = self.shape.population["county_shares"]
        begins, codes, counties, at = [], [], [], 0
        for county, people in zip(shares, split(self.people, list(shares.values())), strict=True):
            townships = self.shape.townships[county]
            for (code, _), size in zip(townships, split(people, [weights[level] for _, level in townships]), strict=True):
                begins.append(at)
                codes.append(code)
                counties.append(int(county))
                at += size
        return np.array(begins), np.array(codes, np.int64), np.array(counties, np.int32)


@cache
def shape(folder: Path) -> Shape:
    """Read a city's folder."""
    raw = read_yaml(folder / "totals.yaml")
    population = read_yaml(folder / "population.yaml")
    townships: dict[str, list[tuple[int, str]]] = {county: [] for county in population["county_shares"]}
    with (folder / "divisions.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["parent"] in townships:
                townships[row["parent"]].append((int(row["code"]), row["level"]))
    return Shape({key: Total(key, *line) for key, line in raw.items()}, population, townships)


def month_of(text: str) -> int:
    """`"2026-10"` as a month number (year*12+month-1)."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def day_of(month: int) -> datetime.date:
    """The first day of a month number."""
    return datetime.date(month // 12, month % 12 + 1, 1)


def city(insured: int, seed: int, as_of: str = "") -> City:
    """The city of `insured` people and a seed, its history running to `as_of` (YYYY-MM; by default the folder's month)."""
    found = shape(Path(settings.CITY))
    return City(insured, seed, found, month_of(as_of or found.population["as_of"]))
