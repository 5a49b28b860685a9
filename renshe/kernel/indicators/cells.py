"""What a figure tells those who may not see the records behind it. Pure.

A cell is what one county (or what lies in none) counts in one period. Of a cell an outsider is told only the step it lies on,
ten wide by default; everything else that is told, the city's sum, a share, a mean, follows from the steps of its cells and
from nothing more. So whatever an outsider puts together, every number on a cell's step remains possible.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from renshe.kernel.common.steps import NAUGHT, Span, step
from renshe.kernel.indicators.declaration import SIXTH, Indicator, Parts

NOTHING = Parts(0)


def told(one: Indicator, leaves: Mapping[str, Parts], counties: Mapping[str, str], city: str, small: int) -> dict[str, Span | None]:
    """What is told of every county and of the city; None where it tells too little to be shown.

    `leaves` are the cells: counties by code, and under the city's own code what lies in no county.
    """
    parts = {code: leaves.get(code, NOTHING) for code in {*counties, city}}
    above = {code: step(cell.numerator, small, one.grain[0]) for code, cell in parts.items()}
    if not one.is_share:
        return {**{code: above[code] for code in counties}, city: _sum(above.values())}
    below = {code: _below(one, cell, above[code], small) for code, cell in parts.items()}
    spans = {code: _divided(one, above[code], below[code]) for code in counties}
    return {**spans, city: _divided(one, _sum(above.values()), _sum(below.values()))}


def is_small(one: Indicator, parts: Parts, small: int) -> bool:
    """Whether a count, or what a share is made of, is of so few that it may not be passed on."""
    counts = [parts.numerator] if parts.denominator is None else [parts.numerator, parts.denominator]
    return any(grain == 1 and 0 < count < small for count, grain in zip(counts, one.grain, strict=False))


def _below(one: Indicator, cell: Parts, above: Span, small: int) -> Span:
    """The denominator: on its own step, or as the sum of two cells where the other part is a figure of its own."""
    denominator = cell.denominator or 0
    if one.rest_is_told:
        return above + step(denominator - cell.numerator, small)
    return step(denominator, small, one.grain[1])


def _sum(spans: Iterable[Span]) -> Span:
    return sum(spans, NAUGHT)


def _divided(one: Indicator, above: Span, below: Span) -> Span | None:
    """A share or a mean from the steps of its parts; None while the denominator may be nought, or when half the scale is open."""
    if below.low <= 0:
        return None
    low, high = one.per * above.low / below.high, one.per * above.high / below.low
    if one.grain == (1, 1):
        high = min(high, Decimal(one.per))
        if high - low > Decimal(one.per) / 2:
            return None
    elif high > 2 * low:
        return None
    return Span(low.quantize(SIXTH, ROUND_FLOOR), high.quantize(SIXTH, ROUND_HALF_UP))
