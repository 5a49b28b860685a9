"""What each person is: at school, at work and how, out of work, retired, insured elsewhere; in which pension scheme."""

import datetime
from dataclasses import dataclass
from functools import cache

import numpy as np

from renshe.city.dice import Array, dice, draw
from renshe.city.residents import FEMALE, Residents
from renshe.city.shape import City, day_of
from renshe.kernel.policy.engine.compile import compiled
from renshe.kernel.policy.registry import policy

PLACE = "330800"
ADULT = 16
CHILD, ELSEWHERE, DEAD = "child", "elsewhere", "dead"
GROUPS = ("male", "female55", "female50")
FIRST_BIRTH, LAST_BIRTH = 1900 * 12, 2030 * 12


def names(city: City) -> list[str]:
    """Every standing, in the order of their numbers."""
    return [*city.shape.population["standing"], CHILD, ELSEWHERE, DEAD]


@cache
def retirement_months(on: datetime.date) -> Array:
    """By group and month of birth since 1900: the month of statutory retirement, by the law in force on a day."""
    law = policy("retirement_age")
    run = compiled(law.law(on, PLACE), frozenset({"group", "birth"})).run
    return np.array([
        [run(group=group, birth=birth)["retire_month"] for birth in range(FIRST_BIRTH, LAST_BIRTH)]
        for group in GROUPS
    ], np.int32)


@dataclass
class Standings:
    """One row each of the persons of a range."""

    number: Array  # place in `names`
    group: Array  # retirement group, place in GROUPS
    retires: Array  # month of statutory retirement


def standings(city: City, people: Residents) -> Standings:
    """Give every person a standing: of each as many as the city has, at the ages it is found at."""
    chance = dice(city.seed, "standing", people.first)
    group = np.where(people.sex == FEMALE, np.where(people.manager, 1, 2), 0).astype(np.int8)
    retires = retirement_months(day_of(city.as_of))[group, people.birth - FIRST_BIRTH]
    every = names(city)
    number = np.full(people.size, every.index(ELSEWHERE), np.int8)
    years = people.age(city.as_of) // 12
    alive = people.died < 0
    number[~alive] = every.index(DEAD)
    number[alive & (years < ADULT)] = every.index(CHILD)
    free = alive & (years >= ADULT)
    last = people.first + people.size
    for name, one in city.shape.population["standing"].items():
        weights = _weights(years, *one["ages"]) * free
        if men := one.get("men"):
            weights *= np.where(people.sex == FEMALE, 100 - men, men)
        if name == "retired":
            weights *= retires <= city.as_of
        elif one.get("scheme") == "employee":
            weights *= retires > city.as_of
        chosen = draw(chance, weights, city.share(one["number"], people.first, last))
        number[chosen] = every.index(name)
        free[chosen] = False
    return Standings(number, group, retires)


def _weights(years: Array, least: int, likeliest: int, most: int) -> Array:
    """How likely a standing is at an age: rising from `least` to `likeliest`, falling to `most`, nothing beyond."""
    up = (years - least + 1) / (likeliest - least + 1)
    down = (most - years + 1) / (most - likeliest + 1)
    return np.clip(np.minimum(up, down), 0.02, 1) * ((years >= least) & (years <= most))
