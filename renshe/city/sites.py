"""Building sites: who is on their rosters, who came through the gate, what was due and what was paid."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from renshe.city.dice import Array, choose, dice
from renshe.city.employers import builders, employers
from renshe.city.faults import Planting
from renshe.city.residents import Residents
from renshe.city.shape import City
from renshe.city.standing import Standings, names

GHOST_DAYS = 25  # days a ghost is paid for


@dataclass(frozen=True)
class Sites:
    """All sites of a city, one row each; `unpaid_from` is the first month whose wages stay unpaid, -1 for none."""

    employer: Array
    county: Array
    start: Array
    until: Array
    daily: Array
    weight: Array
    unpaid_from: Array
    late: Array  # pays a month late, which is no fault


@cache
def sites(city: City) -> tuple[Sites, pl.DataFrame]:
    """The sites, and which were planted unpaid."""
    chance = dice(city.seed, "sites")
    rules, all_of_them = city.shape.population["sites"], employers(city)
    count = max(6, round(city.of(rules["number"])))
    employer = choose(chance, all_of_them.weight * np.isin(all_of_them.trade, builders()), count)
    start = city.as_of - chance.integers(2, 30, count)
    planting = Planting(chance)
    unpaid = planting.plant("unpaid_site", np.arange(count))
    unpaid_from = np.full(count, -1)
    unpaid_from[unpaid] = np.maximum(city.as_of - chance.integers(2, 7, unpaid.size), start[unpaid])
    return Sites(
        employer, all_of_them.county[employer], start, start + chance.integers(*rules["months"], count),
        chance.integers(*rules["daily_wage_yuan"], count) * 100, np.exp(chance.normal(0, 0.9, count)),
        unpaid_from, chance.random(count) < rules["late_share"] / 100,
    ), planting.answers


def table(city: City) -> pl.DataFrame:
    """The table `sites`."""
    one, _ = sites(city)
    return pl.DataFrame({
        "site": np.arange(one.employer.size, dtype=np.int32), "employer": one.employer.astype(np.int32),
        "county": one.county, "start": one.start.astype(np.int32), "until": one.until.astype(np.int32),
        "daily_wage": one.daily.astype(np.int32),
    })


def on_site(city: City, people: Residents, standing: Standings, planting: Planting) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `rosters` and `attendance` of a range."""
    chance = dice(city.seed, "on_site", people.first)
    every, (all_of_them, _) = names(city), sites(city)
    workers = np.flatnonzero(standing.number == every.index("site_worker"))
    away = np.flatnonzero(np.isin(standing.number, [every.index(name) for name in ("enterprise", "resident_pensioner", "retired")]))
    ghosts = np.sort(chance.permutation(away)[: planting.count("ghost_worker", workers.size)])
    planting.note("ghost_worker", ghosts + people.first)
    who = np.sort(np.r_[workers, ghosts])
    ghost = np.isin(who, ghosts)
    site = _sites_near(chance, all_of_them, people.county[who])
    begun = np.maximum(all_of_them.start[site], city.as_of - chance.integers(1, 15, who.size))
    person = (who + people.first).astype(np.int32)
    roster = pl.DataFrame({"person": person, "site": site.astype(np.int32), "start": begun.astype(np.int32)})
    first = np.maximum(begun, city.as_of - city.shape.population["sites"]["history_months"] + 1)
    count = city.as_of - first + 1
    row = np.repeat(np.arange(who.size), count)
    month = np.arange(row.size) - np.repeat(np.cumsum(count) - count - first, count)
    return roster, _wages(city, chance, all_of_them, person[row], site[row], month, ghost[row])


def _sites_near(chance: np.random.Generator, all_of_them: Sites, county: Array) -> Array:
    """A site for each worker, large ones more often, mostly of their county."""
    site = np.empty(county.size, np.int64)
    for place in np.unique(county):
        some = np.flatnonzero(county == place)
        site[some] = choose(chance, all_of_them.weight * np.where(all_of_them.county == place, 8, 1), some.size)
    return site


def _wages(
    city: City, chance: np.random.Generator, all_of_them: Sites, person: Array, site: Array, month: Array, ghost: Array
) -> pl.DataFrame:
    """Days at the gate, days on the payroll, wages due and paid, month by month."""
    gate = np.where(ghost, 0, chance.integers(16, 29, month.size))
    # Now and then the gate misses a day or two: no fault.
    claimed = np.where(ghost, GHOST_DAYS, gate + (chance.random(month.size) < 0.04) * chance.integers(1, 3, month.size))
    due = claimed * all_of_them.daily[site]
    paid_in = month + 1 + all_of_them.late[site]
    unpaid = (all_of_them.unpaid_from[site] >= 0) & (month >= all_of_them.unpaid_from[site])
    not_yet = unpaid | (paid_in > city.as_of + 1)
    return pl.DataFrame({
        "person": person, "site": site.astype(np.int32), "month": month.astype(np.int32),
        "gate_days": gate.astype(np.int8), "claimed_days": claimed.astype(np.int8), "due": due.astype(np.int32),
        "paid": np.where(not_yet, 0, due).astype(np.int32),
        "paid_month": pl.Series(np.where(not_yet, -1, paid_in).astype(np.int32)).replace(-1, None),
    })
