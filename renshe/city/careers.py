"""Who worked when: spells of work with gaps between them, from the first month to now, retirement, or a break."""

from dataclasses import dataclass

import numpy as np

from renshe.city.dice import Array, dice
from renshe.city.employers import pick
from renshe.city.residents import Residents
from renshe.city.shape import City, month_of
from renshe.city.standing import DEAD, Standings, names

OPEN = ("civil", "institution", "enterprise", "flexible", "gig")  # pay up to now
OWN = ("flexible", "gig")  # pay for themselves
KIND = {"institution": 1, "civil": 2}  # kind of employer, as in `employers.KINDS`; the others work for enterprises


@dataclass
class Careers:
    """Spells in order of person and start; `person` is the row within the range, months half-open."""

    person: Array
    start: Array
    until: Array
    employer: Array  # -1: pays for oneself
    own: Array
    now: Array  # still running
    entered: Array  # one row a person: first month in the employee scheme, -1 for none
    worked_from: Array  # one row a person: first month worked, -1 for none


def careers(city: City, people: Residents, standing: Standings) -> Careers:
    """The work of everybody in a range."""
    chance = dice(city.seed, "careers", people.first)
    rules = city.shape.population["careers"]
    worked_from = people.birth + chance.integers(rules["starts_at"][0] * 12, rules["starts_at"][1] * 12, people.size)
    first = month_of(rules["first_month"]) + chance.integers(0, rules["spread_months"], people.size)
    entered, until = _bounds(city, people, standing, chance, np.maximum(worked_from, first))
    who = np.flatnonzero(until > entered)
    length = until[who] - entered[who]
    starts, ends = _segments(chance, length, rules)
    kept = starts < ends
    row, _ = np.nonzero(kept)
    last = np.r_[row[1:] != row[:-1], True] if row.size else np.empty(0, bool)
    every = names(city)
    is_open = np.isin(standing.number, [every.index(name) for name in OPEN])[who][row]
    is_own = np.isin(standing.number, [every.index(name) for name in OWN])[who][row]
    now = last & is_open
    own = np.where(now, is_own, chance.random(row.size) < np.where(is_own, 0.6, 0.12))
    kind = np.array([KIND.get(name, 0) for name in every], np.int8)[standing.number[who][row]]
    employer = np.where(own, -1, pick(city, chance, kind, people.county[who][row]))
    offset = entered[who][row]
    worked = (until > entered) | (standing.number == every.index("site_worker"))
    return Careers(
        who[row].astype(np.int32), (starts[kept] + offset).astype(np.int32), (ends[kept] + offset).astype(np.int32),
        employer.astype(np.int32), own, now, np.where(until > entered, entered, -1).astype(np.int32),
        np.where(worked, np.minimum(worked_from, np.where(until > entered, entered, worked_from)), -1).astype(np.int32),
    )


def _bounds(
    city: City, people: Residents, standing: Standings, chance: np.random.Generator, entered: Array
) -> tuple[Array, Array]:
    """First month in the employee scheme and the month after the last; equal for those who were never in it."""
    rules, end = city.shape.population["careers"], city.as_of + 1
    every = names(city)
    until = entered.copy()
    for name in every:
        who = np.flatnonzero(standing.number == every.index(name))
        if later := rules["joins_later_months"].get(name):
            entered[who] += chance.integers(0, later, who.size)
        if name in OPEN:
            entered[who] = np.minimum(entered[who], city.as_of - chance.integers(0, 12, who.size))
            until[who] = end
        elif name == "retired":
            until[who] = np.minimum(standing.retires[who], end)
        elif name in ("paused", "jobless"):
            low, high = rules["broken_off_months" if name == "paused" else "jobless_months"]
            until[who] = end - chance.integers(low, high + 1, who.size)
            entered[who] = np.minimum(entered[who], until[who] - chance.integers(12, 48, who.size))
        elif name == DEAD:
            until[who] = np.minimum(standing.retires[who], people.died[who])
            until[who] = np.where(chance.random(who.size) < 0.6, until[who], entered[who])
        elif share := rules["share_with_history"].get(name):
            low, high = rules["history_months"]
            some = who[chance.random(who.size) < share / 100]
            until[some] = np.minimum(entered[some] + chance.integers(low, high, some.size), standing.retires[some])
            until[some] = np.minimum(until[some], end - 6)
    return entered, np.maximum(until, entered)


def _segments(chance: np.random.Generator, length: Array, rules: dict) -> tuple[Array, Array]:  # type: ignore[type-arg]
    """Cut each career into spells: starts and ends relative to its first month, `longest_spells` columns, empty where start >= end."""
    most = rules["longest_spells"]
    cuts = np.minimum(chance.poisson(length / rules["gap_every_months"]), most - 1)
    where = np.sort(chance.random((length.size, most - 1)), axis=1)
    where = np.where(np.arange(most - 1) < cuts[:, None], where, 1.0)
    where = np.sort((where * length[:, None]).astype(np.int32), axis=1)
    gaps = np.where(chance.random(where.shape) < 0.4, 0, chance.geometric(1 / rules["gap_months"], where.shape))
    ends = np.column_stack([where, length])
    starts = np.column_stack([np.zeros_like(length), np.minimum(where + gaps, length[:, None])])
    # A career ends as it is bound to: the last break is cut short of its last month.
    final = np.where(starts[:, -1] >= ends[:, -1], length - 1, starts[:, -1])
    starts[:, -1] = np.where(cuts == most - 1, final, starts[:, -1])
    inner = np.flatnonzero(cuts < most - 1)
    at = cuts[inner]
    starts[inner, at] = np.minimum(starts[inner, at], length[inner] - 1)
    return starts, ends
