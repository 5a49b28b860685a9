"""Which inputs of a policy are read from which columns (`READINGS` and `SWEPT` in offers.py), and what is lacking for it.

Rules read columns by name and never learn which app supplies them.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import polars as pl
from django.apps import apps

from renshe.kernel.frames.catalogue import Column, table
from renshe.kernel.frames.offered import PERSONS, SUBJECTS, own_columns
from renshe.kernel.frames.offered import columns as known_columns
from renshe.kernel.policy.engine.cells import NoColumns
from renshe.kernel.policy.engine.columns import Planner
from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.policy import Entered, Law, Policy
from renshe.kernel.policy.engine.tree import names
from renshe.kernel.policy.engine.units import month_index
from renshe.kernel.policy.registry import policies

EPOCH = datetime.date(1970, 1, 1).toordinal()
DESCRIBING = ("birth_month", "county", "wage")  # by which winners and losers are told apart
MONTHLY, YEARLY, ONCE = 12, 1, 1


@dataclass(frozen=True)
class Reading:
    """An input read from a column, in the policies named (all, if none is). Without a column: the day of the sweep.

    `over`: the column counts in so many parts of the unit (10000: an index in ten-thousandths).
    """

    input: str
    column: str = ""
    policies: tuple[str, ...] = ()
    over: int = 1


@dataclass(frozen=True)
class Swept:
    """Of whom a policy is asked: the rows of a table (persons, employers, claims) that `among` picks by `columns`; the output
    that is money, how often a year it is paid.

    `folded`: outputs that a list of records was folded to beforehand, read where the fold has left them.
    """

    policy: str
    whom: str
    among: pl.Expr
    columns: tuple[str, ...] = ()
    amount: str = ""
    times: int = MONTHLY
    table: str = PERSONS
    folded: tuple[Reading, ...] = ()

    @property
    def counted_in(self) -> str:
        """The measure word of what is counted: 人, 家 (employers), 件 (claims)."""
        return {("person",): "人", ("employer",): "家"}.get(table(self.table).key, "件")


ALIVE = Swept("", "在世的人", pl.col("died_month").is_null(), ("died_month",))


@dataclass(frozen=True)
class Unswept:
    """Why a policy is asked of nobody in the columnar city: it is about no person, employer or claim that columns know."""

    policy: str
    why: str


@dataclass(frozen=True)
class Ready:
    """A policy as it can be asked of everybody: what it reads, the outputs that come of it, what is lacking."""

    policy: Policy
    reads: dict[str, Reading]
    swept: Swept
    outputs: tuple[str, ...]
    lacking: tuple[Input, ...]
    values: tuple[str, ...]  # documents of law to obtain
    why_not: str = ""
    conditions: tuple[str, ...] = ()  # all of the policy's; none where one of them cannot be worked out

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it needs."""
        read = [one.column for one in (*self.reads.values(), *self.swept.folded) if one.column]
        return tuple(dict.fromkeys([*read, *self.swept.columns]))

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the rows apart that it is asked of."""
        return table(self.swept.table).key


def offers(name: str) -> Iterator[Any]:
    """What installed apps offer under a name."""
    for config in apps.get_app_configs():
        if config.name.startswith("renshe.") and find_spec(f"{config.name}.offers") is not None:
            yield from getattr(import_module(f"{config.name}.offers"), name, ())


@cache
def readings() -> tuple[Reading, ...]:
    """All readings offered; those for named policies first. Raises ValueError for a column that does not exist."""
    found = sorted(offers("READINGS"), key=lambda one: not one.policies)
    known = {name for about in {PERSONS, *(one.table for one in swept().values())} for name in known_columns(about)}
    if strange := sorted({one.column for one in found if one.column} - known):
        raise ValueError(f"没有这些列：{'、'.join(strange)}；可用：{'、'.join(sorted(known))}")
    return tuple(found)


@cache
def swept() -> dict[str, Swept]:
    """What apps say about whom their policies are asked of. Raises ValueError for a column its table does not have."""
    found: dict[str, Swept] = {one.policy: one for one in offers("SWEPT")}
    for one in found.values():
        if strange := sorted({*one.columns, *(read.column for read in one.folded)} - set(known_columns(one.table))):
            raise ValueError(f"{one.policy}：{one.table} 没有这些列：{'、'.join(strange)}")
    return found


@cache
def unswept() -> dict[str, str]:
    """Policies that apps say are asked of nobody, and why."""
    return {one.policy: one.why for one in offers("UNSWEPT")}


def reads_of(policy: Policy, about: str = PERSONS) -> dict[str, Reading]:
    """Input -> where it is read from; the first reading offered of a column that these rows have wins."""
    found: dict[str, Reading] = {}
    known = known_columns(about)
    for one in readings():
        mine = one.input in policy.inputs and (not one.policies or policy.name in one.policies)
        if mine and one.input not in found and (not one.column or one.column in known):
            found[one.input] = one
    return found


def ready(policy: Policy, on: datetime.date, place: str, entered: Entered = ()) -> Ready:
    """What a sweep of a policy on a day would read and give, or why it cannot be swept."""
    what = swept().get(policy.name, ALIVE)
    reads, law = reads_of(policy, what.table), policy.law(on, place, entered)
    values = tuple(dict.fromkeys(str(fault) for fault in law.lacking.values()))
    if what.folded:
        return Ready(policy, {}, what, tuple(one.input for one in what.folded), (), values)
    why, known = unswept().get(policy.name, ""), frozenset[str]()
    if not why and any(one.column for one in reads.values()):
        try:
            known = _known(law, reads, on)
        except NoColumns as fault:
            why = str(fault)
    outputs, lacking = tuple(name for name in policy.outputs if name in known and name in law.trees), _lacking(law, known)
    if not outputs and not why:
        why = _why(policy, reads, lacking, values)
    conditions = tuple(name for name in policy.outputs if name in law.rules and law.rules[name].is_condition)
    if not set(conditions) <= set(outputs):
        conditions = ()  # who meets some of the conditions is not yet entitled
    return Ready(policy, reads, what, outputs, lacking, values, why, conditions)


def _lacking(law: Law, known: frozenset[str]) -> tuple[Input, ...]:
    """The inputs for want of which an output does not come."""
    found: dict[str, Input] = {}
    ask, seen = [name for name in law.policy.outputs if name in law.trees and name not in law.lacking], set(known)
    while ask:
        name = ask.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in law.trees:
            ask += names(law.trees[name]) - set(law.values) - set(law.tables)
        elif name in law.policy.inputs and name != law.policy.dated_by:
            found[name] = law.policy.inputs[name]
    return tuple(one for name, one in law.policy.inputs.items() if name in found)


def _why(policy: Policy, reads: dict[str, Reading], lacking: tuple[Input, ...], values: tuple[str, ...]) -> str:
    """Why no output comes of what is read."""
    listed = [one.label for one in lacking if one.many]
    if not any(one.column for one in reads.values()):
        return "这项政策要的事实不在列式数据中：" + "、".join(one.label for one in policy.inputs.values())
    if listed:
        return f"要逐条的明细（{'、'.join(listed)}），一人一行的列式数据没有"
    return "缺少事实：" + "、".join(one.label for one in lacking) if lacking else "缺少法定的值：" + "；".join(values)


def _known(law: Law, reads: dict[str, Reading], on: datetime.date) -> frozenset[str]:
    """What can be worked out from what is read. Raises NoColumns."""
    return frozenset(Planner(law, {name: dtype_of(law.policy.inputs[name], one) for name, one in reads.items()}, on).known)


def dtype_of(declared: Input, one: Reading) -> Any:
    """The type of the column as the policy gets it."""
    if one.over != 1:
        return pl.Decimal(18, len(str(one.over)) - 1)
    if declared.unit.key == "bool":
        return pl.Boolean()
    return pl.String() if declared.unit.key == "text" else pl.Int64()


def column_of(declared: Input, one: Reading, on: datetime.date) -> pl.Expr:
    """The expression that makes an input of a column of facts."""
    if not one.column:
        unit = declared.unit.key
        today = {"month": month_index(on), "day": on.toordinal()}.get(unit, on.year)
        return pl.lit(today, dtype=pl.Int64).alias(declared.name)
    column, dtype = pl.col(one.column), dtype_of(declared, one)
    if one.over != 1:
        return (column.cast(dtype) / pl.lit(one.over).cast(pl.Decimal(18, 0))).cast(dtype).alias(declared.name)
    if declared.unit.key == "day":
        return (column.cast(pl.Int64) + EPOCH).alias(declared.name)
    return column.cast(dtype).alias(declared.name)


def asked_tables() -> list[tuple[str, dict[str, Column]]]:
    """The tables that policies are asked of, subjects first: label, and the columns rules may read about a row beyond its
    subject's."""
    wanted = dict.fromkeys([*SUBJECTS.values(), *(one.table for one in swept().values())])
    return [(table(name).label, own_columns(name)) for name in wanted]


def everything(on: datetime.date, place: str, entered: Entered = ()) -> list[Ready]:
    """Every installed policy."""
    return [ready(policy, on, place, entered) for policy in policies().values()]
