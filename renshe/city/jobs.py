"""Spells of work as the insurance knows them: with the wage last declared, the contract on record, and double jobs."""

from functools import cache

import numpy as np
import polars as pl

from renshe.city.careers import Careers
from renshe.city.contributions import Paid
from renshe.city.dice import Array, dice
from renshe.city.employers import employers, pick
from renshe.city.faults import Planting
from renshe.city.residents import Residents
from renshe.city.shape import City

SECOND_JOBS = 0.002  # employees who lawfully have a second job, insured there against injury only
SMALL = 0.5  # share of all employers, the smaller ones, among whom those without contracts are


@cache
def without_contracts(city: City) -> tuple[Array, pl.DataFrame]:
    """Employers that make no contracts, and the key to them."""
    every = employers(city)
    planting = Planting(dice(city.seed, "without_contracts"))
    enterprises = np.flatnonzero(every.kind == 0)
    small = enterprises[every.weight[enterprises] <= np.quantile(every.weight[enterprises], SMALL)]
    count = planting.count("no_contract", enterprises.size)
    chosen = np.sort(planting.chance.choice(small, count, replace=False))
    planting.note("no_contract", chosen)
    return chosen, planting.answers


def spells(city: City, people: Residents, work: Careers, rows: Paid, planting: Planting) -> pl.DataFrame:
    """The table `spells` of a range."""
    chance = dice(city.seed, "spells", people.first)
    frame = pl.DataFrame({
        "person": work.person + people.first, "start": work.start,
        "until": pl.Series(np.where(work.now, -1, work.until).astype(np.int32)).replace(-1, None),
        "employer": pl.Series(work.employer).replace(-1, None), "wage": rows.wage,
        "pension": np.ones(work.start.size, bool), "contract": _contracts(city, chance, people, work),
        "new_employment": _counted(city, chance, people, work),
    })
    seconds = _second_jobs(city, chance, people, work, rows, planting)
    return pl.concat([frame, seconds]).sort("person", "start")


def _contracts(city: City, chance: np.random.Generator, people: Residents, work: Careers) -> pl.Series:
    """Whether each spell with an employer has a contract on record: of running ones as many as the plan counts."""
    lacking, _ = without_contracts(city)
    kind = employers(city).kind[work.employer]
    present = ~np.isin(work.employer, lacking)
    now = np.flatnonzero(work.now & ~work.own & (kind == 0))
    share = city.shape.totals["contract_rate"].value / 100
    more = round(now.size * (1 - share)) - int(np.count_nonzero(~present[now]))
    if more > 0:
        present[chance.choice(now[present[now]], more, replace=False)] = False
    return pl.Series(np.where(work.own, -1, present).astype(np.int8)).replace(-1, None).cast(pl.Boolean)


def _counted(city: City, chance: np.random.Generator, people: Residents, work: Careers) -> Array:
    """Which spells count as new employment of the last five full years: as many as the plan's five years had."""
    end = city.as_of // 12 * 12
    pool = np.flatnonzero((work.start >= end - 60) & (work.start < end))
    wanted = city.share(city.shape.totals["new_employment"].value, people.first, people.first + people.size)
    counted = np.zeros(work.start.size, bool)
    counted[chance.choice(pool, min(pool.size, wanted), replace=False)] = True
    return counted


def _second_jobs(
    city: City, chance: np.random.Generator, people: Residents, work: Careers, rows: Paid, planting: Planting
) -> pl.DataFrame:
    """Second spells beside running ones: some insured twice in pension (planted), some against injury only (lawful)."""
    kind = employers(city).kind[work.employer]
    pool = np.flatnonzero(work.now & ~work.own & (kind == 0) & (work.start < city.as_of - 3))
    persons = planting.plant("double_insured", work.person[pool].astype(np.int64), first=people.first)
    double = pool[np.searchsorted(work.person[pool], persons)]
    lawful = np.setdiff1d(pool[chance.random(pool.size) < SECOND_JOBS], double)
    both = np.r_[double, lawful]
    later = work.start[both] + 1 + (chance.random(both.size) * (city.as_of - work.start[both] - 1)).astype(np.int64)
    other = pick(city, chance, np.zeros(both.size, np.int8), people.county[work.person[both]])
    other = np.where(other == work.employer[both], (other + 1) % np.count_nonzero(employers(city).kind == 0), other)
    return pl.DataFrame({
        "person": work.person[both] + people.first, "start": later.astype(np.int32),
        "until": pl.Series([None] * both.size, dtype=pl.Int32), "employer": other.astype(np.int32), "wage": rows.wage[both],
        "pension": np.r_[np.ones(double.size, bool), np.zeros(lawful.size, bool)],
        "contract": np.ones(both.size, bool), "new_employment": np.zeros(both.size, bool),
    }, schema_overrides={"person": pl.Int32})
