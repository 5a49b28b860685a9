"""One folder of law: policy.yaml (basis, inputs, dated values), formula.py, cases.yaml."""

import datetime
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import FormulaError, Name, Node, Table, names, node
from renshe.kernel.policy.engine.units import UNITS, BadInput, Exact, Unit
from renshe.kernel.policy.engine.values import (
    DatedTable,
    DatedValue,
    MissingValue,
    Parameter,
    read_parameter,
    read_table,
)


@dataclass(frozen=True)
class Input:
    """A fact about the person or organisation that the caller gives."""

    name: str
    label: str
    unit: Unit
    choices: dict[str, str] = field(default_factory=dict)
    least: Exact | None = None
    most: Exact | None = None

    def read(self, value: object) -> Exact:
        """The value as the engine takes it. Raises BadInput saying what would be accepted."""
        try:
            exact = self.unit.read(value)
        except BadInput as fault:
            raise BadInput(f"{self.label}（{self.name}）：{fault}") from None
        if self.choices and exact not in self.choices:
            raise BadInput(f"{self.label}（{self.name}）：“{value}”不在 {'、'.join(self.choices)} 之中")
        if self.least is not None and exact < self.least:  # type: ignore[operator]
            raise BadInput(f"{self.label}（{self.name}）：不得小于{self.unit.show(self.least)}")
        if self.most is not None and exact > self.most:  # type: ignore[operator]
            raise BadInput(f"{self.label}（{self.name}）：不得大于{self.unit.show(self.most)}")
        return exact


@dataclass(frozen=True)
class Law:
    """A policy as it stands on one day in one place: values resolved, rules in order of dependence."""

    policy: "Policy"
    on: datetime.date
    values: dict[str, DatedValue]
    tables: dict[str, DatedTable]
    trees: dict[str, Node]
    rules: dict[str, Rule]
    missing: dict[str, MissingValue]
    version: str


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
    _laws: dict[object, Law] = field(default_factory=dict, compare=False, repr=False)

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
        absent: dict[str, MissingValue] = {}
        for name, parameter in self.parameters.items():
            own = tuple(value for entered_name, value in entered if entered_name == name)
            try:
                values[name] = (parameter.with_values(own) if own else parameter).at(on, place)
            except MissingValue as fault:
                absent[name] = fault
        for name, exact in given:
            values[name] = DatedValue(exact, on, None, "本次测算给定", "entered")
            absent.pop(name, None)
        tables = {}
        for name, versions in self.tables.items():
            for table in versions:
                if table.since <= on:
                    tables[name] = table
            if name not in tables:
                first = versions[0]
                absent[name] = MissingValue(name, first.label, place, on, first.article)
        rules = self.rules_on(on)
        trees = {name: _tree(self, rule, rules) for name, rule in rules.items()}
        ordered = _ordered(trees)
        missing: dict[str, MissingValue] = {}
        for name in ordered:
            for need in sorted(names(trees[name])):
                if lacking := absent.get(need) or missing.get(need):
                    missing[name] = lacking
                    break
        stamp = hashlib.sha256(self.digest.encode())
        for name in sorted(values):
            stamp.update(f"{name}={values[name].value}@{values[name].since}".encode())
        return Law(
            self, on, values, tables, {name: trees[name] for name in ordered},
            {name: rules[name] for name in ordered}, missing, stamp.hexdigest(),
        )


def _tree(policy: Policy, rule: Rule, rules: dict[str, Rule]) -> Node:
    """Call a formula once, with symbols."""
    symbols: list[Node | Table] = []
    for argument in rule.arguments:
        if argument in policy.tables:
            symbols.append(Table(argument))
        elif argument in policy.inputs or argument in policy.parameters or argument in rules:
            symbols.append(Name(argument))
        else:
            raise FormulaError(f"{policy.name}.{rule.name}：参数“{argument}”既不是输入、政策值、表，也不是规则")
    return node(rule.formula(*symbols))


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


def _input(name: str, raw: dict[str, Any]) -> Input:
    unit = UNITS[raw["unit"]]
    return Input(
        name, raw["label"], unit, dict(raw.get("choices", {})),
        unit.read(raw["least"]) if "least" in raw else None,
        unit.read(raw["most"]) if "most" in raw else None,
    )


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
    return Policy(
        name=raw["name"], title=raw["title"], basis=raw["basis"],
        inputs={name: _input(name, one) for name, one in raw.get("inputs", {}).items()},
        parameters={name: read_parameter(name, one) for name, one in raw.get("values", {}).items()},
        tables=tables,
        rules=tuple(thing for thing in formula.RULES if isinstance(thing, Rule)),
        outputs=tuple(raw["outputs"]), cases=tuple(cases or ()),
        digest=hashlib.sha256(text + (folder / "formula.py").read_bytes()).hexdigest(),
    )
