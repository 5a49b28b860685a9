"""From expression trees to lines of Python: one branch for each kind of node, folds as loops."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import lcm

from renshe.kernel.policy.engine.lines import FRACTIONAL, Lines, Pair, constant, opened, scaled
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
    Logic,
    Lookup,
    MonthOf,
    Name,
    Node,
    Rounded,
    When,
    can_fail,
    walk,
)


class Writer(Lines):
    """Writes expressions. What may fail (a row, a value, a divisor) is written inside the branch that needs it."""

    def __init__(self, law: Law) -> None:
        super().__init__()
        self.law = law
        self.rule = ""
        self.remembered: dict[str, str] = {}
        self.known: dict[str, Pair] = {}
        self.functions: list[Callable[..., str]] = []
        self.whole_lists: set[str] = set()
        self.records: dict[int, dict[str, Pair]] = {}
        self.heads: dict[int, str] = {}
        self.sorting: list[str] = []

    def expression(self, node: Node) -> Pair:
        """The value of an expression; a shared sub-expression is written once, or deep reuse would double each level."""
        if id(node) not in self.written:
            self.written[id(node)] = self._written(node)
        return self.written[id(node)]

    def _written(self, node: Node) -> Pair:
        match node:
            case Constant(value):
                return constant(value)
            case Name(name):
                return self.known[name]
            case Lookup(table, key):
                rows = self.law.tables[table].rows.values()
                return self.read(rows, f"_row({table!r}, {self.expression(key).top})")
            case At(parameter, by, key):
                return self.at(parameter, by, self.expression(key).top)
            case Arithmetic(operator, left, right):
                return self.arithmetic(operator, self.expression(left), self.expression(right))
            case Comparison(operator, left, right):
                one, other = self.common(self.expression(left), self.expression(right))
                return Pair(self.variable(f"{one.top} {operator} {other.top}"))
            case Logic(operator, parts):
                return self.logic(operator, parts)
            case When():
                return self.when(node)
            case Extreme(which, parts):
                return self.extreme(which, parts)
            case Rounded(part, rounding):
                return self.rounded(self.expression(part), rounding)
            case MonthOf(day):
                return Pair(self.variable(f"_month_of({self.expression(day).top})"))
            case Applied(_, function, parts):
                self.functions.append(function)
                arguments = ", ".join(self.expression(part).top for part in parts)
                return Pair(self.variable(f"_functions[{len(self.functions) - 1}]({arguments})"))
            case Field(element, name):
                return self.records[id(element)][name]
            case Fold():
                return self.fold(node)
        raise TypeError(f"cannot compile {type(node).__name__}")

    def at(self, parameter: str, by: str, key: str) -> Pair:
        """A dated value by key, remembered from the first time it was asked for."""
        values = [Fraction(value.value) for _, value in self.law.timelines[parameter] if value]
        bottom = lcm(1, *(value.denominator for value in values))
        known = f"_known[{parameter!r}, {by!r}, {bottom}]"
        if known not in self.remembered:
            self.remembered[known] = f"k{len(self.remembered) + 1}"
        asked = f"_at({self.rule!r}, {parameter!r}, {by!r}, {bottom}, {key})"
        return Pair(self.variable(f"{self.remembered[known]}.get({key}) or {asked}"), bottom, all(value > 0 for value in values))

    def logic(self, operator: str, parts: tuple[Node, ...]) -> Pair:
        if operator == "not":
            return Pair(self.variable(f"not {self.expression(parts[0]).top}"))
        if not any(can_fail(part) for part in parts[1:]):
            return Pair(self.variable(f" {operator} ".join(self.expression(part).top for part in parts)))
        answer = self.variable(self.expression(parts[0]).top)
        for part in parts[1:]:
            with self.block(f"if {'' if operator == 'and' else 'not '}{answer}:"):
                self.line(f"{answer} = {self.expression(part).top}")
        return Pair(answer)

    def when(self, node: When) -> Pair:
        test = self.expression(node.condition).top
        if not can_fail(node.then) and not can_fail(node.otherwise):
            one, other = self.common(self.expression(node.then), self.expression(node.otherwise))
            return Pair(self.variable(f"{one.top} if {test} else {other.top}"), one.bottom)
        top, bottom = self.fresh(), self.fresh()
        written = []
        for head, part in ((f"if {test}:", node.then), ("else:", node.otherwise)):
            with self.block(head):
                pair = self.expression(part)
                self.line(f"{top}, {bottom} = {pair.top}, {pair.bottom}")
                written.append((len(self.lines) - 1, self.indent, pair))
        bottoms = [pair.bottom for _, _, pair in written]
        if not all(isinstance(one, int) for one in bottoms):
            return Pair(top, bottom)
        common = lcm(*(one for one in bottoms if isinstance(one, int)))
        for number, indent, pair in written:
            self.lines[number] = f"{indent}{top} = {scaled(pair.top, common // int(pair.bottom))}"
        return Pair(top, common)

    def extreme(self, which: str, parts: tuple[Node, ...]) -> Pair:
        chosen = self.expression(parts[0])
        sign = "<=" if which == "least" else ">="
        for part in parts[1:]:
            one, other = (
                Pair(self.variable(pair.top), pair.bottom) if pair.top.startswith("(") else pair  # asked for twice below
                for pair in self.common(chosen, self.expression(part))
            )
            chosen = Pair(self.variable(f"{one.top} if {one.top} {sign} {other.top} else {other.top}"), one.bottom)
        return chosen

    def fold(self, node: Fold) -> Pair:
        """A loop over a list. A list result is a Python list: of ints where every item is whole, else of Fractions."""
        items = self.known[_list(self.law, node.items)].top
        if node.kind == "running":
            return self._running(node, items)
        if node.kind == "total":
            return self._total(node, items)
        begin = len(self.lines)
        found = self.variable("[]")
        pair = self._body(node, items, lambda pair: f"{found}.append({self.boxed(pair)})")
        if len(self.lines) == begin + 3:  # nothing to work out on the way
            loop = self.lines[begin + 1].strip().removesuffix(":")
            self.lines[begin:] = [f"{self.indent}{found} = [{self.boxed(pair)} {loop}]"]
        whole = pair.bottom == 1
        if node.kind == "each":
            if whole:
                self.whole_lists.add(found)
            return Pair(found)
        assert node.start is not None
        empty = self.expression(node.start)
        boxed = not whole or empty.bottom != 1
        answer = self.variable(
            f"{'max' if node.kind == 'largest' else 'min'}({found}, default={self.boxed(empty)})"
        )
        return opened(f"_fraction({answer})" if boxed and whole else answer, boxed)

    def _total(self, node: Fold, items: str) -> Pair:
        """A sum; of fractions by their denominators, which are few where law is by the year."""
        node, items = self._grouped(node, items)
        begin = len(self.lines)
        found = self.variable("0")
        pair = self._body(node, items, lambda pair: f"{found} += {pair.top}")
        if isinstance(pair.bottom, int):
            return Pair(found, pair.bottom)
        del self.lines[begin:]
        found = self.variable("{}")
        self._body(node, items, lambda pair: f"{found}[{pair.bottom}] = {found}.get({pair.bottom}, 0) + {pair.top}")
        return opened(self.variable(f"_sum({found})"), True)

    def _grouped(self, node: Fold, items: str) -> tuple[Fold, str]:
        """Inside another loop, a sum over the items of one key: they are sorted by key once, before all else, not looked
        through each time (a life has forty years and five hundred months)."""
        match node.body:
            case When(Comparison("==", key, wanted), then, Constant(0)) if self.indent and items in self.law.policy.inputs:
                if not _hangs_on(key, node.item) or can_fail(wanted) or any(part is node.item for part in walk(wanted)):
                    return node, items
                groups, asked, lines = self.fresh(), self.expression(wanted), self.lines
                self.lines, indent, self.indent = [f"{groups} = {{}}"], self.indent, ""
                pair = self._body(
                    replace(node, body=key), items, lambda pair: f"{groups}.setdefault({pair.top}, []).append(({self.heads[id(node.item)]}))"
                )
                self.lines, self.indent, sorting = lines, indent, self.lines
                if pair.bottom == asked.bottom == 1:
                    self.sorting += sorting
                    return replace(node, body=then), f"{groups}.get({asked.top}, ())"
        return node, items

    def _running(self, node: Fold, items: str) -> Pair:
        assert node.start is not None and node.state is not None
        start = self.expression(node.start)
        begin = len(self.lines)
        state = self.variable(start.top)
        self.written[id(node.state)] = Pair(state, start.bottom)
        pair = self._body(node, items, lambda pair: f"{state} = {pair.top}")
        if pair.bottom == start.bottom and isinstance(pair.bottom, int):
            return Pair(state, start.bottom)
        # The denominator changes from item to item: carry the state as a Fraction.
        del self.lines[begin:]
        state = self.variable(f"_fraction({start.top}, {start.bottom})")
        self.written[id(node.state)] = opened(state, True)
        self._body(node, items, lambda pair: f"{state} = _fraction({pair.top}, {pair.bottom})")
        return opened(state, True)

    def _body(self, node: Fold, items: str, line: Callable[[Pair], str]) -> Pair:
        declared = self.law.policy.inputs.get(_list(self.law, node.items))
        fields = declared.fields if declared else {}
        places = {name: self.fresh() for name in fields}
        element = f"{', '.join(places.values())}," if fields else self.fresh()
        self.heads[id(node.item)] = element
        with self.block(f"for {element} in {items}:"):
            if fields:
                self.records[id(node.item)] = {name: opened(places[name], one.unit.key in FRACTIONAL) for name, one in fields.items()}
            else:
                fractional = declared.unit.key in FRACTIONAL if declared else items not in self.whole_lists
                self.written[id(node.item)] = opened(element, fractional)
            pair = self.expression(node.body)
            self.line(line(pair))
        return pair


def _hangs_on(key: Node, item: Element) -> bool:
    """Whether an expression can be worked out, without fail, from an item alone."""
    leaves = (part for part in walk(key) if isinstance(part, Name | Element))
    return not can_fail(key) and all(part is item for part in leaves)


def _list(law: Law, items: Node) -> str:
    if isinstance(items, Name) and law.is_list(items.name):
        return items.name
    raise TypeError("a fold works through a list input or a rule with a result for each item")
