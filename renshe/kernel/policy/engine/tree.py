"""What a formula becomes when it is called once with symbols: an immutable expression tree.

A symbol refuses to be a truth value: `if`, `and`, `or` and chained comparisons would silently take one branch at the
time the law is read, not when a person is judged. Use `when`, `&`, `|`, `~`.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from renshe.kernel.policy.engine.units import Exact


class FormulaError(TypeError):
    """A formula that is not one: the message says what to write instead."""


@dataclass(frozen=True, eq=False)
class Node:
    """An expression. Operators build larger ones."""

    def __bool__(self) -> NoReturn:
        raise FormulaError("公式中的符号没有真假：请用 when(条件, 甲, 乙)、&、|、~ 代替 if、and、or、not")

    def __add__(self, other: "Term") -> "Node":
        return Arithmetic("+", self, node(other))

    def __radd__(self, other: "Term") -> "Node":
        return Arithmetic("+", node(other), self)

    def __sub__(self, other: "Term") -> "Node":
        return Arithmetic("-", self, node(other))

    def __rsub__(self, other: "Term") -> "Node":
        return Arithmetic("-", node(other), self)

    def __mul__(self, other: "Term") -> "Node":
        return Arithmetic("*", self, node(other))

    def __rmul__(self, other: "Term") -> "Node":
        return Arithmetic("*", node(other), self)

    def __truediv__(self, other: "Term") -> "Node":
        return Arithmetic("/", self, node(other))

    def __rtruediv__(self, other: "Term") -> "Node":
        return Arithmetic("/", node(other), self)

    def __floordiv__(self, other: "Term") -> "Node":
        return Arithmetic("//", self, node(other))

    def __mod__(self, other: "Term") -> "Node":
        return Arithmetic("%", self, node(other))

    def __lt__(self, other: "Term") -> "Node":
        return Comparison("<", self, node(other))

    def __le__(self, other: "Term") -> "Node":
        return Comparison("<=", self, node(other))

    def __gt__(self, other: "Term") -> "Node":
        return Comparison(">", self, node(other))

    def __ge__(self, other: "Term") -> "Node":
        return Comparison(">=", self, node(other))

    def __eq__(self, other: object) -> "Node":  # type: ignore[override]
        return Comparison("==", self, node(other))

    def __ne__(self, other: object) -> "Node":  # type: ignore[override]
        return Comparison("!=", self, node(other))

    def __and__(self, other: "Term") -> "Node":
        return Logic("and", (self, node(other)))

    def __or__(self, other: "Term") -> "Node":
        return Logic("or", (self, node(other)))

    def __invert__(self) -> "Node":
        return Logic("not", (self,))

    __hash__ = object.__hash__


Term = Node | Exact


@dataclass(frozen=True, eq=False)
class Constant(Node):
    """A number or text written in the formula. Law's amounts are not constants: they are dated values."""

    value: Exact


@dataclass(frozen=True, eq=False)
class Name(Node):
    """An input, a dated value or another rule, by its name."""

    name: str


@dataclass(frozen=True, eq=False)
class Lookup(Node):
    """A row of a dated table."""

    table: str
    key: Node


@dataclass(frozen=True, eq=False)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Logic(Node):
    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class When(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, eq=False)
class Extreme(Node):
    """The least or the greatest of several."""

    which: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """The symbol of a table: `table[key]` is a look-up."""

    name: str

    def __getitem__(self, key: Term) -> Node:
        return Lookup(self.name, node(key))


def node(term: Any) -> Node:
    """A term as a node. Floats are refused: they are not exact."""
    if isinstance(term, Node):
        return term
    if isinstance(term, float):
        raise FormulaError(f"公式中不能写小数 {term}：请写成分数 Fraction，或放进 policy.yaml 作为有日期、有依据的值")
    if isinstance(term, bool | int | str | Fraction):
        return Constant(term)
    raise FormulaError(f"公式中不能出现 {type(term).__name__}")


def when(condition: Term, then: Term, otherwise: Term) -> Node:
    """`then` where the condition holds, else `otherwise`."""
    return When(node(condition), node(then), node(otherwise))


def least(*parts: Term) -> Node:
    """The smallest of the parts."""
    return Extreme("least", tuple(node(part) for part in parts))


def greatest(*parts: Term) -> Node:
    """The largest of the parts."""
    return Extreme("greatest", tuple(node(part) for part in parts))


def children(parent: Node) -> tuple[Node, ...]:
    """The parts an expression is made of, in reading order."""
    match parent:
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Logic(_, parts) | Extreme(_, parts):
            return parts
        case When(condition, then, otherwise):
            return (condition, then, otherwise)
        case Lookup(_, key):
            return (key,)
    return ()


def names(root: Node) -> set[str]:
    """Every input, value, rule and table an expression mentions."""
    found: set[str] = set()
    waiting, seen = [root], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Name):
            found.add(current.name)
        elif isinstance(current, Lookup):
            found.add(current.table)
        waiting.extend(children(current))
    return found
