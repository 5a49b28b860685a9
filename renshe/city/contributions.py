"""What was paid: a base for every month of every spell, held between the floor and the cap in force that month."""

import datetime
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from renshe.city.careers import Careers
from renshe.city.dice import Array, dice
from renshe.city.residents import Residents
from renshe.city.shape import City
from renshe.city.standing import PLACE, Standings, names
from renshe.kernel.policy.engine.units import month_index
from renshe.kernel.policy.engine.values import DatedValue
from renshe.kernel.policy.registry import policy


@dataclass(frozen=True)
class Bounds:
    """Stretches of months with one floor and one cap (fen), within one calendar year each."""

    starts: Array  # first month of each stretch, and the month after the last
    floor: Array
    cap: Array


@cache
def bounds(first: int, last: int, growth: float) -> Bounds:
    """Floors and caps from month `first` to `last` by the dated values of the law folder; before the first value it knows,
    ours: each year further back smaller by `growth` (an assumption of the synthetic city)."""
    parameters = policy("contribution").parameters
    floors, caps = parameters["base_floor"].values, parameters["base_cap"].values
    changes = {month_index(value.since) for value in (*floors, *caps)}
    starts = sorted({first, *range((first // 12 + 1) * 12, last + 1, 12), *(one for one in changes if first < one <= last)})
    return Bounds(
        np.array([*starts, last + 1], np.int32),
        np.array([_at(floors, month, growth) for month in starts], np.int64),
        np.array([_at(caps, month, growth) for month in starts], np.int64),
    )


def _at(values: tuple[DatedValue, ...], month: int, growth: float) -> int:
    day = datetime.date(month // 12, month % 12 + 1, 1)
    known = [value for value in values if value.since <= day]
    if known:
        return int(known[-1].value)
    back = values[0].since.year - day.year
    return round(int(values[0].value) / (1 + growth) ** back)


def law_place() -> str:
    """The place whose law the bounds are."""
    return PLACE


@dataclass
class Paid:
    """Stretches of equal bases, in order of person and month: `spell` and `person` within the range, `months` long.
    `wage`: one row a spell, the wage last declared (fen)."""

    wage: Array
    spell: Array
    person: Array
    start: Array
    months: Array
    declared: Array
    base: Array


def paid(city: City, people: Residents, standing: Standings, work: Careers) -> Paid:
    """What was declared for every spell, stretch by stretch."""
    rules = city.shape.population["wages"]
    first = int(work.start.min()) if work.start.size else city.as_of
    law = bounds(first, city.as_of, rules["growth_before_known"])
    chance = dice(city.seed, "contributions", people.first)
    level = _levels(city, chance, people.size, standing, rules)
    begin = np.searchsorted(law.starts, work.start, side="right") - 1
    end = np.searchsorted(law.starts, work.until, side="left")
    count = end - begin
    spell = np.repeat(np.arange(work.start.size), count)
    stretch = np.arange(spell.size) - np.repeat(np.cumsum(count) - count - begin, count)
    start = np.maximum(work.start[spell], law.starts[stretch])
    until = np.minimum(work.until[spell], law.starts[stretch + 1])
    person = work.person[spell]
    years = (start - work.entered[person]) / 12
    own = work.own[spell]
    relative = np.where(own, rules["flexible"][0], level[person] * (1 + rules["experience"] * years))
    relative = relative * np.exp(chance.standard_normal(spell.size, np.float32) * rules["wobble"])
    step = rules["round_to_yuan"] * 100
    wage = (relative * (law.cap[stretch] / 3) / step).astype(np.int64) * step
    base = np.clip(wage, law.floor[stretch], law.cap[stretch])
    return Paid(wage[np.cumsum(count) - 1].astype(np.int32), spell, person, start, until - start, wage.astype(np.int32), base.astype(np.int32))


def _levels(city: City, chance: np.random.Generator, size: int, standing: Standings, rules: dict) -> Array:  # type: ignore[type-arg]
    """Each person's wage relative to the average."""
    drawn = chance.standard_normal(size)
    level = np.empty(size)
    every = names(city)
    for number, name in enumerate(every):
        median, spread = rules.get(name, rules["enterprise"])
        who = standing.number == number
        level[who] = median * np.exp(spread * drawn[who])
    return level


def monthly(people: Residents, rows: Paid) -> pl.DataFrame:
    """The `contributions` table of a range: every month of every stretch."""
    total = int(rows.months.sum())
    begins = np.cumsum(rows.months) - rows.months
    month = np.arange(total, dtype=np.int32)
    month += np.repeat((rows.start - begins).astype(np.int32), rows.months)
    return pl.DataFrame({
        "person": np.repeat((rows.person + people.first).astype(np.int32), rows.months),
        "month": month, "base": np.repeat(rows.base, rows.months),
    })
