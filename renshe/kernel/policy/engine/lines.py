"""Lines of exact arithmetic in plain Python: every number is a numerator and a denominator.

Denominators are worked out while writing and are mostly constants, so a premium costs a multiplication, an addition and
a floor division, and is exact.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from renshe.kernel.policy.engine.rounding import Rounding
from renshe.kernel.policy.engine.units import Exact

FRACTIONAL = {"ratio", "number", "years"}  # units whose values are fractions inside; all others are whole


@dataclass(frozen=True)
class Pair:
    """Source text of a numerator and a denominator; the denominator is an int while it is known.

    `is_positive` says that the numerator can only be greater than zero, as rates and wages of the law are.
    """

    top: str
    bottom: int | str = 1
    is_positive: bool = False


def times(left: int | str, right: int | str) -> int | str:
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if left == 1:
        return right
    return left if right == 1 else f"({left}*{right})"


def scaled(top: str, factor: int | str) -> str:
    return top if factor == 1 else f"({top}*{factor})"


def constant(value: Exact) -> Pair:
    """A value written into the code."""
    if isinstance(value, Fraction):
        return Pair(repr(value.numerator), value.denominator)
    return Pair(repr(value))


def opened(variable: str, fractional: bool) -> Pair:
    """A variable of the function; one of a fractional unit comes as a Fraction."""
    return Pair(f"{variable}.numerator", f"{variable}.denominator") if fractional else Pair(variable)


class Lines:
    """The lines of one function; every sub-expression becomes a variable, so nothing is written twice."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.written: dict[int, Pair] = {}
        self.indent = ""
        self._variables = 0

    def line(self, source: str) -> None:
        self.lines.append(self.indent + source)

    def fresh(self) -> str:
        self._variables += 1
        return f"t{self._variables}"

    def variable(self, source: str) -> str:
        name = self.fresh()
        self.line(f"{name} = {source}")
        return name

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines under a head; what is worked out inside is not known outside."""
        self.line(head)
        outer, self.written, self.indent = self.written, dict(self.written), self.indent + "    "
        yield
        self.written, self.indent = outer, self.indent[:-4]

    def common(self, one: Pair, other: Pair) -> tuple[Pair, Pair]:
        """Two pairs over the same denominator."""
        if one.bottom == other.bottom:
            return one, other
        if isinstance(one.bottom, int) and isinstance(other.bottom, int):
            bottom = lcm(one.bottom, other.bottom)
            return (
                Pair(scaled(one.top, bottom // one.bottom), bottom),
                Pair(scaled(other.top, bottom // other.bottom), bottom),
            )
        product = times(one.bottom, other.bottom)
        return Pair(scaled(one.top, other.bottom), product), Pair(scaled(other.top, one.bottom), product)

    def arithmetic(self, operator: str, left: Pair, right: Pair) -> Pair:
        if operator in "+-":
            one, other = self.common(left, right)
            return Pair(self.variable(f"{one.top} {operator} {other.top}"), one.bottom)
        if operator == "*":
            return Pair(self.variable(f"{left.top}*{right.top}"), times(left.bottom, right.bottom))
        if operator == "%":
            one, other = self.common(left, right)
            return Pair(self.variable(f"{one.top} % {other.top}"), one.bottom)
        over, under = scaled(left.top, right.bottom), scaled(right.top, left.bottom)
        if operator == "//":
            return Pair(self.variable(f"{over}//{under}"))
        if right.top.isdigit() and right.top != "0":
            return Pair(self.variable(over), times(left.bottom, int(right.top)))
        if right.is_positive:
            return Pair(over, under if under.isidentifier() else self.variable(under))
        bottom = self.variable(f"{under} or _zero()")
        top = self.variable(f"{over} if {bottom} > 0 else -({over})")
        return Pair(top, self.variable(f"abs({bottom})"))

    def rounded(self, pair: Pair, rounding: Rounding) -> Pair:
        """Integers only: half up is floor of (2n+d)/2d, up is the negated floor of the negative."""
        scale, step = 10 ** max(rounding.places, 0), 10 ** max(-rounding.places, 0)
        top, bottom = scaled(pair.top, scale), times(pair.bottom, step)
        if rounding.way == "half_up":
            source = f"(2*{top} + {bottom})//(2*{bottom})"
        elif rounding.way == "up":
            source = f"-(-{top}//{bottom})"
        else:
            source = f"{top}//{bottom}"
        return Pair(self.variable(scaled(f"({source})", step)), scale)

    def boxed(self, pair: Pair) -> str:
        """A pair as one Python value."""
        return pair.top if pair.bottom == 1 else f"_fraction({pair.top}, {pair.bottom})"

    def read(self, values: Iterable[Exact], source: str) -> Pair:
        """A look-up: all values of a table or a timeline over one denominator."""
        fractions = [value for value in values if isinstance(value, Fraction)]
        if not fractions:
            return Pair(self.variable(source))
        bottom = lcm(*(value.denominator for value in fractions))
        return Pair(self.variable(f"int({source}*{bottom})"), bottom)
