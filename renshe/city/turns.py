"""Turns of people's lives that a right hangs on: skill, the choice of a day to retire, incapacity, land taken, death, deceit."""

import numpy as np
import polars as pl

from renshe.city.lives import Lives, day, or_empty, some
from renshe.city.shape import month_of

LEVELS = {"5": "junior", "4": "middle", "3": "senior"}
REFORM = ("2014-10", "2024-10")  # retirements that old and new rule are compared for
NEAR = 36  # months on both sides of the statutory month within which one may choose


def certificates(life: Lives) -> pl.DataFrame:
    """The table `certificates` of a range: skill certificates of last year and this."""
    chance, rules, now = life.chance("certificates"), life.rule("certificates"), life.city.as_of
    held = life.tables["talents"].filter(pl.col("skill").is_in(list(LEVELS)), pl.col("year") >= now // 12 - 1)
    month = np.minimum(held["year"].to_numpy().astype(np.int64) * 12 + chance.integers(0, 12, held.height), now)
    applied = month + np.minimum(chance.geometric(0.2, held.height), 18)
    applied = np.where((chance.random(held.height) < rules["applied"] / 100) & (applied <= now), applied, -1)
    return pl.DataFrame({
        "person": held["person"], "certified_month": month.astype(np.int32),
        "level": held["skill"].replace_strict(LEVELS, return_dtype=pl.String), "applied_month": or_empty(applied),
        "times_this_year": chance.choice(4, held.height, p=[0.85, 0.1, 0.03, 0.02]).astype(np.int32),
        "level_claimed": chance.random(held.height) < rules["claimed_before"] / 100,
    })


def deaths(life: Lives) -> pl.DataFrame:
    """The table `deaths` of a range."""
    chance = life.chance("deaths")
    row = np.flatnonzero(life.people.died >= 0)
    return pl.DataFrame({
        "person": life.person(row), "died_on": day(chance, life.people.died[row]), "other_funeral": chance.random(row.size) < 0.02,
    })


def certifications(life: Lives) -> pl.DataFrame:
    """The table `certifications` of a range: when pensioners were last seen to be alive."""
    chance, now = life.chance("certifications"), life.city.as_of
    drawing = life.tables["pensions"]
    row = drawing["person"].to_numpy() - life.people.first
    died = life.people.died[row]
    seen = np.maximum(np.where(died >= 0, died, now) - chance.geometric(0.17, row.size), drawing["since"].to_numpy())
    return pl.DataFrame({
        "person": drawing["person"], "last_month": seen.astype(np.int32),
        "proof_of_life": (died < 0) & (chance.random(row.size) < life.rule("certifications")["seen_otherwise"] / 100),
    })


def transitions(life: Lives) -> pl.DataFrame:
    """The table `transitions` of a range: those who retired from public bodies in the ten years of transition."""
    chance, rules = life.chance("transitions"), life.rule("transitions")
    low, high = (month_of(one) for one in REFORM)
    drawing = life.tables["pensions"].filter(pl.col("scheme") == "employee", pl.col("since").is_between(low, high - 1))
    drawing = drawing.filter(pl.Series(chance.random(drawing.height) < rules["of_retired"] / 100, dtype=pl.Boolean))
    new = (drawing["amount"].to_numpy() * chance.uniform(0.85, 1.35, drawing.height)).astype(np.int32)
    return pl.DataFrame({
        "person": drawing["person"], "retire_month": drawing["since"], "by_old": drawing["amount"], "by_new": new,
    })


def incapacities(life: Lives) -> pl.DataFrame:
    """The table `incapacities` of a range: whose ability to work was appraised for illness."""
    chance, rules = life.chance("incapacities"), life.rule("incapacities")
    row = some(chance, life.of("enterprise", "flexible", "paused"), rules["of_insured"])
    return pl.DataFrame({
        "person": life.person(row), "appraised_month": (life.city.as_of - chance.integers(0, 24, row.size)).astype(np.int32),
        "full_loss": chance.random(row.size) < rules["full"] / 100,
    })


def retirement_choices(life: Lives) -> pl.DataFrame:
    """The table `retirement_choices` of a range: people near the statutory month who have said when they will go."""
    chance, rules, now = life.chance("retirement_choices"), life.rule("retirement_choices"), life.city.as_of
    pool = life.of("enterprise", "institution", "civil", "flexible", "paused")
    left = life.standing.retires[pool] - now
    row = some(chance, pool[(left > 0) & (left <= NEAR)], rules["of_near"])
    apart = np.where(chance.random(row.size) < 0.7, 0, chance.integers(-NEAR - 2, NEAR + 3, row.size))
    chosen = np.maximum(life.standing.retires[row] + apart, now)
    return pl.DataFrame({
        "person": life.person(row), "chosen_month": chosen.astype(np.int32),
        "told_month": np.minimum(chosen - chance.integers(0, 8, row.size), now).astype(np.int32),
    })


def land_losses(life: Lives) -> pl.DataFrame:
    """The table `land_losses` of a range: peasants whose land was taken, and the money due for them."""
    chance, rules = life.chance("land_losses"), life.rule("land_losses")
    row = some(chance, life.of("resident_payer", "resident_pensioner", "flexible"), rules["of_residents"])
    notice = day(chance, life.city.as_of - chance.integers(0, 48, row.size))
    required = chance.integers(40_000, 90_000, row.size) * 100
    short = chance.random(row.size) < rules["short"] / 100
    arrived = np.where(short, required * chance.integers(30, 100, row.size) // 100, required)
    paid = np.where(chance.random(row.size) < rules["unpaid"] / 100, -1, notice + chance.integers(20, 140, row.size))
    return pl.DataFrame({
        "person": life.person(row), "on_list": chance.random(row.size) < 0.98, "notice_on": notice, "paid_on": or_empty(paid),
        "required": required.astype(np.int32), "arrived": np.where(paid < 0, 0, arrived).astype(np.int32),
        "government_part": (required * chance.integers(48, 62, row.size) // 100).astype(np.int32),
    })


def frauds(life: Lives) -> pl.DataFrame:
    """The table `frauds` of a range: pensions drawn after a death on purpose, some of it got back."""
    chance, rules = life.chance("frauds"), life.rule("frauds")
    drawn = life.tables["pensions"]
    died = life.people.died[drawn["person"].to_numpy() - life.people.first]
    over = np.flatnonzero((died >= 0) & (died < drawn["paid_until"].to_numpy()))
    over = some(chance, over, rules["of_overpaid"], 1)
    amount = (drawn["amount"].to_numpy() * (drawn["paid_until"].to_numpy() - died))[over].astype(np.int64)
    back = chance.choice([0, 50, 100], over.size, p=[0.3, 0.3, 0.4])
    return pl.DataFrame({
        "person": drawn["person"][over], "amount": amount.astype(np.int32), "recovered": (amount * back // 100).astype(np.int32),
    })
