"""Who employs: employers of each kind by industry, county and size; their names and credit codes belong to nobody.

Sizes have a heavy tail. Every credit code carries the area 330899, which no county has ever had (see `identity`).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from renshe.city.dice import Array, choose, dice
from renshe.city.identity import uscc
from renshe.city.shape import City
from renshe.kernel.common.files import read_yaml

KINDS = ("enterprise", "institution", "civil")
CODES = ("10", "20", "30")
__all__ = ["CODES", "KINDS", "Employers", "builders", "employer_name", "employers", "industries", "pick", "uscc"]


@dataclass(frozen=True)
class Employers:
    """All employers of a city, one row each; `trade` is the place in the list of industries."""

    kind: Array
    trade: Array
    county: Array
    township: Array
    weight: Array  # share of the staff of its kind

    @property
    def size(self) -> int:
        return int(self.kind.size)


@cache
def trades(folder: Path) -> dict[str, Any]:
    """Industries and words, from the city's folder."""
    raw: dict[str, Any] = read_yaml(folder / "industries.yaml")
    return {**raw, "all": [(kind, *line) for kind in KINDS for line in raw[kind]]}


def industries() -> list[tuple[str, str, str, int, int]]:
    """Kind, code, name, weight, risk class of every industry."""
    found: list[tuple[str, str, str, int, int]] = trades(Path(settings.CITY))["all"]
    return found


def builders() -> list[int]:
    """Places in `industries` of those that run building sites."""
    codes = trades(Path(settings.CITY))["building"]
    return [at for at, line in enumerate(industries()) if line[1] in codes]


@cache
def employers(city: City) -> Employers:
    """The employers of a city."""
    chance = dice(city.seed, "employers")
    rules, every = city.shape.population["employers"], industries()
    counts = [max(6, round(city.of(rules[kind]))) for kind in KINDS]
    kind = np.repeat(np.arange(len(KINDS), dtype=np.int8), counts)
    trade = np.concatenate([
        choose(chance, np.array([line[3] * (line[0] == name) for line in every], float), count)
        for name, count in zip(KINDS, counts, strict=True)
    ])
    trade[0] = builders()[0]  # even the smallest city builds
    starts, townships, counties = city.places
    place = np.searchsorted(starts, chance.integers(0, city.people, kind.size), side="right") - 1
    weight = np.concatenate([_sizes(chance, count, rules["shift"], rules["even"]) for count in counts])
    return Employers(kind, trade, counties[place], townships[place], weight)


def _sizes(chance: np.random.Generator, count: int, shift: float, even: float) -> Array:
    """Shares of staff: a heavy tail, in no order, and a part shared out evenly."""
    tail = 1 / (np.arange(count) + shift)
    return chance.permutation(tail) + even * tail.mean()


@cache
def _running(city: City, kind: int, county: int) -> Array:
    """Running sums of the chance that somebody of a county works for each employer of a kind."""
    every = employers(city)
    near = np.where(every.county == county, city.shape.population["employers"]["same_county"], 1)
    return np.cumsum(every.weight * near * (every.kind == kind))


def pick(city: City, chance: np.random.Generator, kind: Array, county: Array) -> Array:
    """An employer for each of some people: of a kind, near their county, large ones more often."""
    found = np.empty(kind.size, np.int32)
    luck = chance.random(kind.size)
    for one in np.unique(kind):
        for place in np.unique(county):
            who = np.flatnonzero((kind == one) & (county == place))
            running = _running(city, int(one), int(place))
            found[who] = np.searchsorted(running, luck[who] * running[-1], side="right")
    return found


def employer_name(number: int, trade: int) -> str:
    """The name of an employer: two local words, its number where words run out, its trade."""
    words = trades(Path(settings.CITY))["words"]
    first, rest = number % len(words), number // len(words)
    second, round_ = rest % len(words), rest // len(words)
    count = f"第{round_ + 1}" if round_ else ""
    return f"衢州{words[first]}{words[(first + 1 + second) % len(words)] if second else ''}{count}{industries()[trade][2]}"
