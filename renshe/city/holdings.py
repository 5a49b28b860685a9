"""What stands to people's names outside the employee scheme: resident accounts, other ties, annuities, private pensions."""

import numpy as np
import polars as pl

from renshe.city.lives import Lives, some
from renshe.city.shape import month_of
from renshe.city.standing import names


def resident_accounts(life: Lives) -> pl.DataFrame:
    """The table `resident_accounts` of a range: everybody in the resident scheme, and those who died in it."""
    chance, rules, city = life.chance("resident_accounts"), life.rule("resident_accounts"), life.city
    schemes = [city.shape.population["standing"].get(name, {}).get("scheme") == "resident" for name in names(city)]
    row = np.flatnonzero(np.array(schemes)[life.standing.number])
    gone = life.tables["pensions"].filter(pl.col("scheme") == "resident")["person"].to_numpy() - life.people.first
    row = np.union1d(row, gone)
    start = month_of(city.shape.population["pensions"]["resident_since"])
    since = np.maximum(life.people.birth[row] + 18 * 12, start)
    until = np.minimum(life.people.birth[row] + 60 * 12, np.where(life.people.died[row] >= 0, life.people.died[row], city.as_of))
    years = np.maximum((until - since) // 12, 0) * chance.integers(5, 11, row.size) // 10
    payment = chance.choice(np.array(rules["grades_yuan"]) * 100, row.size, p=np.array(rules["of_grade"]) / 100)
    collective = np.where(chance.random(row.size) < rules["collective"] / 100, 20000, 0)
    return pl.DataFrame({
        "person": life.person(row), "years": years.astype(np.int32),
        "balance": (years * (payment + 6000) * (1 + 0.015 * years)).astype(np.int32), "payment": payment.astype(np.int32),
        "collective": collective.astype(np.int32), "back_payment": chance.random(row.size) < rules["back_payment"] / 100,
    })


def ties(life: Lives) -> pl.DataFrame:
    """The table `ties` of a range: people with rights in both schemes, or in another place."""
    chance, rules = life.chance("ties"), life.rule("ties")
    accounts = life.tables["resident_accounts"]["person"].to_numpy() - life.people.first
    both = accounts[life.months[accounts] > 0]
    moved = some(chance, np.setdiff1d(np.flatnonzero(life.months > 0), both), rules["moved"])
    row = np.union1d(both, moved)
    elsewhere = np.where(np.isin(row, moved) | (chance.random(row.size) < 0.2), chance.integers(6, 200, row.size), 0)
    double = np.where(np.isin(row, both) & (chance.random(row.size) < rules["double"] / 100), chance.integers(1, 25, row.size), 0)
    return pl.DataFrame({
        "person": life.person(row), "at_home": chance.random(row.size) < rules["at_home"] / 100,
        "months_elsewhere": elsewhere.astype(np.int32), "double_months": double.astype(np.int32),
    })


def personal_pensions(life: Lives) -> pl.DataFrame:
    """The table `personal_pensions` of a range."""
    chance, rules = life.chance("personal_pensions"), life.rule("personal_pensions")
    row = some(chance, life.of("enterprise", "institution", "civil", "flexible"), rules["of_employed"])
    paid = chance.integers(0, 13, row.size) * 100_000
    draws = chance.random(row.size) < 0.03
    return pl.DataFrame({
        "person": life.person(row), "paid_this_year": np.where(draws, 0, paid).astype(np.int32),
        "planned": np.where(draws, 0, chance.integers(0, 6, row.size) * 100_000).astype(np.int32),
        "withdrawal": np.where(draws, chance.integers(1, 30, row.size) * 10_000, 0).astype(np.int32),
    })


def occupational_accounts(life: Lives) -> pl.DataFrame:
    """The table `occupational_accounts` of a range: staff of public bodies."""
    chance, began = life.chance("occupational_accounts"), month_of("2014-10")
    row = life.of("civil", "institution")
    months = np.maximum(life.city.as_of - np.maximum(life.work.entered[row], began), 0)
    worth = life.wage(row) * 12 // 100 * months * chance.integers(70, 100, row.size) // 100
    return pl.DataFrame({"person": life.person(row), "occupational_balance": worth.astype(np.int32)})
