"""Titles, skills and the kinds of talent the plan counts."""

import numpy as np
import polars as pl

from renshe.city.dice import Array, dice, draw
from renshe.city.residents import Residents
from renshe.city.shape import City
from renshe.city.standing import Standings, names

# Where each kind is found: likelihood by standing.
FOUND = {
    "professional": {"institution": 9, "enterprise": 3, "civil": 0.4, "flexible": 0.5},
    "skilled": {"enterprise": 6, "flexible": 3, "site_worker": 3, "gig": 2, "gig_resident": 2, "paused": 1, "jobless": 2},
    "manager": {"enterprise": 3, "flexible": 3}, "party": {"civil": 9},
    "rural": {"resident_payer": 4, "flexible": 3, "paused": 1}, "postdoc": {"institution": 1},
}
HIGH_GRADES = {"3": 0.80, "2": 0.16, "1": 0.04}
LOW_GRADES = {"5": 0.55, "4": 0.45}
SENIOR = {"1": 0.12, "2": 0.88}
JUNIOR = {"4": 0.75, "5": 0.25}
RATIO = (8, 27, 65)  # senior, middle, junior among those with a title (table 1, item 10)


def talents(city: City, people: Residents, standing: Standings) -> pl.DataFrame:
    """The table `talents` of a range."""
    chance = dice(city.seed, "talents", people.first)
    every, last, totals = names(city), people.first + people.size, city.shape.totals
    talent, title, skill = (np.full(people.size, "", dtype="U12") for _ in range(3))
    free = np.ones(people.size, bool)

    def some(kind: str, wan: float, open_to: Array) -> Array:
        likely = np.array([FOUND[kind].get(name, 0) for name in every])[standing.number] * open_to
        return draw(chance, likely, city.share(wan, people.first, last))

    professionals = some("professional", totals["professionals"].value, free)
    talent[professionals], free[professionals] = "professional", False
    _titles(city, chance, title, professionals, people.first, last)
    skilled = some("skilled", totals["skilled"].value, free)
    high = chance.permutation(skilled)[: city.share(totals["highly_skilled"].value, people.first, last)]
    skill[skilled] = chance.choice(list(LOW_GRADES), skilled.size, p=list(LOW_GRADES.values()))
    skill[high] = chance.choice(list(HIGH_GRADES), high.size, p=list(HIGH_GRADES.values()))
    talent[high], free[high] = "skilled", False
    postdocs = some("postdoc", totals["postdocs"].value / 10_000, free)
    talent[postdocs], free[postdocs] = "postdoc", False
    others = city.shape.population["talents"]
    rest = totals["talent"].value - totals["professionals"].value - totals["highly_skilled"].value - totals["postdocs"].value / 10_000
    for kind, wan in others.items():
        chosen = some(kind, rest * wan / sum(others.values()), free)
        talent[chosen], free[chosen] = kind, False
    who = np.flatnonzero((talent != "") | (skill != ""))
    year = city.as_of // 12 - chance.integers(0, 25, who.size)
    year[np.isin(who, postdocs)] = city.as_of // 12
    words = {name: pl.Series(column[who]).replace("", None) for name, column in
             (("talent", talent), ("title", title), ("skill", skill))}
    return pl.DataFrame({"person": (who + people.first).astype(np.int32), **words, "year": year.astype(np.int16)})


def _titles(city: City, chance: np.random.Generator, title: Array, professionals: Array, first: int, last: int) -> None:
    """Titles of professional staff: senior as many as the plan counts, middle and junior in its ratio, some without. In place."""
    senior = city.shape.totals["senior_titles"].value
    counts = [city.share(senior * part / RATIO[0], first, last) for part in RATIO]
    shuffled = chance.permutation(professionals)
    cut = np.cumsum([0, *counts])
    for at, grades in enumerate((SENIOR, {"3": 1.0}, JUNIOR)):
        chosen = shuffled[cut[at] : cut[at + 1]]
        title[chosen] = chance.choice(list(grades), chosen.size, p=list(grades.values()))
