"""Who draws a pension, how much, since when, into which account; who is in custody. With faults, and what only looks like one."""

import numpy as np
import polars as pl

from renshe.city.careers import Careers
from renshe.city.contributions import bounds
from renshe.city.dice import Array, dice
from renshe.city.faults import Planting
from renshe.city.identity import ACCOUNT
from renshe.city.residents import Residents
from renshe.city.shape import City, month_of
from renshe.city.standing import DEAD, Standings, names

SIXTY = 60 * 12
LONGEST_CUSTODY = 120
LUNAR = 0.003  # share of files whose month of birth is the lunar calendar's


def filed_births(city: City, people: Residents, standing: Standings, planting: Planting) -> Array:
    """Months of birth as the personnel files have them. Some retired people's were bent to be earlier than the identity
    card says, and they retired earlier for it: their month of retirement in `standing` is changed."""
    chance = dice(city.seed, "filed", people.first)
    filed = people.birth.copy()
    pool = np.flatnonzero(standing.number == names(city).index("retired"))
    bent = planting.plant("bent_birthday", pool, first=people.first)
    by = chance.integers(8, 40, bent.size)
    filed[bent] -= by
    standing.retires[bent] -= by
    # A month's difference is the lunar calendar's, and changes nothing: it is not in the key.
    filed[np.setdiff1d(pool[chance.random(pool.size) < LUNAR], bent)] -= 1
    return filed


def pensions(
    city: City, people: Residents, standing: Standings, work: Careers, filed: Array, planting: Planting
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `pensions` and `custody` of a range."""
    chance = dice(city.seed, "pensions", people.first)
    every = names(city)
    months = np.bincount(work.person, work.until - work.start, minlength=people.size).astype(np.int64)
    gone = standing.number == every.index(DEAD)
    employee = (standing.number == every.index("retired")) | (gone & (months > 0) & (standing.retires < people.died))
    sixty = people.birth + SIXTY
    resident = (standing.number == every.index("resident_pensioner")) | (gone & ~employee & (sixty < people.died))
    who = np.flatnonzero(employee | resident)
    is_employee = employee[who]
    since = np.where(is_employee, standing.retires[who], np.maximum(sixty[who], month_of(city.shape.population["pensions"]["resident_since"])))
    amount = np.where(
        is_employee, _employee_amounts(city, chance, since, months[who], work, people, who),
        chance.integers(*(yuan * 100 for yuan in city.shape.population["pensions"]["resident_yuan"]), who.size),
    )
    until = np.where(gone[who], people.died[who], city.as_of)
    dead = planting.plant("dead_paid", who[gone[who] & (people.died[who] < city.as_of - 2)], first=people.first)
    at = np.searchsorted(who, dead)
    until[at] = np.minimum(until[at] + chance.integers(2, 40, at.size), city.as_of)
    custody, jailed = _custody(city, chance, people, standing, who, until, planting)
    frame = pl.DataFrame({
        "person": (who + people.first).astype(np.int32),
        "scheme": np.where(is_employee, "employee", "resident"),
        "since": since.astype(np.int32), "paid_until": until.astype(np.int32), "amount": amount.astype(np.int32),
        "account": _accounts(city, chance, people, who, gone[who], planting),
        "filed_birth_month": filed[who],
        **jailed,
    })
    return frame, custody


def _employee_amounts(
    city: City, chance: np.random.Generator, since: Array, months: Array, work: Careers, people: Residents, who: Array
) -> Array:
    """Pensions of former employees, roughly as the law has it and then raised year by year: a likeness, not a right."""
    rules = city.shape.population["pensions"]
    law = bounds(int(since.min()) if since.size else city.as_of, city.as_of, city.shape.population["wages"]["growth_before_known"])
    average = law.cap[np.clip(np.searchsorted(law.starts, since, side="right") - 1, 0, law.cap.size - 1)] / 3
    deemed = np.maximum(work.entered[who] - work.worked_from[who], 0) * (work.entered[who] >= 0) * rules["deemed_share"]
    index = np.clip(np.exp(chance.normal(-0.3, 0.3, who.size)), 0.6, 3)
    basic = average * (1 + index) / 2 * (months + deemed) / 1200
    account = average * index * 0.08 * months / 139 * 0.6
    raised = (1 + rules["yearly_adjustment"]) ** np.maximum((city.as_of - since) // 12, 0)
    return np.clip((basic + account) * np.minimum(raised, 3), 60000, 1500000)


def _custody(
    city: City, chance: np.random.Generator, people: Residents, standing: Standings, who: Array, until: Array, planting: Planting
) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Who is or was in custody, and for pensioners the months their pension was held back (except where planted)."""
    every = names(city)
    pool = np.isin(standing.number, [every.index(name) for name in ("retired", "resident_pensioner", "jobless", "paused", "elsewhere")])
    adults = (people.age(city.as_of) >= 18 * 12).sum()
    inside = np.sort(chance.choice(np.flatnonzero(pool), round(adults * city.shape.population["custody_per_thousand"] / 1000), replace=False))
    since = city.as_of - chance.integers(6, city.shape.population["pensions"]["suspended_within"], inside.size)
    end = since + chance.integers(6, LONGEST_CUSTODY, inside.size)
    frame = pl.DataFrame({
        "person": (inside + people.first).astype(np.int32), "since": since.astype(np.int32),
        "until": pl.Series(np.where(end > city.as_of, -1, end).astype(np.int32)).replace(-1, None),
    })
    drawing = np.flatnonzero(np.isin(inside, who))
    at = np.searchsorted(who, inside[drawing])
    held, again = np.full(who.size, -1, np.int32), np.full(who.size, -1, np.int32)
    held[at], again[at] = since[drawing], np.where(end[drawing] > city.as_of, -1, end[drawing])
    paid_on = np.searchsorted(who, planting.plant("jailed_paid", who[at], first=people.first))
    held[paid_on] = again[paid_on] = -1
    suspended = (held >= 0) & (again < 0)
    until[suspended] = held[suspended] - 1
    return frame, {
        "suspended_from": pl.Series(held).replace(-1, None), "suspended_until": pl.Series(again).replace(-1, None),
    }


def _accounts(
    city: City, chance: np.random.Generator, people: Residents, who: Array, gone: Array, planting: Planting
) -> Array:
    """Bank accounts, one each: except couples who share one, and groups of strangers who do (planted)."""
    account = ACCOUNT + (who + people.first).astype(np.int64)
    share = city.shape.population["pensions"]["couples_share_account"] / 100
    same = people.household[who]
    couple = np.flatnonzero((same[1:] == same[:-1]) & ~gone[1:] & ~gone[:-1] & (chance.random(max(who.size - 1, 0)) < share))
    account[couple + 1] = account[couple]
    alone = np.setdiff1d(np.flatnonzero(~gone), np.r_[couple, couple + 1])
    group = np.searchsorted(who, planting.plant("shared_account", who[alone], first=people.first))
    if group.size == 1:  # nobody shares alone
        group = np.r_[group, np.setdiff1d(alone, group)[:2]]
        planting.note("shared_account", who[group] + people.first)
    group = chance.permutation(group)
    heads = np.minimum(np.arange(group.size) // 4, max(group.size // 4 - 1, 0)) * 4
    account[group] = account[group[heads]]
    return account
