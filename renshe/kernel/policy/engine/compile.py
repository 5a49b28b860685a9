"""From trees to one plain Python function over integers.

Each expression is a numerator and a denominator worked out while compiling; denominators are mostly constants, so a
premium costs a multiplication, an addition and a floor division, and is exact. Rounding is ours, declared by the rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.rule import Rounding
from renshe.kernel.policy.engine.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Extreme,
    Logic,
    Lookup,
    Name,
    Node,
    When,
    names,
)
from renshe.kernel.policy.engine.units import BadInput, Exact


@dataclass(frozen=True)
class Pair:
    """Source text of a numerator and a denominator; the denominator is an int while it is known."""

    top: str
    bottom: int | str = 1


def _times(left: int | str, right: int | str) -> int | str:
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if left == 1:
        return right
    return left if right == 1 else f"({left}*{right})"


def _scaled(top: str, factor: int | str) -> str:
    return top if factor == 1 else f"({top}*{factor})"


class Writer:
    """Writes the lines of one function; every sub-expression becomes a variable, so nothing is written twice."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.lines: list[str] = []
        self.known: dict[str, Pair] = {}
        self.written: dict[int, Pair] = {}

    def variable(self, source: str) -> str:
        name = f"t{len(self.lines)}"
        self.lines.append(f"{name} = {source}")
        return name

    def constant(self, value: Exact) -> Pair:
        if isinstance(value, Fraction):
            return Pair(repr(value.numerator), value.denominator)
        return Pair(repr(value))

    def expression(self, node: Node) -> Pair:
        """The value of an expression; a shared sub-expression is written once, or deep reuse would double each level."""
        if id(node) not in self.written:
            self.written[id(node)] = self._written(node)
        return self.written[id(node)]

    def _written(self, node: Node) -> Pair:
        match node:
            case Constant(value):
                return self.constant(value)
            case Name(name):
                return self.known[name]
            case Lookup(table, key):
                top = self.expression(key).top
                rows = self.law.tables[table].rows
                if all(isinstance(value, int) for value in rows.values()):
                    return Pair(self.variable(f"_row({table!r}, {top})"))
                bottom = lcm(*(Fraction(value).denominator for value in rows.values()))
                return Pair(self.variable(f"int(_row({table!r}, {top})*{bottom})"), bottom)
            case Arithmetic(operator, left, right):
                return self.arithmetic(operator, self.expression(left), self.expression(right))
            case Comparison(operator, left, right):
                one, other = self.common(self.expression(left), self.expression(right))
                return Pair(self.variable(f"{one.top} {operator} {other.top}"))
            case Logic("not", (part,)):
                return Pair(self.variable(f"not {self.expression(part).top}"))
            case Logic(operator, parts):
                return Pair(self.variable(f" {operator} ".join(self.expression(part).top for part in parts)))
            case When(condition, then, otherwise):
                test = self.expression(condition).top
                one, other = self.expression(then), self.expression(otherwise)
                if isinstance(one.bottom, int) and isinstance(other.bottom, int):
                    one, other = self.common(one, other)
                    return Pair(self.variable(f"{one.top} if {test} else {other.top}"), one.bottom)
                # A divisor of the branch not taken may be zero: the branches keep their own denominators.
                return Pair(
                    self.variable(f"{one.top} if {test} else {other.top}"),
                    self.variable(f"{one.bottom} if {test} else {other.bottom}"),
                )
            case Extreme(which, parts):
                chosen = self.expression(parts[0])
                for part in parts[1:]:
                    one, other = self.common(chosen, self.expression(part))
                    sign = "<=" if which == "least" else ">="
                    chosen = Pair(
                        self.variable(f"{one.top} if {one.top} {sign} {other.top} else {other.top}"), one.bottom
                    )
                return chosen
        raise TypeError(f"cannot compile {type(node).__name__}")

    def common(self, one: Pair, other: Pair) -> tuple[Pair, Pair]:
        """Two pairs over the same denominator."""
        if one.bottom == other.bottom:
            return one, other
        bottom = _times(one.bottom, other.bottom)
        return Pair(_scaled(one.top, other.bottom), bottom), Pair(_scaled(other.top, one.bottom), bottom)

    def arithmetic(self, operator: str, left: Pair, right: Pair) -> Pair:
        if operator in "+-":
            one, other = self.common(left, right)
            return Pair(self.variable(f"{one.top} {operator} {other.top}"), one.bottom)
        if operator == "*":
            return Pair(self.variable(f"{left.top}*{right.top}"), _times(left.bottom, right.bottom))
        over, under = _scaled(left.top, right.bottom), _scaled(right.top, left.bottom)
        if operator == "//":
            return Pair(self.variable(f"{over}//{under}"))
        if operator == "%":
            one, other = self.common(left, right)
            return Pair(self.variable(f"{one.top} % {other.top}"), one.bottom)
        if right.top.isdigit() and right.top != "0":
            return Pair(self.variable(over), _times(left.bottom, int(right.top)))
        bottom = self.variable(under)
        top = self.variable(f"{over} if {bottom} > 0 else -({over})")
        return Pair(top, self.variable(f"abs({bottom})"))

    def rounded(self, pair: Pair, rounding: Rounding) -> Pair:
        """Integers only: half up is floor of (2n+d)/2d, up is the negated floor of the negative."""
        scale, step = 10 ** max(rounding.places, 0), 10 ** max(-rounding.places, 0)
        top, bottom = _scaled(pair.top, scale), _times(pair.bottom, step)
        if rounding.way == "half_up":
            source = f"(2*{top} + {bottom})//(2*{bottom})"
        elif rounding.way == "up":
            source = f"-(-{top}//{bottom})"
        else:
            source = f"{top}//{bottom}"
        return Pair(self.variable(_scaled(f"({source})", step)), scale)


class OutOfRange(BadInput):
    """A key that a table of the law has no row for."""


@dataclass(frozen=True)
class Compiled:
    """A function over the named inputs; `run(**inputs)` gives every rule's exact value by name."""

    run: Callable[..., dict[str, Exact]]
    inputs: tuple[str, ...]
    rules: tuple[str, ...]
    source: str
    whole: frozenset[str]


def _usable(law: Law, given: frozenset[str]) -> list[str]:
    """Rules whose values of law are known and whose inputs are given, in order of dependence."""
    usable: list[str] = []
    for name, tree in law.trees.items():
        needs = names(tree)
        rules_needed = needs & set(law.trees)
        inputs_needed = needs & set(law.policy.inputs) - set(law.values)
        if name not in law.missing and inputs_needed <= given and rules_needed <= set(usable):
            usable.append(name)
    return usable


_compiled: dict[tuple[int, frozenset[str]], tuple[Law, Compiled]] = {}


def compiled(law: Law, given: frozenset[str]) -> Compiled:
    """The function for this law when just these inputs are given (others are not asked). Kept for the next call."""
    key = (id(law), given)
    found = _compiled.get(key)
    if found is not None and found[0] is law:
        return found[1]
    if len(_compiled) > 1024:
        _compiled.clear()
    made = _compile(law, given)
    _compiled[key] = (law, made)
    return made


def _compile(law: Law, given: frozenset[str]) -> Compiled:
    writer = Writer(law)
    arguments = tuple(name for name in law.policy.inputs if name in given)
    for name in arguments:
        ratio = law.policy.inputs[name].unit.key == "ratio"
        writer.known[name] = Pair(f"{name}.numerator", f"{name}.denominator") if ratio else Pair(name)
    for name, value in law.values.items():
        writer.known[name] = writer.constant(value.value)
    usable = _usable(law, given)
    results = []
    whole = set()
    for name in usable:
        rule = law.rules[name]
        pair = writer.expression(law.trees[name])
        if rule.rounding:
            pair = writer.rounded(pair, rule.rounding)
        writer.known[name] = Pair(writer.variable(pair.top), pair.bottom)
        if pair.bottom == 1:
            whole.add(name)
            results.append(f"{name!r}: {writer.known[name].top}")
        else:
            results.append(f"{name!r}: _fraction({writer.known[name].top}, {pair.bottom})")
    body = "\n    ".join([*writer.lines, f"return {{{', '.join(results)}}}"])
    source = f"def run({', '.join(arguments)}):\n    {body}\n"
    scope: dict[str, Any] = {"_fraction": Fraction, "_row": _row_reader(law)}
    exec(compile(source, f"<{law.policy.name}>", "exec"), scope)  # our own text, made from a checked tree
    return Compiled(scope["run"], arguments, tuple(usable), source, frozenset(whole))


def _row_reader(law: Law) -> Callable[[str, int | str], Exact]:
    def row(table: str, key: int | str) -> Exact:
        rows = law.tables[table].rows
        if key not in rows:
            known = "、".join(str(one) for one in rows)
            raise OutOfRange(f"表“{law.tables[table].label}”没有“{key}”一行，可用：{known}")
        return rows[key]

    return row


def run(law: Law, inputs: Mapping[str, Exact]) -> dict[str, Exact]:
    """Evaluate every rule the inputs suffice for. Raises OutOfRange, or BadInput when a divisor is zero."""
    function = compiled(law, frozenset(inputs))
    try:
        return function.run(**inputs)
    except ZeroDivisionError:
        raise BadInput(f"{law.policy.title}：除数为零，请检查输入的年限、月数或系数") from None
