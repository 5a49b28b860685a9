"""Points of the yearly sheet: weight times what was reached of the year's goal, never below nought nor above the weight."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
FULL = Decimal(100)  # marks of a yearly sheet: indicators and works together


def score(points: Decimal, progress: Fraction | None) -> Decimal:
    """The points earned, to the cent, half up; nothing reported earns nothing."""
    if progress is None:
        return Decimal("0.00")
    part = min(max(progress, Fraction(0)), Fraction(1))
    earned = Fraction(points) * part
    return (Decimal(earned.numerator) / Decimal(earned.denominator)).quantize(CENT, ROUND_HALF_UP)


def even(total: Decimal, count: int) -> list[Decimal]:
    """A total split evenly to the cent; the last takes what rounding leaves."""
    if not count:
        return []
    each = (total / count).quantize(CENT, ROUND_HALF_UP)
    return [*[each] * (count - 1), total - each * (count - 1)]


def percent(progress: Fraction | None) -> str:
    """`0.853` -> `85.3%`; empty when there is nothing to show."""
    if progress is None:
        return ""
    value = Decimal(progress.numerator * 100) / Decimal(progress.denominator)
    return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
