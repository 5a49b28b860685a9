"""Who lost work and claimed: how long and how much they drew by the law then, who worked again, who drew on regardless."""

from functools import cache

import numpy as np
import polars as pl

from renshe.city.dice import Array
from renshe.city.lives import Lives, day, or_empty, some
from renshe.city.shape import City, day_of
from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import Fen
from renshe.kernel.policy.registry import policy

WITHIN = 60  # months: claims before are not kept here


def unemployments(life: Lives) -> pl.DataFrame:
    """The table `unemployments` of a range: the jobless of today, and breaks in work of the last years."""
    chance, rules = life.chance("unemployments"), life.rule("unemployments")
    work, now = life.work, life.city.as_of
    today = life.of("jobless")
    today = life.last[today[life.last[today] >= 0]]
    follows = np.flatnonzero((work.person[:-1] == work.person[1:]) & (work.start[1:] > work.until[:-1] + 1) & ~work.own[:-1])
    follows = some(chance, follows[work.until[follows] > now - WITHIN], rules["breaks_claimed"])
    spell = np.sort(np.r_[today, follows])
    back = np.where(np.isin(spell, follows), work.start[np.minimum(spell + 1, work.start.size - 1)], -1)
    row, lost = work.person[spell], np.minimum(work.until[spell], now)
    paid = np.minimum(work.until[spell] - work.start[spell], 720)
    own_will, registered = (chance.random(row.size) < rules[name] / 100 for name in ("own_will", "registered"))
    refused = chance.random(row.size) < rules["refused"] / 100
    draws = ~own_will & registered & ~refused & (paid >= 12) & (lost < now)
    unused = np.where(chance.random(row.size) < rules["came_with_unused"] / 100, chance.integers(1, 15, row.size), 0)
    most = _granted(life, paid, np.maximum(life.standing.retires[row] - lost, 0))
    ends = np.where(back >= 0, back, now + 1)
    on = (back >= 0) & (chance.random(row.size) < rules["drew_on_at_work"] / 100)
    months = np.minimum(np.minimum(most, ends - lost - 1 + on * chance.integers(1, 4, row.size)), now - lost)
    draws &= months > 0
    return pl.DataFrame({
        "person": life.person(row), "lost_on": day(chance, lost), "by_own_will": own_will, "registered": registered,
        "enlisted": chance.random(row.size) < 0.001, "emigrated": chance.random(row.size) < 0.001, "refused": refused,
        "premium_months": paid.astype(np.int32), "unused_months": unused.astype(np.int32),
        "amount": or_empty(np.where(draws, _amounts(life.city, life.people.county[row]), -1)),
        "drawn_from": or_empty(np.where(draws, lost + 1, -1)), "drawn_months": or_empty(np.where(draws, months, -1)),
        "new_job": or_empty(back),
    }).sort("person", "lost_on")


def _granted(life: Lives, paid: Array, left: Array) -> Array:
    """How many months the law gives for so many paid, so many months before the age of retirement."""
    law = policy("unemployment_months").law(day_of(life.city.as_of), "330800")
    frame = pl.DataFrame({"paid_months": paid.astype(np.int64), "months_to_statutory": np.minimum(left, 720).astype(np.int64)})
    made = columns(law, frame.lazy(), on=day_of(life.city.as_of), wanted=["months"]).collect()
    return made["months"].fill_null(0).to_numpy()


@cache
def _amount(city: City, county: int) -> int:
    on = day_of(city.as_of)
    found = evaluate(policy("unemployment_amount"), {"date": on.isoformat(), "months": 12}, on=on, place=str(county)).outputs.get("amount")
    return int(Fen.read(found)) if found is not None else 0  # type: ignore[call-overload]


def _amounts(city: City, county: Array) -> Array:
    """The monthly benefit by county (fen)."""
    found = np.zeros(county.size, np.int64)
    for one in np.unique(county):
        found[county == one] = _amount(city, int(one))
    return found
