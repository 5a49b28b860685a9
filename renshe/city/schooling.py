"""Schools, who goes to them, and who left them lately."""

from functools import cache

import numpy as np
import polars as pl

from renshe.city.dice import Array, choose, dice
from renshe.city.residents import Residents
from renshe.city.shape import City
from renshe.city.standing import DEAD, Standings, names

LEVELS = ("primary", "junior", "senior", "vocational", "college")
ENDS_AT = (12, 15, 18, 18, 22)  # years of age at the end of each level
LEAVERS = (18, 27)  # ages among whom recent leavers are found
AWAY = 0.7  # students in higher education who study elsewhere


@cache
def _places(city: City) -> tuple[Array, Array]:
    """Level and county of each school."""
    counts = [max(6, round(city.of(city.shape.population["schools"][level]))) for level in LEVELS]
    counts[-1] = max(1, round(city.of(city.shape.population["schools"]["college"])))
    level = np.repeat(np.arange(len(LEVELS), dtype=np.int8), counts)
    counties = np.array([int(code) for code in city.shape.population["county_shares"]], np.int32)
    county = np.concatenate([counties[np.arange(count) % counties.size] for count in counts])
    return level, county


def schools(city: City) -> pl.DataFrame:
    """The table `schools`."""
    level, county = _places(city)
    return pl.DataFrame({
        "school": np.arange(level.size, dtype=np.int32), "level": pl.Series(LEVELS)[level], "county": county,
    })


def students(city: City, people: Residents, standing: Standings) -> pl.DataFrame:
    """The table `students` of a range: everybody at school, and those who left within some years."""
    chance = dice(city.seed, "students", people.first)
    every, years = names(city), people.age(city.as_of) // 12
    here = ((standing.number == every.index("child")) & (years >= 6)) | (standing.number == every.index("student"))
    left = (years >= LEAVERS[0]) & (years < LEAVERS[1]) & ~here & (standing.number != every.index(DEAD))
    who = np.flatnonzero(here | left)
    vocational = chance.random(who.size) < 0.45
    level = np.select([years[who] < 12, years[who] < 15, years[who] < 18], [0, 1, np.where(vocational, 3, 2)], 4)
    level = np.where(left[who] & vocational, 3, level)
    end = (people.birth[who] // 12 + np.array(ENDS_AT)[level]) * 12 + 5  # June
    end = np.where(here[who], np.maximum(end, city.as_of + 1), np.minimum(end, city.as_of))
    school = np.empty(who.size, np.int32)
    levels, counties = _places(city)
    for one in range(len(LEVELS)):
        for county in np.unique(people.county):
            some = np.flatnonzero((level == one) & (people.county[who] == county))
            near = (levels == one) * np.where(counties == county, 20.0, 1.0)
            school[some] = choose(chance, near, some.size)
    school = np.where((level == 4) & (chance.random(who.size) < AWAY), -1, school)
    return pl.DataFrame({
        "person": (who + people.first).astype(np.int32), "school": pl.Series(school.astype(np.int32)).replace(-1, None),
        "level": pl.Series(LEVELS)[level.astype(np.int8)], "graduation_month": end.astype(np.int32),
    })
