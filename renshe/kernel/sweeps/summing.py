"""What a sweep gave, counted: for whom, how many meet the conditions, what is known, what it comes to."""

from typing import Any

import polars as pl
from django.conf import settings

from renshe.kernel.common.steps import step
from renshe.kernel.sweeps.facts import Ready

MOST_OF_EMPLOYER = 10_000_000_000  # fen: the most that one employer's premium or refund comes to
HELD_BACK = ("refused", "known")
MOST_FEN = 100_000_000  # no amount paid to one person is more: a person stays inside a tenth of a step


def most_fen(counted_in: str) -> int:
    """The most that one of those counted (人, 家, 件) adds to a sum. Counts that make up a whole with others are held back:
    whoever knows that they add up would find more in their steps than each tells."""
    return MOST_OF_EMPLOYER if counted_in == "家" else MOST_FEN


def entitled(one: Ready) -> pl.Expr | None:
    """All conditions met; null while one is not known and none fails. None for a policy without conditions."""
    return pl.all_horizontal(*one.conditions) if one.conditions else None


def summed(one: Ready, found: pl.DataFrame) -> dict[str, Any]:
    """The counts of one range: `{"asked", "entitled", "refused", "undecided", "outputs": {name: {"known", "true", "sum"}}}`."""
    counted: dict[str, Any] = {"asked": found.height, "entitled": None, "refused": None, "undecided": 0, "outputs": {}}
    test = entitled(one)
    if test is not None and found.height:
        met = found.select(met=test)["met"]
        counted["entitled"], counted["undecided"] = int(met.sum() or 0), met.null_count()
        counted["refused"] = found.height - counted["entitled"] - counted["undecided"]
    units = {rule.name: rule.unit.key for rule in one.policy.rules}
    for name in one.outputs if found.height else ():
        column = found[name]
        line: dict[str, int] = {"known": len(column) - column.null_count()}
        if units[name] == "bool":
            line["true"] = int(column.sum() or 0)
        elif units[name] == "fen":
            line["sum"] = int(column.sum() or 0)
        counted["outputs"][name] = line
    return counted


def told(totals: dict[str, Any], most: int = MOST_FEN) -> dict[str, Any]:
    """A summary by its steps: counts as spans; sums only of so many people that nobody stands out, on a step of their own.
    `most`: the most that one person (or employer) adds to a sum."""
    small, made = settings.RENSHE_SMALL_CELL, dict[str, Any]()
    for name, value in totals.items():
        if isinstance(value, dict):
            made[name] = told(value, most)
        elif name == "us":
            made[name] = value  # the time it took tells of nobody
        elif value is not None and name not in HELD_BACK:
            made[name] = step(value, small, most if name == "sum" else 1)
        else:
            made[name] = None
    return made


def added(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two summaries as one: numbers add up, what one lacks the other has."""
    made = dict(one)
    for name, value in other.items():
        before = made.get(name)
        if isinstance(value, dict):
            made[name] = added(before or {}, value)
        elif before is None or value is None:
            made[name] = value if before is None else before
        else:
            made[name] = before + value
    return made
