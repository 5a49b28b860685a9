"""What a formula becomes when it is called once with symbols: an immutable expression tree.

A symbol refuses to be a truth value: `if`, `and`, `or` and chained comparisons would silently take one branch at the
time the law is read, not when a person is judged. Use `when`, `&`, `|`, `~`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from renshe.kernel.policy.engine.rounding import Rounding, rounding
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
class Fact(Name):
    """An input or another rule. A sibling of Quantity: beside a base class Python would turn their comparison round."""


@dataclass(frozen=True, eq=False)
class Quantity(Name):
    """A dated value: by itself the one in force on the day of judgement; of another time by these."""

    def in_month(self, month: "Term") -> Node:
        """The value in force on the first day of a month."""
        return At(self.name, "month", node(month))

    def in_year(self, year: "Term") -> Node:
        """The value in force on the first day of a year (`year_of(month) - 1` for the year before)."""
        return At(self.name, "year", node(year))

    def on_day(self, day: "Term") -> Node:
        """The value in force on a day."""
        return At(self.name, "day", node(day))


@dataclass(frozen=True, eq=False)
class At(Node):
    """A dated value of another time than the day of judgement; none in force is an error that names the document."""

    parameter: str
    by: str
    key: Node


@dataclass(frozen=True, eq=False)
class Lookup(Node):
    """A row of a dated table; a key without a row is an error where its value is used."""

    table: str
    key: Node


@dataclass(frozen=True, eq=False)
class Rounded(Node):
    """A step inside a formula that the law rounds."""

    part: Node
    rounding: Rounding


@dataclass(frozen=True, eq=False)
class MonthOf(Node):
    """The month a day lies in."""

    day: Node


@dataclass(frozen=True, eq=False)
class Applied(Node):
    """A text that a pure function makes of texts, where arithmetic cannot say it (a check digit over letters)."""

    label: str
    function: Callable[..., str]
    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Element(Node):
    """What a fold is looking at: an item of the list `of`, or its own running result, begun as `of`."""

    of: Node

    def __getitem__(self, name: str) -> Node:
        return Field(self, name)


@dataclass(frozen=True, eq=False)
class Field(Node):
    """One field of an item that is a record."""

    element: Element
    name: str


@dataclass(frozen=True, eq=False)
class Fold(Node):
    """A list worked through: `total`, `largest`, `smallest`, `each` or `running`.

    `start` is the answer for an empty list (`largest`, `smallest`) or the first state (`running`).
    """

    kind: str
    items: Node
    item: Element
    body: Node
    start: Node | None = None
    state: Element | None = None


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


def rounded(part: Term, way: str) -> Node:
    """A part rounded inside a formula, as the law says: `half_up`, `up -1`, `down 2`."""
    return Rounded(node(part), rounding(way))


def applied(label: str, function: Callable[..., str], *parts: Term) -> Node:
    """What a pure function says of texts; `label` says in words what it does."""
    return Applied(label, function, tuple(node(part) for part in parts))


def month_of(day: Term) -> Node:
    """The month of a day."""
    return MonthOf(node(day))


def year_of(month: Term) -> Node:
    """The year of a month."""
    return Arithmetic("//", node(month), Constant(12))


def total(items: Node, of: Callable[[Element], Term]) -> Node:
    """The sum of a formula over a list; nothing for an empty list."""
    item = Element(items)
    return Fold("total", items, item, node(of(item)))


def count(items: Node, where: Callable[[Element], Term]) -> Node:
    """How many items of a list meet a condition."""
    return total(items, lambda item: when(where(item), 1, 0))


def largest(items: Node, of: Callable[[Element], Term], *, empty: Term) -> Node:
    """The largest result of a formula over a list; `empty` for an empty list."""
    item = Element(items)
    return Fold("largest", items, item, node(of(item)), node(empty))


def smallest(items: Node, of: Callable[[Element], Term], *, empty: Term) -> Node:
    """The smallest result of a formula over a list; `empty` for an empty list."""
    item = Element(items)
    return Fold("smallest", items, item, node(of(item)), node(empty))


def each(items: Node, of: Callable[[Element], Term]) -> Node:
    """A result for each item of a list: the rule's output is a list."""
    item = Element(items)
    return Fold("each", items, item, node(of(item)))


def running(start: Term, items: Node, step: Callable[[Element, Element], Term]) -> Node:
    """A result carried from item to item: `step(state, item)` gives the next state. Round inside it with `rounded`."""
    first = node(start)
    state, item = Element(first), Element(items)
    return Fold("running", items, item, node(step(state, item)), first, state)


def children(parent: Node) -> tuple[Node, ...]:
    """The parts an expression is made of, in reading order."""
    match parent:
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Logic(_, parts) | Extreme(_, parts):
            return parts
        case When(condition, then, otherwise):
            return (condition, then, otherwise)
        case Lookup(_, key) | At(_, _, key):
            return (key,)
        case Rounded(part, _) | MonthOf(part):
            return (part,)
        case Applied(_, _, parts):
            return parts
        case Field(element, _):
            return (element,)
        case Fold(_, items, _, body, start, _):
            return (items, body) if start is None else (items, start, body)
    return ()


def walk(root: Node) -> list[Node]:
    """Every expression inside an expression, once each."""
    found: dict[int, Node] = {}
    waiting = [root]
    while waiting:
        current = waiting.pop()
        if id(current) not in found:
            found[id(current)] = current
            waiting.extend(children(current))
    return list(found.values())


def names(root: Node) -> set[str]:
    """Every input, value of the day, rule and table an expression mentions."""
    return {part.name for part in walk(root) if isinstance(part, Name)} | {
        part.table for part in walk(root) if isinstance(part, Lookup)
    }


def dated(root: Node) -> set[str]:
    """Every value an expression asks for by another time than the day of judgement."""
    return {part.parameter for part in walk(root) if isinstance(part, At)}


def can_fail(root: Node) -> bool:
    """Whether working an expression out may find no row, no value or a divisor of zero."""
    return any(
        isinstance(part, Lookup | At)
        or (isinstance(part, Arithmetic) and part.operator in ("/", "//", "%") and not _nonzero(part.right))
        for part in walk(root)
    )


def _nonzero(part: Node) -> bool:
    return isinstance(part, Constant) and not isinstance(part.value, str) and part.value != 0
