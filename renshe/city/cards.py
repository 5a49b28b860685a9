"""Who holds a social-security card."""

import numpy as np
import polars as pl

from renshe.city.dice import dice
from renshe.city.residents import Residents
from renshe.city.shape import City

ACTIVE, LOST, CANCELLED = "1", "2", "9"
FIRST_CARDS = 2012 * 12


def cards(city: City, people: Residents) -> pl.DataFrame:
    """The table `cards` of a range: as many active as the city has; some lost; those of the dead cancelled."""
    chance = dice(city.seed, "cards", people.first)
    last = people.first + people.size
    totals = city.shape.totals
    alive = np.flatnonzero(people.died < 0)
    active = chance.choice(alive, min(alive.size, city.share(totals["cards"].value, people.first, last)), replace=False)
    state = np.where(people.died < 0, LOST, CANCELLED)
    state[active] = ACTIVE
    issued = np.maximum(people.birth + 1, FIRST_CARDS) + chance.integers(0, 90, people.size)
    electronic = np.zeros(people.size, bool)
    share = totals["cards"].value * totals["electronic_cards"].value / 100
    electronic[chance.choice(active, min(active.size, city.share(share, people.first, last)), replace=False)] = True
    return pl.DataFrame({
        "person": np.arange(people.first, last, dtype=np.int32), "state": state,
        "issued_month": np.minimum(issued, city.as_of).astype(np.int32), "electronic": electronic,
    })
