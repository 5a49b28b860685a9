"""A law over a frame of facts: who it is asked for, and what comes out. Counties whose law differs are judged apart."""

import datetime
from collections.abc import Callable

import polars as pl

from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.engine.policy import Entered, Law, Policy
from renshe.kernel.sweeps.facts import Ready, column_of


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


def judged(
    one: Ready, facts: pl.DataFrame, on: datetime.date, entered: Callable[[str], Entered], policy: Policy | None = None
) -> pl.DataFrame:
    """`person` and the outputs of a policy for those it is asked for. `policy` stands in for the policy's own (a draft)."""
    asked = facts.filter(one.swept.among)
    law_of = policy or one.policy
    parts = laws(law_of, on, asked["county"].unique().sort().to_list(), entered)
    made = [
        _under(law, one, asked if len(parts) == 1 else asked.filter(pl.col("county").is_in(counties)), on)
        for law, counties in parts
    ]
    if not made:
        return pl.DataFrame(schema={"person": pl.Int32})
    return made[0] if len(made) == 1 else pl.concat(made).sort("person")


def _under(law: Law, one: Ready, asked: pl.DataFrame, on: datetime.date) -> pl.DataFrame:
    declared = law.policy.inputs
    given = [column_of(declared[name], read, on) for name, read in one.reads.items() if read.column or name != law.policy.dated_by]
    frame = asked.lazy().select("person", *given)
    return columns(law, frame, on=on, wanted=one.outputs).select("person", *one.outputs).collect()
