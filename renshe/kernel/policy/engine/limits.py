"""How deep a tree is, how much work it makes, how large its numbers can grow: what a drafted formula is held to.

A part used in several places counts each time, as it would if it were written out: a few lines that name and reuse each
other can stand for more work than a computer will ever do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from renshe.kernel.policy.engine.lines import FRACTIONAL
from renshe.kernel.policy.engine.policy import Law
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
    FormulaError,
    Logic,
    Lookup,
    MonthOf,
    Name,
    Node,
    Rounded,
    When,
    children,
)

DEEPEST = 60
LONGEST = 3_000  # parts, written out
HEAVIEST = 1_000_000  # parts worked out for one person
ITEMS = 100  # how many times the body of a fold counts
FOLDS = 2  # folds inside one another
WIDEST = 2_000  # times the width of an input: how large a number may grow


@dataclass(frozen=True)
class Heft:
    """How deep an expression is, of how many parts written out, and how many parts are worked out for one person."""

    depth: int
    parts: int
    work: int


def heft(root: Node) -> Heft:
    """Counted once for each part, however often it is used, and without recursion."""
    known: dict[int, Heft] = {}
    waiting = [root]
    while waiting:
        part = waiting[-1]
        below = children(part)
        if missing := [one for one in below if id(one) not in known]:
            waiting.extend(missing)
            continue
        waiting.pop()
        found = [known[id(one)] for one in below]
        more = known[id(part.body)].work * (ITEMS - 1) if isinstance(part, Fold) else 0
        known[id(part)] = Heft(
            1 + max((one.depth for one in found), default=0), 1 + sum(one.parts for one in found),
            1 + sum(one.work for one in found) + more,
        )
    return known[id(root)]


def fault(root: Node) -> str:
    """What is too much about one expression, in words; empty when nothing is."""
    found = heft(root)
    if found.depth > DEEPEST:
        return f"公式套得太深（{found.depth}层，最多{DEEPEST}层），请分成几个规则"
    if found.parts > LONGEST:
        return f"公式展开后太长（{found.parts}个部分，最多{LONGEST}个），请分成几个规则"
    if says := _folds(root, 0):
        return says
    return "逐项计算的工作量太大，请减少列表里套列表的计算" if found.work > HEAVIEST else ""


def hold(law: Law, drafted: Collection[str]) -> None:
    """Refuse a law in which drafted rules let numbers grow beyond what is multiplied in a moment. Raises FormulaError."""
    widths: dict[str, Width] = {}
    touched: set[str] = set()
    for name, tree in law.trees.items():
        rule = law.rules[name]
        found = _Widths(law, widths).of(tree)
        widths[name] = Width(found.size, 0 if rule.rounding or rule.unit.key not in FRACTIONAL else found.under)
        if name in drafted or law.needs[name] & touched:
            touched.add(name)
            if found.size + found.under > WIDEST:
                raise FormulaError(f"规则 {name}（{rule.label}）：数可能大得无法计算，请减少连乘的次数")


def _folds(part: Node, inside: int) -> str:
    if isinstance(part, Fold):
        inside += 1
        if inside > FOLDS:
            return f"逐项计算最多套{FOLDS}层"
        if part.kind == "running" and part.state is not None and _degree(part.body, part.state) > 1:
            return "running 里到此为止的结果不能自乘、作除数或放进内层的 running，否则数会无限增大"
    return next((said for one in children(part) if (said := _folds(one, inside))), "")


def _degree(part: Node, state: Element) -> int:
    """How often the carried result is multiplied with itself; 9 where it must not stand at all."""
    if part is state:
        return 1
    below = [_degree(one, state) for one in children(part)]
    if isinstance(part, Arithmetic) and part.operator in ("*", "/", "//", "%"):
        return sum(below) if part.operator == "*" else 9 if below[1] else below[0]
    if isinstance(part, Fold) and part.kind == "running" and _degree(part.body, state):
        return 9
    return 0 if isinstance(part, Comparison | Logic | Lookup | At | Field) else max(below, default=0)


@dataclass(frozen=True)
class Width:
    """How many inputs wide a number can grow, and its denominator."""

    size: int
    under: int


class _Widths:
    def __init__(self, law: Law, rules: dict[str, Width]) -> None:
        self.law, self.rules = law, rules
        self.known: dict[int, Width] = {}

    def of(self, part: Node) -> Width:
        if id(part) not in self.known:
            self.known[id(part)] = self._of(part)
        return self.known[id(part)]

    def _of(self, part: Node) -> Width:
        below = [self.of(one) for one in children(part)]
        match part:
            case Name(name) if name in self.rules:
                return self.rules[name]
            case Arithmetic("*"):
                return Width(below[0].size + below[1].size, below[0].under + below[1].under)
            case Arithmetic("/", _, _):
                top, by = below
                return Width(top.size + by.under, top.under + by.under + by.size)
            case Arithmetic("//", _, _):
                return Width(below[0].size + below[1].under, 0)
            case Rounded():
                return Width(below[0].size, 0)
            case Arithmetic() | Extreme():
                return Width(max(one.size for one in below), sum(one.under for one in below))
            case When():
                return Width(max(below[1].size, below[2].size), below[1].under + below[2].under)
            case Fold(kind) if kind in ("total", "running"):
                return Width(max(one.size for one in below) * (ITEMS if kind == "running" else 1), sum(one.under for one in below) * ITEMS)
            case Fold():
                return Width(max(one.size for one in below), sum(one.under for one in below))
            case Name(name) | Lookup(name, _) | At(name, _, _):
                return Width(1, int(self._is_fractional(name)))
            case Comparison() | Logic() | MonthOf() | Applied():
                return Width(1, 0)
            case Constant(value):
                return Width(1, int(isinstance(value, Fraction)))
        return Width(1, 1)

    def _is_fractional(self, name: str) -> bool:
        policy = self.law.policy
        if name in policy.tables:
            return policy.tables[name][0].unit.key in FRACTIONAL
        known = policy.inputs.get(name) or policy.parameters.get(name)
        return known is None or known.unit.key in FRACTIONAL
