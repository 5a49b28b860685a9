"""What employers declare and owe, what they did last year, who has an annuity plan; and how prices rose."""

import numpy as np
import polars as pl

from renshe.city.dice import dice
from renshe.city.lives import month_end, or_empty
from renshe.city.shape import City

LARGE = 300  # staff


def tables(city: City, staff: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables of employers with staff (`employer`, `len`, `payroll` in fen a month), and `prices`."""
    known = staff.sort("employer")
    return {
        "employer_years": employer_years(city, known), "filings": filings(city, known), "annuity_plans": annuity_plans(city, known),
        "prices": prices(city),
    }


def employer_years(city: City, staff: pl.DataFrame) -> pl.DataFrame:
    """The table `employer_years`."""
    chance, rules = dice(city.seed, "employer_years"), city.shape.population["claims"]["employer_years"]
    count, payroll = staff["len"].to_numpy().astype(np.int64), staff["payroll"].to_numpy()
    heads = np.maximum(np.rint(count * chance.uniform(0.9, 1.15, count.size)).astype(np.int64), 1)
    whole = chance.random(count.size) < rules["paid_in_full"] / 100
    laid = np.minimum(chance.binomial(heads, rules["laid_off"] / 100 * np.exp(chance.normal(0, 0.8, count.size)).clip(0, 8)), heads)
    return pl.DataFrame({
        "employer": staff["employer"], "size": np.where(heads >= LARGE, "large", "small"), "premiums": payroll * 12 // 100,
        "paid_months": np.where(whole, 12, chance.integers(1, 12, count.size)).astype(np.int32),
        "headcount": heads.astype(np.int32), "laid_off": laid.astype(np.int32),
    })


def filings(city: City, staff: pl.DataFrame) -> pl.DataFrame:
    """The table `filings`: last month's declaration, what is owed, whether an order to pay was given and obeyed."""
    chance, rules = dice(city.seed, "filings"), city.shape.population["claims"]["filings"]
    size, payroll = staff.height, staff["payroll"].to_numpy()
    declared = chance.random(size) >= rules["undeclared"] / 100
    owes = ~declared | (chance.random(size) < rules["in_arrears"] / 100)
    end, premium = month_end(city.as_of), payroll * 3 // 10
    days = np.where(owes, chance.integers(1, 400, size), 0)
    ordered = owes & (days > 30) & (chance.random(size) < rules["ordered"] / 100)
    return pl.DataFrame({
        "employer": staff["employer"], "float_factor": chance.choice([500, 800, 1000, 1200, 1500], size, p=[0.1, 0.2, 0.6, 0.07, 0.03]).astype(np.int32),
        "declared": declared, "last_premium": premium, "month_end": np.full(size, end, np.int32),
        "paid_on": or_empty(np.where(owes, -1, end - chance.integers(-25, 10, size))),
        "owed": np.where(owes, premium * chance.integers(10, 101, size) // 100, 0), "owed_days": days.astype(np.int32),
        "ordered": ordered, "paid_in_term": ordered & (chance.random(size) < 0.6),
    })


def annuity_plans(city: City, staff: pl.DataFrame) -> pl.DataFrame:
    """The table `annuity_plans`: a few of the larger employers."""
    chance, rules = dice(city.seed, "annuity_plans"), city.shape.population["claims"]["annuity_plans"]
    large = staff.filter(pl.col("len") >= rules["least_staff"])
    chosen = large.filter(pl.Series(chance.random(large.height) < rules["of_large"] / 100))
    size, wages = chosen.height, chosen["payroll"].to_numpy() * 12
    unit, person = wages * chance.integers(20, 90, size) // 1000, wages * chance.integers(10, 45, size) // 1000
    average = np.maximum(unit // np.maximum(chosen["len"].to_numpy(), 1), 1)
    return pl.DataFrame({
        "employer": chosen["employer"], "in_basic_pension": chance.random(size) < 0.98, "agreed": chance.random(size) < 0.97,
        "yearly_wages": wages, "unit_paid": unit, "person_paid": person,
        "highest_share": average * chance.integers(10, 65, size) // 10, "average_share": average,
        "vesting_months": chance.choice([12, 36, 60, 96, 120], size).astype(np.int32),
    })


def prices(city: City) -> pl.DataFrame:
    """The table `prices`: two years of monthly rises, made up."""
    chance, months = dice(city.seed, "prices"), np.arange(city.as_of - 23, city.as_of + 1)
    cpi = np.rint(chance.normal(8, 6, months.size)).astype(np.int32)
    return pl.DataFrame({
        "month": months.astype(np.int32), "cpi_rise": cpi, "food_rise": np.rint(cpi * 1.6 + chance.normal(0, 8, months.size)).astype(np.int32),
        "scpi_rise": np.rint(cpi * 1.1 + chance.normal(0, 2, months.size)).astype(np.int32),
    })
