"""Makes one range of the city: every table's rows of its persons. Ranges need nothing of each other."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from renshe.city import (
    cards,
    disputes,
    employers,
    holdings,
    injured,
    jobs,
    pensioners,
    schooling,
    sites,
    talents,
    turns,
    unemployed,
)
from renshe.city.careers import Careers, careers
from renshe.city.contributions import Paid, monthly, paid
from renshe.city.dice import Array, dice
from renshe.city.faults import Planting
from renshe.city.lives import Lives
from renshe.city.residents import Residents, residents
from renshe.city.shape import City
from renshe.city.standing import ADULT, CHILD, DEAD, ELSEWHERE, GROUPS, Standings, names, standings

CLAIMS = (  # in this order: some are drawn from those before
    unemployed.unemployments, injured.injuries, injured.gig_injuries, injured.hires, injured.injury_only, turns.certificates,
    turns.deaths, holdings.resident_accounts, holdings.ties, turns.certifications, holdings.personal_pensions, turns.transitions,
    holdings.occupational_accounts, turns.incapacities, turns.retirement_choices, turns.land_losses, turns.frauds,
)
TABLES = (  # made range by range
    "persons", "contributions", "spells", "pensions", "custody", "cards", "talents", "students", "rosters", "attendance",
    *(made.__name__ for made in CLAIMS),
)
WHOLE = ("schools", "sites", "disputes")  # made once; `employers` and what they file once all ranges are there
EMPLOYERS = ("employers", "employer_years", "filings", "annuity_plans", "prices")
UNEMPLOYMENT = ("institution", "enterprise")
INJURY = ("civil", "institution", "enterprise", "gig", "gig_resident", "site_worker")
OUTSIDE = ("student", CHILD, ELSEWHERE, DEAD)  # not bound to be insured here


@dataclass
class Made:
    """One range: what its people are and did, the rows of every table, which faults were planted."""

    people: Residents
    work: Careers
    rows: Paid
    tables: dict[str, pl.DataFrame]
    answers: pl.DataFrame


def make(city: City, first: int, last: int) -> Made:
    """The range of the persons `first` to `last` (excluded)."""
    people = residents(city, first, last)
    standing = standings(city, people)
    planting = Planting(dice(city.seed, "faults", first))
    filed = pensioners.filed_births(city, people, standing, planting)
    work = careers(city, people, standing)
    rows = paid(city, people, standing, work)
    pensions, custody = pensioners.pensions(city, people, standing, work, filed, planting)
    roster, attendance = sites.on_site(city, people, standing, planting)
    spells = jobs.spells(city, people, work, rows, planting)
    tables = {
        "persons": persons(city, people, standing, work, pensions),
        "contributions": monthly(people, rows),
        "spells": spells,
        "pensions": pensions,
        "custody": custody,
        "cards": cards.cards(city, people),
        "talents": talents.talents(city, people, standing),
        "students": schooling.students(city, people, standing),
        "rosters": roster,
        "attendance": attendance,
    }
    life = Lives(city, people, standing, work, rows, tables)
    for table in CLAIMS:
        tables[table.__name__] = table(life)
    return Made(people, work, rows, tables, planting.answers)


def make_whole(city: City) -> tuple[dict[str, pl.DataFrame], list[pl.DataFrame]]:
    """The tables that are no person's; and which faults were planted among them."""
    return {
        "schools": schooling.schools(city), "sites": sites.table(city), "disputes": disputes.disputes(city),
    }, [sites.sites(city)[1], jobs.without_contracts(city)[1]]


def employers_table(city: City, staff: pl.DataFrame, identifiers: Array | None = None) -> pl.DataFrame:
    """The table `employers`, with how many work for each (`employer`, `len`) and their identifiers in the register."""
    every, lines = employers.employers(city), employers.industries()
    counted = np.zeros(every.size, np.int32)
    counted[staff["employer"].to_numpy()] = staff["len"].to_numpy()
    return pl.DataFrame({
        "employer": np.arange(every.size, dtype=np.int32), "id": np.zeros(every.size, np.int64) if identifiers is None else identifiers,
        "kind": pl.Series(employers.CODES)[every.kind], "industry": pl.Series([line[1] for line in lines])[every.trade],
        "county": every.county, "township": every.township,
        "risk_class": np.array([line[4] for line in lines], np.int8)[every.trade], "employees": counted,
    })


def persons(
    city: City, people: Residents, standing: Standings, work: Careers, pensions: pl.DataFrame
) -> pl.DataFrame:
    """The table `persons` of a range."""
    every = names(city)
    schemes = [city.shape.population["standing"].get(name, {}).get("scheme") for name in every]
    employer = np.full(people.size, -1, np.int32)
    running = work.now & ~work.own
    employer[work.person[running]] = work.employer[running]
    retired = np.full(people.size, -1, np.int32)
    drawing = pensions.filter(pl.col("scheme") == "employee")
    retired[drawing["person"].to_numpy() - people.first] = drawing["since"].to_numpy()
    unemployment, injury = _covered(city, people, standing)
    return pl.DataFrame({
        "person": np.arange(people.first, people.first + people.size, dtype=np.int32),
        "id": np.zeros(people.size, np.int64),
        "birth_month": people.birth, "sex": people.sex, "retire_group": pl.Series(GROUPS)[standing.group],
        "county": people.county, "township": people.township, "household": people.household,
        "work_start_month": _or_empty(work.worked_from), "died_month": _or_empty(people.died),
        "retired_month": _or_empty(retired), "status": pl.Series(every)[standing.number],
        "scheme": pl.Series(schemes, dtype=pl.String)[standing.number], "employer": _or_empty(employer),
        "statutory": ~np.isin(standing.number, [every.index(name) for name in OUTSIDE]),
        "unemployment": unemployment, "injury": injury,
    })


def _covered(city: City, people: Residents, standing: Standings) -> tuple[Array, Array]:
    """Who is insured against unemployment, and against injury: employees, and some trainees and retired people at work."""
    chance, every = dice(city.seed, "covered", people.first), names(city)
    unemployment = np.isin(standing.number, [every.index(name) for name in UNEMPLOYMENT])
    injury = np.isin(standing.number, [every.index(name) for name in INJURY])
    years = people.age(city.as_of) // 12
    for name, wan in city.shape.population["injury_only"].items():
        pool = np.flatnonzero((standing.number == every.index(name)) & (years >= ADULT) & (years < 70))
        injury[chance.choice(pool, min(pool.size, city.share(wan, people.first, people.first + people.size)), replace=False)] = True
    return unemployment, injury


def _or_empty(numbers: Array) -> pl.Series:
    """Numbers with -1 for none, as a column that may be empty."""
    return pl.Series(numbers).replace(-1, None)
