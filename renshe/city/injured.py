"""Who was hurt at work: claims of employees, of gig workers; who is insured against injury alone; who was hired and when declared."""

import numpy as np
import polars as pl

from renshe.city.dice import Array
from renshe.city.lives import Lives, day, or_empty, some
from renshe.city.standing import DEAD

WITHIN = 36  # months of claims
GRADES = (0.45, 0.002, 0.003, 0.004, 0.006, 0.01, 0.015, 0.03, 0.06, 0.12, 0.30)  # none, 1 .. 10
FATAL_AGE = 65 * 12


def injuries(life: Lives) -> pl.DataFrame:
    """The table `injuries` of a range: one row a claim; some were hurt again, some died of it."""
    chance, rules, now = life.chance("injuries"), life.rule("injuries"), life.city.as_of
    work = life.work
    at_work = np.flatnonzero(work.now & ~work.own & (work.start < now - 2))
    spell = some(chance, at_work, rules["of_staff"])
    spell = np.sort(np.r_[spell, some(chance, spell, rules["again"])])
    dead = life.of(DEAD)
    last = life.last[dead]
    at_death = (last >= 0) & (work.employer[last] >= 0) & (work.until[last] >= life.people.died[dead])
    young = dead[at_death & (life.people.died[dead] - life.people.birth[dead] < FATAL_AGE)]
    fatal = life.last[some(chance, young, rules["of_young_dead"], 1)]
    died = np.r_[np.full(spell.size, -1), life.people.died[work.person[fatal]]]
    spell = np.r_[spell, fatal].astype(np.int64)
    row, size = work.person[spell], spell.size
    low = np.maximum(work.start[spell], now - WITHIN)
    high = np.where(died >= 0, died, now)
    month = np.where(died >= 0, np.maximum(died - chance.integers(0, 3, size), work.start[spell]), low + (chance.random(size) * (high - low)).astype(np.int64))
    injured = day(chance, month)
    frame = pl.DataFrame({
        "person": life.person(row), "injured_on": injured, "employer": work.employer[spell].astype(np.int32),
        **_claimed(chance, rules, injured, day(chance, work.start[spell]), died), **_assessed(chance, died),
        "own_wage": np.minimum(life.rows.wage[spell], 100_000_000).astype(np.int32),
        **_after(chance, died, month, life.rows.wage[spell]),
    })
    return frame.unique(["person", "injured_on"], keep="first", maintain_order=True).sort("person", "injured_on")


def _claimed(chance: np.random.Generator, rules: dict, injured: Array, listed: Array, died: Array) -> dict[str, object]:  # type: ignore[type-arg]
    """Who applied when, whether the employer had insured the worker, what excludes a claim."""
    size = injured.size
    insured = ~np.isin(np.arange(size), np.r_[
        some(chance, np.flatnonzero(died < 0), rules["uninsured"]), some(chance, np.flatnonzero(died >= 0), rules["uninsured"], 1),
    ])
    late = chance.random(size) < rules["applied_late"] / 100
    after = np.where(late, chance.integers(31, 420, size), chance.integers(0, 30, size))
    by_employer = chance.random(size) < np.where(late, 0.3, 0.95)
    fate = chance.random(size)
    return {
        "insured": insured, "list_received": or_empty(np.where(insured, np.minimum(listed, injured - 1), -1)),
        "applied_on": (injured + after).astype(np.int32), "applicant": np.where(by_employer, "employer", "person"),
        "work_caused": chance.random(size) < 0.96, "crime": fate < 0.002, "drunk": (fate >= 0.002) & (fate < 0.01),
        "self_harm": (fate >= 0.01) & (fate < 0.012),
    }


def _assessed(chance: np.random.Generator, died: Array) -> dict[str, object]:
    """Grades of disability; the dead have none, and none is none."""
    grade = chance.choice(11, died.size, p=GRADES)
    grade[(died >= 0) | (grade == 0)] = -1
    return {
        "grade": or_empty(grade).cast(pl.Int8), "needs_care": (grade >= 1) & (grade <= 4),
        "stays": (grade < 7) | (chance.random(died.size) < 0.7),
        "given_work": (grade >= 5) & (grade <= 6) & (chance.random(died.size) < 0.5),
    }


def _after(chance: np.random.Generator, died: Array, month: Array, wage: Array) -> dict[str, object]:
    """Time off, days in hospital, death, what dependants get."""
    size, gone = died.size, died >= 0
    rest = np.where(gone, 0, np.minimum(chance.geometric(0.3, size), 20))
    survived = np.isin(np.arange(size), some(chance, np.flatnonzero(gone), 85, 1))
    age = np.where(survived, chance.integers(3, 75, size), -1)
    return {
        "stop_work_months": rest.astype(np.int32), "extension_confirmed": (rest > 12) & (chance.random(size) < 0.8),
        "hospital_days": np.minimum(chance.geometric(0.06, size), 300).astype(np.int32),
        "died_on": or_empty(np.where(gone, day(chance, np.maximum(died, month)), -1)), "in_stop_work": gone,
        "wants_lump": chance.random(size) < 0.5, "survivor_age": or_empty(age),
        "survivor_monthly": or_empty(np.where(age >= 0, wage * 3 // 10, -1)),
    }


def gig_injuries(life: Lives) -> pl.DataFrame:
    """The table `gig_injuries` of a range."""
    chance, rules, now = life.chance("gig_injuries"), life.rule("injuries"), life.city.as_of
    row = some(chance, life.of("gig", "gig_resident"), rules["of_gig"])
    grade = chance.choice(11, row.size, p=GRADES)
    return pl.DataFrame({
        "person": life.person(row), "injured_on": day(chance, now - chance.integers(0, 18, row.size)),
        "order_kind": chance.choice(["ride", "delivery", "freight"], row.size, p=[0.3, 0.55, 0.15]),
        "orders": chance.integers(20, 1800, row.size).astype(np.int32), "platform_joined": chance.random(row.size) < 0.85,
        "on_order": chance.random(row.size) < 0.92, "grade": or_empty(np.where(grade == 0, -1, grade)).cast(pl.Int8),
    }, schema_overrides={"order_kind": pl.String})


def hires(life: Lives) -> pl.DataFrame:
    """The table `hires` of a range: whoever began with an employer in the last year, and when that was declared."""
    chance, rules, now = life.chance("hires"), life.rule("hires"), life.city.as_of
    spells = life.tables["spells"].filter(pl.col("start") > now - 12, pl.col("employer").is_not_null())
    row, start = spells["person"].to_numpy() - life.people.first, spells["start"].to_numpy()
    late = chance.random(row.size) < rules["declared_late"] / 100
    hired = day(chance, start)
    return pl.DataFrame({
        "person": life.person(row), "hired_on": hired,
        "declared_on": (hired + np.where(late, chance.integers(31, 200, row.size), chance.integers(0, 31, row.size))).astype(np.int32),
        "employer": spells["employer"], "kind": pl.Series(["employee"] * row.size, dtype=pl.String),
    }).sort("person", "hired_on")


def injury_only(life: Lives) -> pl.DataFrame:
    """The table `injury_only` of a range: trainees, people at work past the age of retirement, gig workers."""
    chance, now = life.chance("injury_only"), life.city.as_of
    covered = life.tables["persons"]["injury"].to_numpy()
    parts = [(rows[covered[rows]], kind) for rows, kind in (
        (life.of("student"), "intern"), (life.of("retired"), "overage"), (life.of("gig", "gig_resident"), "gig"),
    )]
    row = np.concatenate([rows for rows, _ in parts])
    kind = np.repeat([kind for _, kind in parts], [rows.size for rows, _ in parts])
    return pl.DataFrame({
        "person": life.person(row), "person_class": pl.Series(kind, dtype=pl.String),
        "hired_month": (now - chance.integers(0, 24, row.size)).astype(np.int32),
        "pay": (chance.integers(220, 700, row.size) * 1000).astype(np.int32), "risk_class": chance.integers(1, 7, row.size).astype(np.int8),
        "labour_relation": chance.random(row.size) < 0.02,
    }).sort("person")
