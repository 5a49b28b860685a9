"""One folder of law: policy.yaml (basis, inputs, dated values), formula.py, cases.yaml."""

import dataclasses
import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

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


@dataclass(frozen=True)
class Law:
    """A policy as it stands on one day in one place: values resolved, rules in order of dependence.

    `lacking` are the rules that themselves use a value of law nobody knows; `missing` also those that need such a rule.
    """

    policy: "Policy"
    on: datetime.date
    place: str
    values: dict[str, DatedValue]
    timelines: dict[str, Timeline]
    tables: dict[str, DatedTable]
    trees: dict[str, Node]
    rules: dict[str, Rule]
    lacking: dict[str, MissingValue]
    missing: dict[str, MissingValue]
    version: str

    def is_list(self, name: str) -> bool:
        """Whether an input or a rule is a list."""
        if name in self.policy.inputs:
            return self.policy.inputs[name].many
        tree = self.trees.get(name)
        return isinstance(tree, Fold) and tree.kind == "each"


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
    _laws: dict[object, Law] = field(default_factory=dict, compare=False, repr=False)

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

    def law(
        self, on: datetime.date, place: str,
        entered: tuple[tuple[str, DatedValue], ...] = (), given: tuple[tuple[str, Exact], ...] = (),
    ) -> Law:
        """The law on a day: `entered` are values an operator confirmed, `given` win over everything for this call."""
        key = (on, place, entered, given)
        if key not in self._laws:
            if len(self._laws) > 512:
                self._laws.clear()
            self._laws[key] = self._resolve(on, place, entered, given)
        return self._laws[key]

    def _resolve(
        self, on: datetime.date, place: str,
        entered: tuple[tuple[str, DatedValue], ...], given: tuple[tuple[str, Exact], ...],
    ) -> Law:
        values: dict[str, DatedValue] = {}
        timelines: dict[str, Timeline] = {}
        absent: dict[str, MissingValue] = {}
        for name, parameter in self._parameters(entered, given).items():
            timelines[name] = parameter.timeline(place)
            try:
                values[name] = parameter.at(on, place)
            except MissingValue as fault:
                absent[name] = fault
        tables = self._tables(on, place)
        for name in self.tables.keys() - tables.keys():
            first = self.tables[name][0]
            absent[name] = MissingValue(name, first.label, place, on, first.article)
        rules = self.rules_on(on)
        trees = {name: _tree(self, rule) for name, rule in rules.items()}
        for rule in self.rules:
            if rule.name not in rules:
                absent[rule.name] = MissingValue(rule.name, rule.label, place, on, f"当时施行的规定（现行{rule.article}）")
        ordered = _ordered(trees)
        lacking: dict[str, MissingValue] = {}
        for name in ordered:
            empty = {need for need in dated(trees[name]) if not timelines[need]}
            for need in sorted(names(trees[name]) | empty):
                if need in absent and need not in self.inputs:
                    lacking[name] = absent[need]
                    break
        stamp = hashlib.sha256(self.digest.encode())
        for name in sorted(values):
            stamp.update(f"{name}={values[name].value}@{values[name].since}".encode())
        for name in sorted(set().union(*(dated(tree) for tree in trees.values()))):
            stamp.update(f"{name}:{[(day, value and value.value) for day, value in timelines[name]]}".encode())
        for name in sorted(rules):
            stamp.update(f"{name}:{rules[name].since}".encode())
        return Law(
            self, on, place, values, timelines, tables, {name: trees[name] for name in ordered},
            {name: rules[name] for name in ordered}, lacking, waiting(trees, ordered, lacking), stamp.hexdigest(),
        )

    def _parameters(
        self, entered: tuple[tuple[str, DatedValue], ...], given: tuple[tuple[str, Exact], ...]
    ) -> dict[str, Parameter]:
        """The dated values with what was entered added, and what this call gives holding at any time."""
        found = dict(self.parameters)
        for name, parameter in self.parameters.items():
            own = tuple(value for entered_name, value in entered if entered_name == name)
            if own:
                found[name] = parameter.with_values(own)
        for name, exact in given:
            always = DatedValue(exact, datetime.date.min, None, "本次测算给定", "entered")
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
    trees: Mapping[str, Node], ordered: Iterable[str], lacking: Mapping[str, MissingValue],
    given: frozenset[str] = frozenset(),
) -> dict[str, MissingValue]:
    """Rules that wait for a value of law, themselves or through a rule they need and the caller does not give."""
    found: dict[str, MissingValue] = {}
    for name in ordered:
        faults = [found[need] for need in sorted(names(trees[name])) if need in found]
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


def _ordered(trees: dict[str, Node]) -> list[str]:
    """Rule names so that each comes after those it needs. Raises FormulaError on a circle."""
    needs = {name: names(tree) & set(trees) for name, tree in trees.items()}
    done: list[str] = []
    while len(done) < len(needs):
        ready = [name for name in needs if name not in done and needs[name] <= set(done)]
        if not ready:
            raise FormulaError(f"规则互相依赖成环：{'、'.join(sorted(set(needs) - set(done)))}")
        done.extend(ready)
    return done


@lru_cache(maxsize=256)
def load(folder: Path, formula: ModuleType) -> Policy:
    """Read a policy folder; `formula` is its formula module. Raises BadInput or FormulaError."""
    text = (folder / "policy.yaml").read_bytes()
    raw = yaml.safe_load(text)
    cases_file = folder / "cases.yaml"
    cases = yaml.safe_load(cases_file.read_text(encoding="utf-8")) if cases_file.exists() else []
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
