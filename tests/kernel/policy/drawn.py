"""Draws inputs for any policy from what it declares: its units, ranges, choices and defaults."""


from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import strategies as st

from renshe.kernel.policy.engine.door import BOUNDS
from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.lines import FRACTIONAL
from renshe.kernel.policy.engine.policy import Policy

LIKELY = {  # where people and amounts really lie, so that most rows have something to say
    "fen": (0, 5_000_000), "count": (0, 300), "months": (0, 600), "age": (480, 960), "month": (23000, 24600),
    "days": (0, 900), "day": (727564, 739950),
}
YEARS = (1990, 2030)


def likely(declared: Input) -> tuple[int, int]:
    low, high = LIKELY[declared.unit.key]
    if declared.unit.key == "count" and "year" in declared.name:
        low, high = YEARS
    if declared.least is not None:
        low = max(low, int(declared.least))
        high = max(high, low + 5)
    if declared.most is not None:
        high = min(high, int(declared.most))
        low = min(low, high)
    return low, high


def an_item(declared: Input) -> st.SearchStrategy[Any]:
    """An exact value the policy accepts, mostly likely, sometimes far out."""
    unit = declared.unit.key
    if declared.choices:
        return st.sampled_from(list(declared.choices))
    if unit == "bool":
        return st.booleans()
    if unit == "text":
        return st.sampled_from(["", "甲", "A1"])
    if unit in FRACTIONAL:
        low = Fraction(declared.least) if declared.least is not None else Fraction(0)
        high = Fraction(declared.most) if declared.most is not None else max(Fraction(60), low + 1)
        return st.decimals(
            min_value=float(low), max_value=float(high), places=4, allow_nan=False, allow_infinity=False
        ).map(Fraction).filter(lambda number: low <= number <= high)
    low, high = likely(declared)
    far_low, far_high = BOUNDS[unit]
    if declared.least is not None:
        far_low = int(declared.least)
    far_high = int(declared.most) if declared.most is not None else far_high * (100 if unit == "fen" else 1)
    edges = [edge for edge in (far_low, far_high) if far_low <= edge <= far_high]
    return st.one_of(st.integers(low, high), st.integers(low, high), st.integers(low, high), st.sampled_from(edges))


def a_value(declared: Input) -> st.SearchStrategy[Any]:
    if not declared.many:
        return an_item(declared)
    if declared.fields:
        item = st.tuples(*(an_item(field) for field in declared.fields.values()))
    else:
        item = an_item(declared)
    return st.lists(item, max_size=6)


def rows(policy: Policy, *, most: int = 25) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of exact inputs; what is None is not given."""
    row = st.fixed_dictionaries({
        name: st.one_of(*[a_value(one)] * 5, st.none()) for name, one in policy.inputs.items()
    })
    return st.lists(row, min_size=1, max_size=most)


def as_text(policy: Policy, row: dict[str, Any]) -> dict[str, object]:
    """A row as the public contract takes it."""
    found: dict[str, object] = {}
    for name, value in row.items():
        declared = policy.inputs[name]
        if value is None:
            continue
        if declared.fields:
            found[name] = [
                {field.name: field.unit.write(part) for field, part in zip(declared.fields.values(), item, strict=True)}
                for item in value
            ]
        else:
            found[name] = [declared.unit.write(item) for item in value] if declared.many else declared.unit.write(value)
    return found


def as_frame(policy: Policy, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a city's frame holds them."""
    series = []
    for name, declared in policy.inputs.items():
        values = [row[name] for row in rows]
        if declared.unit.key in FRACTIONAL:
            pairs = [None if one is None else {"top": Fraction(one).numerator, "bottom": Fraction(one).denominator} for one in values]
            series.append(pl.Series(name, pairs, dtype=pl.Struct({"top": pl.Int64, "bottom": pl.Int64})))
        else:
            dtype = {"bool": pl.Boolean(), "text": pl.String()}.get(declared.unit.key, pl.Int64())
            series.append(pl.Series(name, values, dtype=dtype))
    return pl.DataFrame(series) if series else pl.DataFrame({"nothing": [0] * len(rows)})


