"""A year and more of the bureau's cases: mediation, arbitration, inspection; closed and settled at the plan's rates."""

import numpy as np
import polars as pl

from renshe.city.dice import dice
from renshe.city.employers import employers
from renshe.city.shape import City

RATES = {"arbitration": "arbitration_rate", "inspection": "inspection_rate"}


def disputes(city: City) -> pl.DataFrame:
    """The table `disputes`: the cases opened in the last full year."""
    chance, every = dice(city.seed, "disputes"), employers(city)
    year = city.as_of // 12 - 1
    frames = []
    for kind, wan in city.shape.population["disputes"].items():
        count = max(20, round(city.of(wan)))
        opened = year * 12 + chance.integers(0, 12, count)
        closed = opened + chance.integers(1, 4, count)
        settled = np.zeros(count, bool)
        if kind in RATES:
            open_still = chance.permutation(count)[: round(count * (1 - city.shape.totals[RATES[kind]].value / 100))]
            closed[open_still] = -1
        else:
            settled[chance.permutation(count)[: round(count * city.shape.totals["mediation_rate"].value / 100)]] = True
        employer = chance.choice(every.size, count, p=every.weight / every.weight.sum())
        frames.append(pl.DataFrame({
            "kind": [kind] * count, "county": every.county[employer], "employer": employer.astype(np.int32),
            "opened_month": opened.astype(np.int32), "closed_month": pl.Series(closed.astype(np.int32)).replace(-1, None),
            "settled": settled,
        }))
    return pl.concat(frames).with_row_index("dispute").cast({"dispute": pl.Int32})
