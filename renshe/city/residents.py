"""Who lives here: ages and sexes by band, families in households, households in townships."""

from dataclasses import dataclass

import numpy as np

from renshe.city.dice import Array, dice, split
from renshe.city.shape import City

MALE, FEMALE = 1, 2
DEAD_WITHIN = 72  # months
OLD = 65 * 12
MANAGERS = 0.3  # women whose original retirement age is 55


@dataclass
class Residents:
    """The persons of one range, household by household; one row each. Months are year*12+month-1."""

    first: int
    birth: Array
    sex: Array
    died: Array  # month of death; -1 while alive
    household: Array
    county: Array
    township: Array
    manager: Array  # women in management or technical posts

    @property
    def size(self) -> int:
        return int(self.birth.size)

    def age(self, on: int) -> Array:
        """Months lived until a month."""
        return on - self.birth


def residents(city: City, first: int, last: int) -> Residents:
    """The persons `first` to `last` (excluded) of a city."""
    chance = dice(city.seed, "residents", first)
    size = last - first
    living = min(city.share(city.shape.population["living"], first, last), size)
    age, sex = _living(city, chance, living)
    dead_age = np.clip(chance.normal(79, 9, size - living) * 12, 35 * 12, 99 * 12).astype(np.int32)
    died = np.full(size, -1, np.int32)
    died[living:] = city.as_of - chance.integers(0, DEAD_WITHIN, size - living)
    birth = np.concatenate([city.as_of - age, died[living:] - dead_age]).astype(np.int32)
    sex = np.concatenate([sex, chance.integers(1, 3, size - living)]).astype(np.int8)
    home = _homes(chance, city.as_of - birth, sex)
    order = np.lexsort((birth, home))
    birth, sex, died, home = birth[order], sex[order], died[order], home[order]
    begins = np.flatnonzero(np.r_[True, home[1:] != home[:-1]])
    heads = np.repeat(begins, np.diff(np.r_[begins, size])) + first  # a household is named by its first member
    starts, townships, counties = city.places
    place = np.searchsorted(starts, heads, side="right") - 1
    manager = (sex == FEMALE) & (chance.random(size) < MANAGERS)
    return Residents(
        first, birth, sex, died, heads.astype(np.int32), counties[place], townships[place], manager
    )


def _living(city: City, chance: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Ages in months and sexes of the living."""
    bands = city.shape.population["age_bands"]
    ages, sexes = [], []
    for number, (size, (_, ratio)) in enumerate(zip(split(count, [band[0] for band in bands]), bands, strict=True)):
        males = round(size * ratio / (100 + ratio))
        ages.append(number * 60 + chance.integers(0, 60, size))
        sexes.append(np.r_[np.full(males, MALE), np.full(size - males, FEMALE)])
    return np.concatenate(ages).astype(np.int32), np.concatenate(sexes).astype(np.int8)


def _homes(chance: np.random.Generator, age: Array, sex: Array) -> Array:
    """A household number for each person, in random order: couples, their children, some of their parents, the rest alone."""
    size = age.size
    home = np.arange(size) + size  # alone, unless found a place below
    husbands, wives = _couples(chance, age, sex)
    home[husbands] = home[wives] = np.arange(wives.size)
    wives_age = age[wives]  # rising
    if wives.size:
        paired = home < size
        young = np.flatnonzero(~paired & (age < 30 * 12))
        young = young[(age[young] < 22 * 12) | (chance.random(young.size) < 0.4)]
        home[young] = _near(chance, wives_age, age[young] + np.clip(chance.normal(27, 4, young.size), 20, 42) * 12)
        old = np.flatnonzero((age > OLD) & (chance.random(size) < 0.3))
        with_them = _near(chance, wives_age, age[old] - np.clip(chance.normal(27, 4, old.size), 20, 42) * 12)
        good = wives_age[with_them] < OLD
        moved = np.arange(2 * size)
        moved[home[old[good]]] = with_them[good]  # a couple moves in together
        home = moved[home]
    shuffled = chance.permutation(2 * size)
    return shuffled[home]


def _couples(chance: np.random.Generator, age: Array, sex: Array) -> tuple[Array, Array]:
    """Men and women who are married, in pairs of near age; wives in order of age."""
    married = chance.random(age.size) < np.clip((age / 12 - 21) / 9, 0, 0.9)
    men = np.flatnonzero(married & (sex == MALE))
    women = np.flatnonzero(married & (sex == FEMALE))
    pairs = min(men.size, women.size)
    men, women = chance.permutation(men)[:pairs], chance.permutation(women)[:pairs]
    return men[np.argsort(age[men] + chance.normal(0, 18, pairs))], women[np.argsort(age[women])]


def _near(chance: np.random.Generator, rising: Array, wanted: Array) -> Array:
    """For each wanted age, the place of somebody of about that age."""
    around = rising.size // 40 + 1
    at = np.searchsorted(rising, wanted) + chance.integers(-around, around + 1, wanted.size)
    last = rising.size - 1
    return np.clip(last - np.abs(last - np.abs(at)), 0, last)  # mirrored at both ends, so that nobody gets a crowd
