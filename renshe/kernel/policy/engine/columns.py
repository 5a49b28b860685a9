"""The city: a law as Polars columns, one `with_columns` a level of dependence, in exact integers.

`columns(law, frame)` gives the frame with a column for every output: Int64 for whole units (fen, months, ...), Boolean,
String, and `{top, bottom}` structs for fractional ones. What is not known is null, never "no". Rows beyond what the plan
provides for are judged one by one by the exact scalar function, so nothing wraps and nothing is lost.
"""

import datetime
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import polars as pl

from renshe.kernel.policy.engine import door
from renshe.kernel.policy.engine.cells import (
    Cell,
    NoColumns,
    Plan,
    Share,
    chosen,
)
from renshe.kernel.policy.engine.compile import OutOfRange, answer, breaks, key_day
from renshe.kernel.policy.engine.lines import FRACTIONAL
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.tree import (
    Applied,
    Arithmetic,
    At,
    Comparison,
    Constant,
    Extreme,
    Logic,
    Lookup,
    MonthOf,
    Name,
    Node,
    Rounded,
    When,
    can_fail,
    children,
    names,
    walk,
)
from renshe.kernel.policy.engine.units import BadInput, Exact, Unit

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
BEYOND, RESULTS = "§beyond", "§results"


def columns(law: Law, frame: Frame, *, on: datetime.date | None = None, wanted: Iterable[str] | None = None) -> Frame:
    """The frame with the outputs of a law (or the rules `wanted`), worked out from the columns named as its inputs.

    What cannot be worked out, for want of a column or of a value of law, is null.

    A frame in memory is worked on level by level, which for a range of persons is quicker than having a whole plan optimised.
    `on` is the day of judgement for a policy dated by an input the frame does not have; rows whose own day lies in
    another period of the law are judged by the law of that day. Raises NoColumns: list inputs, wrong types.
    """
    schema = frame.collect_schema()
    results = tuple(wanted or law.policy.outputs)
    sheet = frame
    for level in law.kept((tuple(schema.items()), on, results), lambda: _plan(law, dict(schema), on, results)):
        sheet = sheet.with_columns(level)
    kept = [name for name in schema if name not in results]
    return sheet.select(*kept, *(pl.col(RESULTS).struct.field(name) for name in results))


def _plan(law: Law, schema: dict[str, pl.DataType], on: datetime.date | None, wanted: tuple[str, ...]) -> list[list[pl.Expr]]:
    """The levels that end in the results wanted."""
    plan = Planner(law, schema, on)
    units = {rule.name: rule.unit for rule in law.policy.rules}
    inputs = [name for name in law.policy.inputs if name in schema]
    made = pl.struct(
        *(plan.result(name, units[name]).cast(_dtype(units[name])).alias(name) for name in wanted)
    ).alias(RESULTS)
    dtype = pl.Struct({name: _dtype(units[name]) for name in wanted})
    mended = pl.struct(pl.col(BEYOND), pl.struct(*inputs).alias("§inputs") if inputs else pl.lit(None).alias("§inputs"), made)
    last = mended.map_batches(partial(_mended, law, on), return_dtype=dtype, is_elementwise=True).alias(RESULTS)
    return _needed([*plan.plan.levels, [plan.beyond.alias(BEYOND)], [last]])


def _needed(levels: list[list[pl.Expr]]) -> list[list[pl.Expr]]:
    """The levels without what leads to no result."""
    kept, asked = [], {RESULTS}
    for level in reversed(levels):
        here = [one for one in level if one.meta.output_name() in asked]
        asked.update(name for one in here for name in one.meta.root_names())
        kept.append(here)
    return [level for level in reversed(kept) if level]


def _dtype(unit: Unit) -> pl.DataType:
    if unit.key in FRACTIONAL:
        return pl.Struct({"top": pl.Int64, "bottom": pl.Int64})
    return {"bool": pl.Boolean(), "text": pl.String()}.get(unit.key, pl.Int64())


def _mended(law: Law, on: datetime.date | None, batch: pl.Series) -> pl.Series:
    """The results, with the rows beyond the plan judged one by one."""
    results = batch.struct.field(RESULTS)
    beyond = batch.struct.field(BEYOND)
    if not beyond.any():
        return results
    rows = beyond.fill_null(False).arg_true().to_list()
    whole = results.to_list()
    facts = batch.struct.field("§inputs").to_list()
    for row in rows:
        whole[row] = one_by_one(law, facts[row], on, list(whole[row]))
    return pl.Series(results.name, whole, dtype=results.dtype)


def one_by_one(law: Law, row: dict[str, Any], on: datetime.date | None, wanted: list[str]) -> dict[str, Any]:
    """A row of a frame judged by the exact scalar function; what cannot be worked out is None."""
    facts: dict[str, Any] = {}
    for name, declared in law.policy.inputs.items():
        value = door.fact(declared, row.get(name))
        if value is not None:
            facts[name] = value
    law, facts = _dated(law, facts, on)
    results: dict[str, Any] = {}
    try:
        results, _ = answer(law, facts)
    except BadInput:  # a row of a table that is not there, a divisor of zero: unknown, as in every other row
        results = _piecemeal(law, facts)
    units = {rule.name: rule.unit for rule in law.policy.rules}
    return {name: _plain(units[name], results.get(name)) for name in wanted}


def _dated(law: Law, facts: dict[str, Any], on: datetime.date | None) -> tuple[Law, dict[str, Any]]:
    name = law.policy.dated_by
    if not name or name not in facts:
        return (law, facts) if not name or on is None else (law, {**facts, name: day_key(law, on)})
    try:
        day = key_day(_by(law), facts[name])
    except OutOfRange:
        return law, {}
    return law.policy.law(day, law.place, law.entered, law.given), facts


def _piecemeal(law: Law, facts: dict[str, Any]) -> dict[str, Any]:
    """Rule by rule, leaving out those that fail and those that need them."""
    known = dict(facts)
    for name, tree in law.trees.items():
        needed = {need: known[need] for need in names(tree) if need in known}
        try:
            found, _ = answer(law, {**needed, **{key: facts[key] for key in facts if key == name}})
        except BadInput:
            continue
        if name in found:
            known[name] = found[name]
    return known


def _plain(unit: Unit, value: Any) -> Any:
    if value is None:
        return None
    if unit.key in FRACTIONAL:
        number = Fraction(value)
        fits = max(abs(number.numerator), number.denominator) < 2**63
        return {"top": number.numerator, "bottom": number.denominator} if fits else None
    return value if not isinstance(value, int) or abs(value) < 2**63 else None


def _by(law: Law) -> str:
    unit = law.policy.inputs[law.policy.dated_by].unit.key
    return "year" if unit == "count" else unit


def day_key(law: Law, on: datetime.date) -> int:
    """A day as the input that dates the policy counts it."""
    return {"day": on.toordinal(), "month": on.year * 12 + on.month - 1, "year": on.year}[_by(law)]


def _applied(function: Callable[..., str], batch: pl.Series) -> pl.Series:
    rows = (tuple(row.values()) for row in batch.to_list())
    return pl.Series([None if None in row else function(*row) for row in rows], dtype=pl.String)


class Planner:
    """Turns the trees of a law into a plan of columns for a frame of a given schema."""

    def __init__(self, law: Law, schema: dict[str, pl.DataType], on: datetime.date | None) -> None:
        self.law, self.plan = law, Plan()
        self.known: dict[str, Share] = {}
        self.beyond = pl.lit(False)
        self._made: dict[int, Share] = {}
        self._uses: dict[int, int] = {}
        for name, declared in law.policy.inputs.items():
            if name in schema:
                entry = door.enter(self.plan, declared, schema[name])
                self.known[name] = entry.share
                self.beyond |= entry.beyond.fill_null(False)
            elif declared.default is not None and not declared.many:
                self.known[name] = self.plan.constant(declared.default)  # type: ignore[arg-type]
        self._dated(on)
        values = {name: self.plan.constant(value.value) for name, value in law.values.items()}
        given = frozenset(self.known)
        for name, tree in law.trees.items():
            needs = names(tree) - set(law.values) - set(law.tables)
            if name not in law.lacking and needs <= set(self.known):
                self._rule(name, tree, values, name in given)

    def _dated(self, on: datetime.date | None) -> None:
        """Rows of another period of the law lie beyond this plan."""
        law, name = self.law, self.law.policy.dated_by
        if not name:
            return
        if name not in self.known:
            if on is not None:
                self.known[name] = self.plan.constant(day_key(law, on))
            return
        if on is not None:
            cell = self.known[name].top
            self.known[name] = Share(self.plan.named(
                Cell(cell.expr.fill_null(day_key(law, on)), cell.level, cell.low, cell.high)
            ))
        line = ((law.since, None), (law.until, None))
        first, after = breaks(line, _by(law)) if law.until < datetime.date.max else (*breaks(line[:1], _by(law)), 10**7)
        column = self.known[name].top.expr
        self.beyond |= ((column < first) | (column >= after)).fill_null(False)

    def _rule(self, name: str, tree: Node, values: dict[str, Share], is_given: bool) -> None:
        rounding = self.law.rules[name].rounding
        self._made, self._uses = {}, {}
        parts = walk(tree)
        for part in parts:
            for child in children(part):
                self._uses[id(child)] = self._uses.get(id(child), 0) + 1
        scope, self.known = self.known, {**values, **self.known}
        share = self.expression(tree)
        self.known = scope
        if rounding:
            share = self.plan.rounded(share, rounding)
        top = share.top
        if any(isinstance(part, When | Logic | Extreme) for part in parts):
            needed = [self.known[need].top.expr for need in sorted(names(tree)) if need in self.known]
            if needed:
                level = max(self.known[need].top.level for need in names(tree) if need in self.known)
                every = pl.all_horizontal(*(column.is_not_null() for column in needed))
                top = Cell(pl.when(every).then(top.expr), max(level, top.level), top.low, top.high, False, top.is_wide)
        derived = Share(self.plan.named(top), share.bottom)
        self.known[name] = self._preferred(self.known[name], derived) if is_given else derived

    def _preferred(self, given: Share, derived: Share) -> Share:
        """What the caller states, else what is derived."""
        if isinstance(given.bottom, int) and given.bottom == derived.bottom:
            top = self._first(given.top, derived.top, given.top)
            return Share(top, given.bottom)
        first, second = self.plan.bottom(given), self.plan.bottom(derived)
        return Share(self._first(given.top, derived.top, given.top), self._first(first, second, given.top))

    def _first(self, one: Cell, other: Cell, known: Cell) -> Cell:
        test = known.expr.is_not_null()
        return self.plan.named(chosen(test, one, other, known.level, may_be_null=False))

    def result(self, name: str, unit: Unit) -> pl.Expr:
        """The column of a rule as the frame gives it back; null throughout where the law or the frame lacks something."""
        if name not in self.known:
            return pl.lit(None)
        share = self.known[name]
        if unit.key in ("bool", "text"):
            return share.top.expr
        top = share.top.expr.cast(pl.Int64, strict=False)
        if unit.key not in FRACTIONAL:
            return top
        bottom = self.plan.bottom(share).expr.cast(pl.Int64, strict=False)
        return pl.when(top.is_not_null()).then(pl.struct(top.alias("top"), bottom.alias("bottom")))

    def expression(self, node: Node) -> Share:
        if id(node) not in self._made:
            share = self._expression(node)
            if self._uses.get(id(node), 0) > 1:
                share = Share(self.plan.named(share.top), share.bottom)
            self._made[id(node)] = share
        return self._made[id(node)]

    def _expression(self, node: Node) -> Share:
        match node:
            case Constant(value):
                return self.plan.constant(value)
            case Name(name):
                return self.known[name]
            case Lookup(table, key):
                return self.plan.read(dict(self.law.tables[table].rows), self.expression(key).top)
            case At():
                return self.at(node)
            case Arithmetic(operator, left, right):
                return self.plan.arithmetic(operator, self.expression(left), self.expression(right))
            case Comparison(operator, left, right):
                return self.plan.compared(operator, self.expression(left), self.expression(right))
            case Logic(operator, parts):
                return self.logic(operator, parts)
            case When(condition, then, otherwise):
                test = self.expression(condition).top
                return self.plan.branches(
                    test, self.expression(then), self.expression(otherwise), may_be_null=can_fail(condition)
                )
            case Extreme(which, parts):
                return self.extreme(which, parts)
            case Applied(_, function, parts):
                cells = [self.expression(part).top for part in parts]
                row = pl.struct(cell.expr.alias(str(place)) for place, cell in enumerate(cells))
                texts = row.map_batches(partial(_applied, function), return_dtype=pl.String, is_elementwise=True)
                return Share(Cell(texts, max(cell.level for cell in cells)))
            case Rounded(part, rounding):
                return self.plan.rounded(self.expression(part), rounding)
            case MonthOf(day):
                cell = self.expression(day).top
                date = (cell.expr - door.EPOCH).cast(pl.Int32).cast(pl.Date)
                month = date.dt.year().cast(pl.Int64) * 12 + date.dt.month().cast(pl.Int64) - 1
                return Share(Cell(month, cell.level, 12, 120000))
        raise NoColumns(f"{self.law.policy.title}：逐项计算列表的规则没有按列计算的形式")

    def logic(self, operator: str, parts: tuple[Node, ...]) -> Share:
        """From left to right: what decides ends the question, and what comes after may be unknown."""
        cells = [self.expression(part).top for part in parts]
        if operator == "not":
            return Share(Cell(~cells[0].expr, cells[0].level))
        found = cells[0]
        lazy = any(can_fail(part) for part in parts)
        for cell in cells[1:]:
            level = max(found.level, cell.level)
            if not lazy:
                found = Cell(found.expr & cell.expr if operator == "and" else found.expr | cell.expr, level)
                continue
            first, go_on = found.expr, found.expr if operator == "and" else ~found.expr
            decided = pl.when(first.is_null()).then(None).when(go_on).then(cell.expr)
            found = self.plan.named(Cell(decided.otherwise(pl.lit(operator == "or")), level))
        return Share(found)

    def extreme(self, which: str, parts: tuple[Node, ...]) -> Share:
        found = self.expression(parts[0])
        unsure = any(can_fail(part) for part in parts)
        for part in parts[1:]:
            one, other, bottom = self.plan.common(found, self.expression(part))
            one, other = self.plan.named(one), self.plan.named(other)
            test = self.plan.compared("<=" if which == "least" else ">=", Share(one), Share(other)).top
            found = Share(chosen(test.expr, one, other, test.level, may_be_null=unsure), bottom)
        return found

    def at(self, node: At) -> Share:
        """A dated value by key: the keys between the first change and the last, each with its value, as a replacement."""
        timeline = self.law.timelines[node.parameter]
        key = self.expression(node.key).top
        starts = breaks(timeline, node.by)
        if not starts:
            return Share(Cell(pl.lit(None, dtype=pl.Int64), key.level))
        rows: dict[int | str, Exact] = {}
        for start, after, (_, value) in zip(starts, [*starts[1:], starts[-1] + 1], timeline, strict=True):
            if value is not None:
                rows.update(dict.fromkeys(range(start, after), value.value))
        return self.plan.read(rows, Cell(key.expr.clip(starts[0] - 1, starts[-1]), key.level, key.low, key.high))
