"""One folder of law: policy.yaml (basis, inputs, dated values), formula.py, cases.yaml."""

import bisect
import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

from renshe.kernel.common.files import read_yaml
from renshe.kernel.policy.engine.inputs import Input, read_input
from renshe.kernel.policy.engine.places import upward
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import (
    Fact,
    Fold,
    FormulaError,
    Node,
    Quantity,
    Rounded,
    Table,
    dated,
    names,
    node,
)
from renshe.kernel.policy.engine.units import Exact
from renshe.kernel.policy.engine.values import (
    DatedTable,
    DatedValue,
    MissingValue,
    Parameter,
    Timeline,
    read_parameter,
    read_table,
)

Entered = tuple[tuple[str, DatedValue], ...]
Given = tuple[tuple[str, Exact], ...]
Made = TypeVar("Made")
MOST_KEPT = 1024


@dataclass(frozen=True)
class Law:
    """A policy as it stands in one place from `since` until nothing of it changes: rules in order of dependence.

    `lacking` are the rules that themselves use a value of law nobody knows; `missing` also those that need such a rule.
    """

    policy: "Policy"
    since: datetime.date
    until: datetime.date
    place: str
    entered: Entered
    given: Given
    values: dict[str, DatedValue]
    timelines: dict[str, Timeline]
    tables: dict[str, DatedTable]
    trees: dict[str, Node]
    rules: dict[str, Rule]
    lacking: dict[str, MissingValue]
    missing: dict[str, MissingValue]
    version: str
    _kept: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    def kept(self, key: object, make: Callable[[], Made]) -> Made:
        """What was made of this law under a key, made now if it was not: functions, plans of columns, words."""
        if key not in self._kept:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            self._kept[key] = make()
        return cast(Made, self._kept[key])

    @cached_property
    def needs(self) -> dict[str, frozenset[str]]:
        """What each rule mentions: worked out once, since every evaluation asks."""
        return {name: frozenset(names(tree)) for name, tree in self.trees.items()}

    def is_list(self, name: str) -> bool:
        """Whether an input or a rule is a list."""
        if name in self.policy.inputs:
            return self.policy.inputs[name].many
        tree = self.trees.get(name)
        return isinstance(tree, Fold) and tree.kind == "each"


@dataclass(frozen=True)
class Shelf:
    """The laws of one policy for a place and the values added, by the number of the day from which each holds."""

    timelines: dict[str, Timeline]
    breaks: list[datetime.date]
    laws: dict[int, Law] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """What one folder says."""

    name: str
    title: str
    basis: str
    inputs: dict[str, Input]
    parameters: dict[str, Parameter]
    tables: dict[str, tuple[DatedTable, ...]]
    rules: tuple[Rule, ...]
    outputs: tuple[str, ...]
    cases: tuple[dict[str, Any], ...]
    digest: str
    dated_by: str = ""
    topic: str = ""
    uses: tuple[str, ...] = ()
    public: dict[str, str] = field(default_factory=dict)  # rule -> the name an output goes by, where it differs
    _shelves: dict[object, Shelf] = field(default_factory=dict, compare=False, repr=False)

    def called(self, output: str) -> str:
        """The public name of an output: that of its rule, unless an input already has it (`balance: closing_balance`)."""
        return self.public.get(output, output)

    def rules_on(self, on: datetime.date) -> dict[str, Rule]:
        """The formulas in force on a day: of several with one name, the one that started last."""
        chosen: dict[str, Rule] = {}
        for rule in sorted(self.rules, key=lambda rule: rule.since):
            if rule.since <= on:
                chosen[rule.name] = rule
        return chosen

    def law(self, on: datetime.date, place: str, entered: Entered = (), given: Given = ()) -> Law:
        """The law on a day: `entered` are values an operator confirmed, `given` win over everything for this call."""
        shelf = self._shelves.get((place, entered, given))
        if shelf is None:
            if len(self._shelves) > 256:
                self._shelves.clear()
            shelf = self._shelves[place, entered, given] = self._shelf(place, entered, given)
        number = bisect.bisect_right(shelf.breaks, on) - 1
        if number not in shelf.laws:
            shelf.laws[number] = self._resolve(shelf, number, place, entered, given)
        return shelf.laws[number]

    def _shelf(self, place: str, entered: Entered, given: Given) -> Shelf:
        timelines = {
            name: parameter.timeline(place) for name, parameter in self._parameters(entered, given).items()
        }
        days = {day for line in timelines.values() for day, _ in line} | {rule.since for rule in self.rules}
        days |= {table.since for versions in self.tables.values() for table in versions}
        return Shelf(timelines, sorted({datetime.date.min, *days}))

    def _resolve(self, shelf: Shelf, number: int, place: str, entered: Entered, given: Given) -> Law:
        on, timelines = shelf.breaks[number], shelf.timelines
        until = shelf.breaks[number + 1] if number + 1 < len(shelf.breaks) else datetime.date.max
        values: dict[str, DatedValue] = {}
        absent: dict[str, MissingValue] = {}
        for name, parameter in self.parameters.items():
            holding = [value for day, value in timelines[name] if day <= on][-1:]
            if holding and holding[0]:
                values[name] = holding[0]
            else:
                absent[name] = MissingValue(name, parameter.label, place, on, parameter.document, until=until)
        tables = self._tables(on, place)
        for name in self.tables.keys() - tables.keys():
            first = self.tables[name][0]
            absent[name] = MissingValue(name, first.label, place, on, first.article, until=until)
        rules = self.rules_on(on)
        trees = {name: _tree(self, rule) for name, rule in rules.items()}
        for rule in self.rules:
            if rule.name not in rules:
                document = f"当时施行的规定（{rule.since}起为{rule.article}）"
                absent[rule.name] = MissingValue(rule.name, rule.label, place, on, document, until=until)
        ordered = _ordered(rules, self.outputs)
        lacking: dict[str, MissingValue] = {}
        for name in ordered:
            empty = {need for need in dated(trees[name]) if not timelines[need]}
            for need in sorted(names(trees[name]) | empty):
                if need in absent and need not in self.inputs:
                    lacking[name] = absent[need]
                    break
        return Law(
            self, on, until, place, entered, given, values, timelines, tables,
            {name: trees[name] for name in ordered}, {name: rules[name] for name in ordered}, lacking,
            waiting({name: names(tree) for name, tree in trees.items()}, ordered, lacking), self._version(values, timelines, trees, rules),
        )

    def _version(
        self, values: Mapping[str, DatedValue], timelines: Mapping[str, Timeline], trees: Mapping[str, Node],
        rules: Mapping[str, Rule],
    ) -> str:
        """The folder, the values in force, those of other times that rules ask for, and which formulas are in force."""
        stamp = hashlib.sha256(self.digest.encode())
        for name in sorted(values):
            stamp.update(f"{name}={values[name].value}@{values[name].since}".encode())
        for name in sorted(set().union(*(dated(tree) for tree in trees.values()))):
            stamp.update(f"{name}:{[(day, value and value.value) for day, value in timelines[name]]}".encode())
        for name in sorted(rules):
            stamp.update(f"{name}:{rules[name].since}".encode())
        return stamp.hexdigest()

    def _parameters(self, entered: Entered, given: Given) -> dict[str, Parameter]:
        """The dated values with what was entered added, and what this call gives holding at any time."""
        found = dict(self.parameters)
        for name, parameter in self.parameters.items():
            own = tuple(value for entered_name, value in entered if entered_name == name)
            if own:
                found[name] = parameter.with_values(own)
        for name, exact in given:
            always = DatedValue(exact, datetime.date.min, None, "本次测算给定", "given")
            found[name] = dataclasses.replace(self.parameters[name], values=(always,))
        return found

    def _tables(self, on: datetime.date, place: str) -> dict[str, DatedTable]:
        """The version of each table in force: the nearest place, then the newest."""
        found: dict[str, DatedTable] = {}
        for above in reversed(upward(place)):
            for name, versions in self.tables.items():
                for table in versions:
                    if table.since <= on and table.place == above:
                        found[name] = table
        return found


def waiting(
    needs: Mapping[str, Collection[str]], ordered: Iterable[str], lacking: Mapping[str, MissingValue],
    given: frozenset[str] = frozenset(),
) -> dict[str, MissingValue]:
    """Rules that wait for a value of law, themselves or through a rule they need and the caller does not give."""
    found: dict[str, MissingValue] = {}
    for name in ordered:
        faults = [found[need] for need in sorted(needs[name]) if need in found]
        if name not in given and (name in lacking or faults):
            found[name] = lacking.get(name) or faults[0]
    return found


def _tree(policy: Policy, rule: Rule) -> Node:
    """Call a formula once, with symbols. The rounding of a rule with a result for each item is that of each item."""
    symbols: list[Node | Table] = []
    known = {one.name for one in policy.rules} | set(policy.inputs)
    for argument in rule.arguments:
        if argument in policy.tables:
            symbols.append(Table(argument))
        elif argument in policy.parameters:
            symbols.append(Quantity(argument))
        elif argument in known:
            symbols.append(Fact(argument))
        else:
            raise FormulaError(f"{policy.name}.{rule.name}：参数“{argument}”既不是输入、政策值、表，也不是规则")
    tree = node(rule.formula(*symbols))
    if isinstance(tree, Fold) and tree.kind == "each" and rule.rounding:
        return dataclasses.replace(tree, body=Rounded(tree.body, rule.rounding))
    return tree


def _ordered(rules: Mapping[str, Rule], outputs: Iterable[str]) -> list[str]:
    """Rule names as a person reads them: each output, in its order, after what it needs. Raises FormulaError on a circle."""
    done: dict[str, None] = {}

    def take(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise FormulaError(f"规则互相依赖成环：{'、'.join(sorted(above[above.index(name):]))}")
        if name not in done:
            for need in rules[name].arguments:
                if need in rules:
                    take(need, (*above, name))
            done[name] = None

    for name in (*outputs, *rules):
        if name in rules:
            take(name, ())
    return list(done)


@lru_cache(maxsize=256)
def load(folder: Path, formula: ModuleType) -> Policy:
    """Read a policy folder; `formula` is its formula module. Raises BadInput or FormulaError."""
    text = (folder / "policy.yaml").read_bytes()
    raw = read_yaml(folder / "policy.yaml")
    cases_file = folder / "cases.yaml"
    cases = read_yaml(cases_file) if cases_file.exists() else []
    tables: dict[str, tuple[DatedTable, ...]] = {}
    for name, versions in raw.get("tables", {}).items():
        tables[name] = tuple(sorted((read_table(name, one) for one in versions), key=lambda table: table.since))
    outputs = [pair for one in raw["outputs"] for pair in (one.items() if isinstance(one, dict) else [(one, one)])]
    return Policy(
        name=raw["name"], title=raw["title"], basis=raw["basis"],
        inputs={name: read_input(name, one) for name, one in raw.get("inputs", {}).items()},
        parameters={name: read_parameter(name, one) for name, one in raw.get("values", {}).items()},
        tables=tables,
        rules=tuple(thing for thing in formula.RULES if isinstance(thing, Rule)),
        outputs=tuple(rule for _, rule in outputs), cases=tuple(cases or ()),
        dated_by=raw.get("dated_by", ""), topic=raw.get("topic", ""), uses=tuple(raw.get("uses", ())),
        public={rule: name for name, rule in outputs if rule != name},
        digest=hashlib.sha256(text + (folder / "formula.py").read_bytes()).hexdigest(),
    )
