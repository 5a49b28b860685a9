"""Puts the city's people and employers into the register of subjects: names, sealed numbers, places."""

import datetime
from dataclasses import dataclass, field

import numpy as np
from django.utils import timezone

from renshe.city import identity
from renshe.city.dice import Array, dice
from renshe.city.employers import CODES, employer_name, employers, industries
from renshe.city.residents import FEMALE, MALE, Residents
from renshe.city.shape import City, day_of
from renshe.kernel.store import ids
from renshe.kernel.store.insert import insert
from renshe.kernel.subjects.actions import person_row
from renshe.kernel.subjects.models import Organisation, Person

FIRST_DAY = np.datetime64("1850-01-01")
OF_A_DAY = 500  # identity numbers of one day and sex


@dataclass
class Register:
    """What was given out so far: how many identity numbers of each day and sex."""

    given: Array = field(default_factory=lambda: np.zeros((80_000, 2), np.int64))

    def sequences(self, days: Array, sex: Array) -> Array:
        """A sequence for each person that nobody of that day and sex has yet: odd for men, even for women."""
        day, column = (days - FIRST_DAY).astype(np.int64), (sex == MALE).astype(np.int64)
        order = np.lexsort((column, day))
        key = (day * 2 + column)[order]
        begins = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        rank = np.empty(day.size, np.int64)
        rank[order] = np.arange(day.size) - np.repeat(begins, np.diff(np.r_[begins, day.size]))
        rank += self.given[day, column]
        if rank.size and rank.max() >= OF_A_DAY:
            raise ValueError(f"同一天出生的同性别人员超过{OF_A_DAY}人，身份号码不够分配")
        np.add.at(self.given, (day, column), 1)
        return rank * 2 + column


def register_people(city: City, people: Residents, register: Register) -> Array:
    """Insert the people of a range; returns their identifiers in the register, in order."""
    chance = dice(city.seed, "register", people.first)
    months = (people.birth.astype(np.int64) - 1970 * 12).astype("datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    days = months.astype("datetime64[D]") + (chance.random(people.size) * length).astype(np.int64)
    numbers = identity.citizen_ids(days, register.sequences(days, people.sex))
    names, now = identity.names(chance, _surnames(chance, people)), timezone.now()
    rows = []
    for at, (name, number, township, died) in enumerate(
        zip(names, numbers, people.township.tolist(), people.died.tolist(), strict=True)
    ):
        row = person_row(
            name=name, citizen_id=number, phone=identity.phone(people.first + at), division=str(township), at=now,
        )
        if died >= 0:
            row["deceased_on"] = day_of(died)
        rows.append(row)
    insert(Person, rows)
    return np.array([row["id"] for row in rows], np.int64)


def _surnames(chance: np.random.Generator, people: Residents) -> Array:
    """Places in the list of surnames: one a household, of which grown women have their own."""
    own = (chance.power(0.5, people.size) * len(identity.SURNAMES)).astype(np.int64)  # the first are the most common
    heads = people.household - people.first
    grown_women = (people.sex == FEMALE) & (people.age(people.birth.max()) > 24 * 12)
    return np.where(grown_women, own, own[heads])


def register_employers(city: City, when: datetime.datetime) -> Array:
    """Insert the employers; returns their identifiers in the register, in order."""
    every, lines = employers(city), industries()
    rows = []
    for number, (kind, trade, township) in enumerate(
        zip(every.kind.tolist(), every.trade.tolist(), every.township.tolist(), strict=True)
    ):
        _, industry, _, _, risk = lines[trade]
        rows.append({
            "id": ids.new(), "name": employer_name(number, trade), "uscc": identity.uscc(number + 1), "kind": CODES[kind],
            "division": str(township)[:6], "industry": industry, "risk_class": risk, "injury_float": "1.0", "made_at": when,
        })
    insert(Organisation, rows)
    return np.array([row["id"] for row in rows], np.int64)
