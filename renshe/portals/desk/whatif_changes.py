"""The changes of a draft in words, and side by side with the law."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renshe.kernel.policy.engine.draft import (
    KINDS,
    Change,
    Line,
    Row,
    change,
    drafted,
    formula_lines,
    table_in_force,
    table_rows,
)
from renshe.kernel.policy.engine.notation import formula_text
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.rounding import rounding_words
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import names
from renshe.kernel.policy.engine.values import MissingValue, Parameter
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.sweeps.models import Draft


@dataclass(frozen=True)
class Beside:
    """One change beside the law: lines of a formula, or rows of a table or of one value."""

    kind: str
    kind_label: str
    name: str
    label: str
    article: str
    words: str
    lines: tuple[Line, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def signs(self) -> int:
        """How many lines or rows are otherwise."""
        return sum(one.sign != "same" for one in (*self.lines, *self.rows))


def beside(draft: Draft, one: Mapping[str, Any]) -> Beside:
    """A change beside the law it would change, on the draft's first day. Raises DraftError."""
    return beside_law(policies()[draft.policy], change(one), draft.place, draft.valid_from)


def beside_law(policy: Policy, one: Change, place: str, since: datetime.date) -> Beside:
    """A change beside the law of a day in a place. Raises DraftError."""
    made = drafted(folders(), policy.name, [one], place, since, is_checked=False).policy
    kind = KINDS[one.kind]
    if one.kind == "value":
        parameter = policy.parameters[one.name]
        before, after = held(parameter, place, since), parameter.unit.show(parameter.unit.read(one.value))
        row = Row("same" if before == after else "changed", "", before, after, "草案")
        return Beside(one.kind, kind, one.name, parameter.label, parameter.article, f"{parameter.label}：{before}改为{after}", (), (row,))
    if one.kind == "table":
        old, new = table_in_force(policy, one.name, place, since), made.tables[one.name]
        version = next(table for table in new if (table.since, table.place) == (since, place))
        rows = tuple(table_rows(old, version))
        count = sum(row.sign != "same" for row in rows)
        return Beside(one.kind, kind, one.name, old.label, old.article, f"{old.label}：{count}行不同", (), rows)
    rule, new_rule = rule_in_force(policy, one.name, since), rule_in_force(made, one.name, since)
    lines = tuple(formula_lines(formula_text(rule), formula_text(new_rule)))
    told = "重写公式" if one.kind == "formula" else f"改用{one.since if not one.since.startswith('0001') else '最初'}的公式"
    return Beside(one.kind, kind, one.name, rule.label, rule.article, f"“{rule.label}”{told}", lines)


def words(draft: Draft) -> str:
    """All changes of a draft in one line, also where the law no longer has what they change."""
    policy = policies().get(draft.policy)
    if not draft.changes:
        return "还没有改动"
    known = {} if policy is None else {
        **{rule.name: rule.label for rule in policy.rules}, **{name: one.label for name, one in policy.parameters.items()},
        **{name: one[0].label for name, one in policy.tables.items()},
    }
    said = []
    for one in draft.changes:
        label = known.get(one["name"], one["name"])
        parameter = policy.parameters.get(one["name"]) if policy and one["kind"] == "value" else None
        if parameter is not None:
            said.append(f"{label}改为{parameter.unit.show(parameter.unit.read(one['value']))}")
        else:
            said.append({"formula": f"重写“{label}”的公式", "switch": f"“{label}”改用{'最初' if one.get('since', '').startswith('0001') else one.get('since', '')}的公式",
                         "table": f"改“{label}”的行", "value": f"改“{label}”"}[one["kind"]])
    return "；".join(said)


def held(parameter: Parameter, place: str, on: datetime.date) -> str:
    """The value in force on a day, in words."""
    try:
        return parameter.unit.show(parameter.at(on, place).value)
    except MissingValue:
        return "没有可用的值"


def rule_in_force(policy: Policy, name: str, since: datetime.date) -> Rule:
    """The formula of a rule on a day, or its first."""
    versions = sorted((rule for rule in policy.rules if rule.name == name), key=lambda rule: rule.since)
    return [*versions[:1], *(rule for rule in versions if rule.since <= since)][-1]


@dataclass(frozen=True)
class Choice:
    """Something a draft may change: its name, its label, what stands there now, whether the amount looked at needs it."""

    name: str
    label: str
    now: str
    article: str
    matters: bool
    versions: int = 1


def choices(policy: Policy, output: str, place: str, since: datetime.date) -> dict[str, list[Choice]]:
    """Values, formulas and tables of a policy; those the amount stands on come first."""
    law = policy.law(since, place)
    behind: set[str] = set()
    waiting = [output]
    while waiting:
        name = waiting.pop()
        if name not in behind:
            behind.add(name)
            waiting.extend(names(law.trees[name]) if name in law.trees else ())
    found = {
        "value": [Choice(name, one.label, held(one, place, since), one.article, name in behind) for name, one in policy.parameters.items()],
        "formula": [
            Choice(name, rule.label, rounding_words(rule.rounding, rule.unit.key) or "不取整", rule.article, name in behind,
                   sum(one.name == name for one in policy.rules))
            for name in dict.fromkeys(rule.name for rule in policy.rules) for rule in [rule_in_force(policy, name, since)]
        ],
        "table": [Choice(name, one[0].label, f"{len(table_in_force(policy, name, place, since).rows)}行", one[0].article, name in behind)
                   for name, one in policy.tables.items()],
    }
    return {kind: sorted(rows, key=lambda one: not one.matters) for kind, rows in found.items()}


def sources(policy: Policy, place: str, on: datetime.date) -> dict[str, list[dict[str, Any]]]:
    """Values, formulas as text and rows of tables as they stand on a day, for programs."""
    chosen = {rule.name: rule_in_force(policy, rule.name, on) for rule in policy.rules}
    tables = {name: table_in_force(policy, name, place, on) for name in policy.tables}
    return {
        "values": [{"name": name, "label": one.label, "unit": one.unit.key, "article": one.article, "now": held(one, place, on)}
                   for name, one in policy.parameters.items()],
        "formulas": [{"name": name, "label": one.label, "unit": one.unit.key, "article": one.article, "text": formula_text(one)}
                     for name, one in chosen.items()],
        "tables": [{"name": name, "label": one.label, "unit": one.unit.key, "article": one.article,
                    "rows": {str(key): one.unit.write(value) for key, value in one.rows.items()}} for name, one in tables.items()],
    }
