"""Makes one range of the city: every table's rows of its persons. Ranges need nothing of each other."""

import numpy as np
import polars as pl

from renshe.city.careers import Careers, careers
from renshe.city.contributions import monthly, paid
from renshe.city.residents import Residents, residents
from renshe.city.shape import City
from renshe.city.standing import GROUPS, Standings, names, standings

TABLES = ("persons", "contributions")  # made range by range, in this order


def make(city: City, first: int, last: int) -> dict[str, pl.DataFrame]:
    """The rows of the persons `first` to `last` (excluded), by table."""
    people = residents(city, first, last)
    standing = standings(city, people)
    work = careers(city, people, standing)
    return {
        "persons": _persons(city, people, standing, work),
        "contributions": monthly(people, paid(city, people, standing, work)),
    }


def _persons(city: City, people: Residents, standing: Standings, work: Careers) -> pl.DataFrame:
    every = names(city)
    schemes = [city.shape.population["standing"].get(name, {}).get("scheme") for name in every]
    number = pl.Series(standing.number)
    retired = np.where(standing.number == every.index("retired"), standing.retires, -1)
    return pl.DataFrame({
        "person": np.arange(people.first, people.first + people.size, dtype=np.int32),
        "id": np.zeros(people.size, np.int64),
        "birth_month": people.birth,
        "sex": people.sex,
        "retire_group": pl.Series(GROUPS)[standing.group],
        "county": people.county,
        "township": people.township,
        "household": people.household,
        "work_start_month": _or_empty(work.worked_from),
        "died_month": _or_empty(people.died),
        "retired_month": _or_empty(retired.astype(np.int32)),
        "status": pl.Series(every)[number],
        "scheme": pl.Series(schemes, dtype=pl.String)[number],
        "employer": pl.Series([None] * people.size, dtype=pl.Int32),
    })


def _or_empty(months: np.ndarray) -> pl.Series:
    """Months with -1 for none, as a column that may be empty."""
    return pl.Series(months).replace(-1, None)
