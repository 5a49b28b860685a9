"""What is known of a range's people when their claims are made: each of the next tables is drawn from it."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from renshe.city.careers import Careers
from renshe.city.contributions import Paid
from renshe.city.dice import Array, dice
from renshe.city.residents import Residents
from renshe.city.shape import City
from renshe.city.standing import Standings, names

EPOCH_MONTH = 1970 * 12


@dataclass
class Lives:
    """One range: its people, their work, the tables made so far. Rows are places within the range."""

    city: City
    people: Residents
    standing: Standings
    work: Careers
    rows: Paid
    tables: dict[str, pl.DataFrame]
    months: Array = field(init=False)  # insured in the employee scheme, one row a person
    last: Array = field(init=False)  # the place in `work` of each person's last spell, -1 for none

    def __post_init__(self) -> None:
        size = self.people.size
        self.months = np.bincount(self.work.person, self.work.until - self.work.start, minlength=size).astype(np.int64)
        self.last = np.full(size, -1, np.int64)
        self.last[self.work.person] = np.arange(self.work.person.size)

    def chance(self, subject: str) -> np.random.Generator:
        """The chance of one subject in this range."""
        return dice(self.city.seed, subject, self.people.first)

    def rule(self, name: str) -> dict:  # type: ignore[type-arg]
        """The city's assumptions about one table."""
        found: dict = self.city.shape.population["claims"][name]  # type: ignore[type-arg]
        return found

    def of(self, *standings: str) -> Array:
        """The people of these standings."""
        every = names(self.city)
        return np.flatnonzero(np.isin(self.standing.number, [every.index(name) for name in standings]))

    def person(self, rows: Array) -> pl.Series:
        """Numbers of persons, as tables have them."""
        return pl.Series((rows + self.people.first).astype(np.int32))

    def wage(self, rows: Array) -> Array:
        """The wage last declared (fen), 0 for those who never worked."""
        return np.where(self.last[rows] >= 0, self.rows.wage[self.last[rows]], 0) if self.rows.wage.size else np.zeros(rows.size, np.int64)


def some(chance: np.random.Generator, pool: Array, percent: float, least: int = 0) -> Array:
    """So many in a hundred of a pool, each by its own chance, in order; at least so many, if there are."""
    drawn = chance.random(pool.size)
    limit = percent / 100 if least == 0 or pool.size == 0 else max(percent / 100, np.partition(drawn, min(least, pool.size) - 1)[min(least, pool.size) - 1])
    return pool[drawn <= limit]


def day(chance: np.random.Generator, month: Array) -> Array:
    """A day (since 1970-01-01) within each month."""
    months = (month.astype(np.int64) - EPOCH_MONTH).astype("datetime64[M]")
    first = months.astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[D]") - first).astype(np.int64)
    return (first.astype(np.int64) + (chance.random(month.size) * length).astype(np.int64)).astype(np.int32)


def month_end(month: int) -> int:
    """The last day (since 1970-01-01) of a month."""
    return int((np.datetime64(month + 1 - EPOCH_MONTH, "M").astype("datetime64[D]")).astype(np.int64)) - 1


def or_empty(numbers: Array) -> pl.Series:
    """Numbers with -1 for none, as a column that may be empty."""
    return pl.Series(numbers.astype(np.int32)).replace(-1, None)
