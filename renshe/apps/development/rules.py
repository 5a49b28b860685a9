"""How points are given, weighed and put in order; how firm the order is. Exact, no Django."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from renshe.apps.development.terms import Dimension

FULL = Fraction(10) ** 2  # points of a measure at its goal
STEP = Fraction(10)  # by how much a dimension's weight is moved when the order is tried
FEW = 10  # a share of fewer than so many is chance
JUMP_DAYS, JUMP_FEWEST_DAYS = 3, 8  # the last days of a period, and how many days must be on record to judge them
SHRINK = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator in a dimension: no points at `worst`, full points at `best` (which may be the smaller)."""

    key: str
    weight: Fraction
    worst: Decimal
    best: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """The weights of the dimensions and the measures of each, as they stand on a day."""

    weights: Mapping[Dimension, Fraction]
    measures: Mapping[Dimension, tuple[Measure, ...]]


@dataclass(frozen=True, slots=True)
class MeasureScore:
    """A measure's value and its points; None where there is no figure."""

    measure: Measure
    value: Decimal | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A dimension's points: its measures weighed, those without a figure left out."""

    dimension: Dimension
    measures: tuple[MeasureScore, ...]
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Composite:
    """The whole: dimensions weighed, those without points left out, and how much of the full weight has points."""

    dimensions: tuple[DimensionScore, ...]
    total: Fraction | None
    covered: Fraction


@dataclass(frozen=True, slots=True)
class Swing:
    """What moving one dimension's weight by ten points, up or down, does to the order."""

    dimension: Dimension
    by: Fraction
    moved: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a division ranks when weights are drawn at random: best, worst, and how often at its rank of today."""

    best: int
    worst: int
    kept: Fraction


def points(value: Decimal, worst: Decimal, best: Decimal) -> Fraction:
    """0 to 100, in a straight line from worst to best, cut off at both ends."""
    share = (Fraction(value) - Fraction(worst)) / (Fraction(best) - Fraction(worst))
    return min(max(share, Fraction(0)), Fraction(1)) * FULL


def _weighed(pairs: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    known = [(weight, score) for weight, score in pairs if score is not None and weight > 0]
    whole = sum((weight for weight, _ in known), Fraction(0))
    return sum((weight * score for weight, score in known), Fraction(0)) / whole if whole else None


def composite(scheme: Scheme, values: Mapping[str, Decimal]) -> Composite:
    """The index of one division from its figures by indicator."""
    found = []
    for dimension, measures in scheme.measures.items():
        scored = tuple(
            MeasureScore(one, values.get(one.key), points(values[one.key], one.worst, one.best) if one.key in values else None)
            for one in measures
        )
        found.append(DimensionScore(dimension, scored, _weighed([(one.measure.weight, one.points) for one in scored])))
    whole = sum(scheme.weights.values(), Fraction(0))
    covered = sum((scheme.weights[one.dimension] for one in found if one.points is not None), Fraction(0))
    total = _weighed([(scheme.weights[one.dimension], one.points) for one in found])
    return Composite(tuple(found), total, covered / whole if whole else Fraction(0))


def ranks(totals: Mapping[str, Fraction | None]) -> dict[str, int]:
    """1 for the highest; equal totals share a rank; whoever has no total has none."""
    order = sorted((total for total in totals.values() if total is not None), reverse=True)
    return {name: order.index(total) + 1 for name, total in totals.items() if total is not None}


def _ranks_under(weights: Mapping[Dimension, Fraction], scores: Mapping[str, Composite]) -> dict[str, int]:
    return ranks({
        name: _weighed([(weights[row.dimension], row.points) for row in one.dimensions]) for name, one in scores.items()
    })


def swings(scheme: Scheme, scores: Mapping[str, Composite]) -> list[Swing]:
    """Each dimension's weight ten points up and ten down, the others in proportion: who changes rank."""
    now, found = _ranks_under(scheme.weights, scores), []
    whole = sum(scheme.weights.values(), Fraction(0))
    for dimension, weight in scheme.weights.items():
        for by in (STEP, -STEP):
            share = min(max(weight / whole * FULL + by, Fraction(0)), FULL)
            rest = whole - weight
            tried = {
                one: share if one is dimension else (own / rest if rest else Fraction(0)) * (FULL - share)
                for one, own in scheme.weights.items()
            }
            then = _ranks_under(tried, scores)
            found.append(Swing(dimension, by, {name: (now[name], then[name]) for name in now if now[name] != then.get(name, now[name])}))
    return found


def spreads(scheme: Scheme, scores: Mapping[str, Composite], *, tries: int, seed: int = 1) -> dict[str, Spread]:
    """Ranks under weights drawn evenly from all possible ones, the same draw every time (in floats: only the order counts)."""
    now, dice = _ranks_under(scheme.weights, scores), random.Random(seed)
    seen: dict[str, list[int]] = {name: [] for name in now}
    held = {name: [(at, float(row.points)) for at, row in enumerate(scores[name].dimensions) if row.points is not None] for name in now}
    for _ in range(tries):
        parts = [dice.expovariate(1) for _ in scheme.weights]  # in proportion, every set of weights is as likely
        totals = {
            name: sum(parts[at] * score for at, score in pairs) / sum(parts[at] for at, _ in pairs) for name, pairs in held.items()
        }
        order = sorted(totals.values(), reverse=True)
        for name, total in totals.items():
            seen[name].append(order.index(total) + 1)
    return {
        name: Spread(min(places), max(places), Fraction(sum(place == now[name] for place in places), len(places)))
        for name, places in seen.items() if places
    }


def jumps_at_the_end(days: Sequence[Decimal]) -> bool:
    """Whether more than half of all movement of a period fell on its last three days on record."""
    steps = [abs(after - before) for before, after in pairwise(days)]
    if len(days) < JUMP_FEWEST_DAYS or not sum(steps):
        return False
    return sum(steps[-JUMP_DAYS:]) * 2 > sum(steps)


def shrinks(before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal], *, more_is_better: bool) -> bool:
    """Whether a share (numerator, denominator) got better only because fewer were counted."""
    (part, whole), (new_part, new_whole) = before, after
    if not whole or not new_whole or Fraction(new_whole) >= Fraction(whole) * SHRINK:
        return False
    old, new = Fraction(part) / Fraction(whole), Fraction(new_part) / Fraction(new_whole)
    return new > old and new_part <= part if more_is_better else new < old and new_whole - new_part <= whole - part


def rests_on_few(denominator: Decimal | None) -> bool:
    """Whether a share rests on so few that chance decides."""
    return denominator is not None and denominator < FEW
