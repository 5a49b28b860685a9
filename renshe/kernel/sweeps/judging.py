"""A law over a frame of facts: who it is asked for, and what comes out. Counties whose law differs are judged apart."""

import datetime
from collections.abc import Callable

import polars as pl

from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.engine.lines import FRACTIONAL
from renshe.kernel.policy.engine.policy import Entered, Law, Policy
from renshe.kernel.sweeps.facts import Reading, Ready, column_of

KEY = "§key "


def laws(policy: Policy, on: datetime.date, counties: list[int], entered: Callable[[str], Entered]) -> list[tuple[Law, list[int]]]:
    """The laws in force in these counties, each with the counties where it holds."""
    found: dict[object, tuple[Law, list[int]]] = {}
    for county in counties:
        place = str(county)
        law = policy.law(on, place, entered(place))
        same = (
            tuple((name, str(one.value)) for name, one in sorted(law.values.items())),
            tuple((name, tuple((day, one and str(one.value)) for day, one in line)) for name, line in sorted(law.timelines.items())),
            tuple((name, id(one)) for name, one in sorted(law.tables.items())), tuple(sorted(law.missing)),
        )
        found.setdefault(same, (law, []))[1].append(county)
    return list(found.values())


def judged(one: Ready, facts: pl.DataFrame, on: datetime.date, entered: Callable[[str], Entered]) -> pl.DataFrame:
    """The key and the outputs of a policy for those it is asked for."""
    asked = facts.filter(one.swept.among)
    if one.swept.folded:
        return asked.select(*one.key, *(_folded(one, read) for read in one.swept.folded))
    parts = laws(one.policy, on, asked["county"].unique().sort().to_list(), entered)
    made = [
        _under(law, one, asked if len(parts) == 1 else asked.filter(pl.col("county").is_in(counties)), on)
        for law, counties in parts
    ]
    if not made:
        return asked.select(one.key)
    return made[0] if len(made) == 1 else pl.concat(made).sort(one.key)


def _folded(one: Ready, read: Reading) -> pl.Expr:
    """An output where the fold has left it, in the form that judging would give it."""
    unit = next(rule.unit.key for rule in one.policy.rules if rule.name == read.input)
    column = pl.col(read.column).cast(pl.Int64)
    if unit not in FRACTIONAL:
        return column.alias(read.input)
    return pl.when(column.is_not_null()).then(
        pl.struct(column.alias("top"), pl.lit(read.over, pl.Int64).alias("bottom"))
    ).alias(read.input)


def _under(law: Law, one: Ready, asked: pl.DataFrame, on: datetime.date) -> pl.DataFrame:
    declared = law.policy.inputs
    given = [column_of(declared[name], read, on) for name, read in one.reads.items() if read.column or name != law.policy.dated_by]
    keys = {name: f"{KEY}{name}" for name in one.key}  # an input or an output may have the key's name
    frame = asked.select(*(pl.col(name).alias(held) for name, held in keys.items()), *given)
    made = columns(law, frame, on=on, wanted=one.outputs)
    return made.select(*(pl.col(held).alias(name) for name, held in keys.items()), *one.outputs)
