"""A plain interpreter of formulas: slow, short and obvious. Explanations use it; the fast targets are held to it."""

import bisect
import datetime
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from renshe.kernel.policy.engine.compile import breaks
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.rounding import Rounding
from renshe.kernel.policy.engine.tree import (
    Applied,
    Arithmetic,
    At,
    Comparison,
    Constant,
    Element,
    Extreme,
    Field,
    Fold,
    Logic,
    Lookup,
    MonthOf,
    Name,
    Node,
    Rounded,
    When,
)
from renshe.kernel.policy.engine.units import Datum, month_index

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, other: one + other, "-": lambda one, other: one - other, "*": lambda one, other: one * other,
    "/": lambda one, other: Fraction(one) / other, "//": lambda one, other: one // other,
    "%": lambda one, other: one % other,
}
COMPARISON: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other, "<=": lambda one, other: one <= other, ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other, "==": lambda one, other: one == other, "!=": lambda one, other: one != other,
}


def round_exact(value: Fraction, rounding: Rounding) -> Fraction:
    """A fraction rounded as the law says."""
    scale = Fraction(10) ** rounding.places
    number = value * scale
    if rounding.way == "half_up":
        whole = (2 * number.numerator + number.denominator) // (2 * number.denominator)
    else:
        whole = -(-number // 1) if rounding.way == "up" else number // 1
    return whole / scale


class Interpreter:
    """The value of any expression of a law, given the values of its names. Numbers are ints or Fractions."""

    def __init__(self, law: Law, known: Mapping[str, Datum]) -> None:
        self.law, self.known = law, known
        self.bound: dict[int, Any] = {}
        self.folded: dict[tuple[Any, ...], Any] = {}  # by fold and what is bound around it: reckoned once
        self._breaks: dict[tuple[str, str], list[int]] = {}

    def value(self, node: Node) -> Any:
        match node:
            case Constant(value):
                return value
            case Field(element, name):
                return self._field(element, name)
            case Arithmetic(operator, left, right):
                return ARITHMETIC[operator](self.value(left), self.value(right))
            case Comparison(operator, left, right):
                return COMPARISON[operator](self.value(left), self.value(right))
            case Name(name):
                return self.known[name] if name in self.known else self.law.values[name].value
            case Element():
                return self.bound[id(node)]
            case At(parameter, _, _):
                found = self.law.timelines[parameter][self.place(node)][1]
                assert found is not None
                return found.value
            case Lookup(table, key):
                return self.law.tables[table].rows[_key(self.value(key))]
            case Logic("not", (part,)):
                return not self.value(part)
            case Logic(operator, parts):
                return (all if operator == "and" else any)(self.value(part) for part in parts)
            case When(condition, then, otherwise):
                return self.value(then if self.value(condition) else otherwise)
            case Extreme(which, parts):
                return (min if which == "least" else max)(self.value(part) for part in parts)
            case Rounded(part, rounding):
                return round_exact(Fraction(self.value(part)), rounding)
            case MonthOf(day):
                return month_index(datetime.date.fromordinal(int(self.value(day))))
            case Applied(_, function, parts):
                return function(*(self.value(part) for part in parts))
            case Fold():
                asked = (id(node), *self.bound.values())
                if asked not in self.folded:
                    self.folded[asked] = self._folded(node)
                return self.folded[asked]
        raise TypeError(type(node).__name__)

    def place(self, node: At) -> int:
        """Which entry of its timeline a dated value is; the last one for a key before the first (-1)."""
        asked = node.parameter, node.by
        if asked not in self._breaks:
            self._breaks[asked] = breaks(self.law.timelines[node.parameter], node.by)
        return bisect.bisect_right(self._breaks[asked], self.value(node.key)) - 1

    def items(self, node: Fold) -> list[Any]:
        assert isinstance(node.items, Name)
        found = self.known[node.items.name]
        assert isinstance(found, list)
        return found

    def visits(self, node: Fold) -> Iterator[Any]:
        """The result of each item in turn, while its symbols are bound."""
        outer = self.bound
        state = {} if node.state is None or node.start is None else {id(node.state): self.value(node.start)}
        try:
            for item in self.items(node):
                self.bound = {**outer, **state, id(node.item): item}
                result = self.value(node.body)
                yield result
                state = dict.fromkeys(state, result)
        finally:
            self.bound = outer

    def _folded(self, node: Fold) -> Any:
        results = list(self.visits(node))
        if node.kind == "each":
            return results
        if node.kind == "total":
            return sum(results)
        if not results:
            assert node.start is not None
            return self.value(node.start)
        return results[-1] if node.kind == "running" else (max if node.kind == "largest" else min)(results)

    def _field(self, element: Element, name: str) -> Any:
        assert isinstance(element.of, Name)
        return self.bound[id(element)][list(self.law.policy.inputs[element.of.name].fields).index(name)]


def _key(value: Any) -> Any:
    return int(value) if isinstance(value, Fraction) else value
