"""Steps: all that an outsider is told of a count or a sum, so that nobody is found behind a small one."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """From the least to the most a number can be, as far as an outsider can know."""

    low: Decimal
    high: Decimal

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)


NAUGHT = Span(Decimal(0), Decimal(0))


def step(value: int | Decimal, small: int, grain: int = 1) -> Span:
    """The step a number lies on: `small` wide for counts, `small` times the most that one record adds for sums."""
    width = Decimal(small * grain)
    low = (Decimal(value) / width).to_integral_value(ROUND_FLOOR) * width
    return Span(low, low + width - 1 if grain == 1 else low + width)
