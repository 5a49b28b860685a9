"""A draft of law: some dated values, formulas or table rows otherwise from a day on, put into the folders as an edit would be.

The folders are then joined and checked as they always are, so a draft is judged as the law would be once it is issued.
"""

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import ndiff
from typing import Any

from renshe.kernel.common.divisions import prefix
from renshe.kernel.policy.engine.check import faults
from renshe.kernel.policy.engine.limits import hold
from renshe.kernel.policy.engine.notation import read
from renshe.kernel.policy.engine.places import code
from renshe.kernel.policy.engine.policy import Entered, Policy
from renshe.kernel.policy.engine.refusals import TextFault
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import BadInput, Exact, Unit
from renshe.kernel.policy.engine.uses import joined
from renshe.kernel.policy.engine.values import DatedTable, DatedValue

DRAFT = "草案"
MOST_CHANGES = 20
MOST_ROWS = 400
KINDS = {"value": "政策值", "formula": "公式", "switch": "改用另一天的公式", "table": "表"}


class DraftError(ValueError):
    """A change that cannot be made; `field` says which part of it: name, value, text, since, or `rows.<key>`."""

    def __init__(self, says: str, field: str, *, line: int = 0, column: int = 0, accepts: str = "") -> None:
        self.field, self.line, self.column, self.accepts = field, line, column, accepts
        super().__init__(says)


@dataclass(frozen=True)
class Change:
    """One thing otherwise: a value (`value`), a formula (`text`), another day's formula (`since`), or all rows of a table."""

    kind: str
    name: str
    value: str = ""
    text: str = ""
    since: str = ""
    rows: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        own = {"value": {"value": self.value}, "formula": {"text": self.text}, "switch": {"since": self.since}}
        return {"kind": self.kind, "name": self.name, **own.get(self.kind, {"rows": dict(self.rows)})}


def change(raw: Mapping[str, Any]) -> Change:
    """A change as JSON carries it. Raises DraftError."""
    if raw.get("kind") not in KINDS:
        raise DraftError(f"没有这种改动，可用：{'、'.join(f'{key}（{label}）' for key, label in KINDS.items())}", "kind")
    given = raw.get("rows") or {}
    rows = tuple((str(key).strip(), str(value).strip()) for key, value in (given.items() if isinstance(given, Mapping) else given))
    keys = [key for key, _ in rows]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise DraftError(f"“{twice[:20]}”有两行，只能留一行", f"rows.{twice}")
    return Change(
        raw["kind"], str(raw.get("name", "")), str(raw.get("value", "")).strip(), str(raw.get("text", "")).replace("\r\n", "\n"),
        str(raw.get("since", "")), rows,
    )


def without(changes: Sequence[Mapping[str, Any]], kind: str, name: str) -> list[Mapping[str, Any]]:
    """The changes but the one of a thing: a formula written anew and one of another day change the same thing."""
    alike = {"formula", "switch"} if kind in ("formula", "switch") else {kind}
    return [one for one in changes if one.get("name") != name or one.get("kind") not in alike]


@dataclass(frozen=True)
class Drafted:
    """A policy with a draft in force from `since` on in `place`, and the values it sets."""

    policy: Policy
    place: str
    since: datetime.date
    values: Entered

    def entered(self, before: Callable[[str], Entered]) -> Callable[[str], Entered]:
        """The values officers entered, and the draft's."""
        if not self.values:
            return before
        return lambda place: (*before(place), *self.values) if place.startswith(prefix(self.place)) else before(place)


def drafted(
    folders: Mapping[str, Policy], name: str, changes: Sequence[Change], place: str, since: datetime.date, *, is_checked: bool = True
) -> Drafted:
    """The policy `name` with the changes made in its folder and those it uses. Raises DraftError."""
    if len(changes) > MOST_CHANGES:
        raise DraftError(f"一份草案最多{MOST_CHANGES}项改动", "changes")
    try:
        place = code(place)
    except BadInput as fault:
        raise DraftError(str(fault), "place") from None
    near = {one: folders[one] for one in reach(folders, name)}
    whole = joined(near)[name]
    values: list[tuple[str, DatedValue]] = []
    for one in changes:
        if one.kind == "value":
            values.append((one.name, DatedValue(_value(whole, one), since, None, DRAFT, "draft", place=place)))
        else:
            owner = owner_of(near, name, one)
            near[owner] = _changed(near[owner], one, whole, place, since)
    made = Drafted(joined(near)[name], place, since, tuple(values))
    if is_checked:
        _check(made, changes)
    return made


def reach(folders: Mapping[str, Policy], name: str) -> list[str]:
    """A policy and those it stands on, itself first."""
    found, waiting = dict.fromkeys([name]), [name]
    while waiting:
        more = [one for one in folders[waiting.pop(0)].uses if one not in found]
        found.update(dict.fromkeys(more))
        waiting.extend(more)
    return list(found)


def owner_of(near: Mapping[str, Policy], name: str, one: Change) -> str:
    """The folder in which a rule or a table stands. Raises DraftError."""
    for folder in reach(near, name):
        known = near[folder].tables if one.kind == "table" else {rule.name for rule in near[folder].rules}
        if one.name in known:
            return folder
    raise DraftError(f"{near[name].title}没有“{one.name[:40]}”这{'张表' if one.kind == 'table' else '个规则'}", "name")


def _value(whole: Policy, one: Change) -> Exact:
    if one.name not in whole.parameters:
        raise DraftError(f"{whole.title}没有“{one.name[:40]}”这一政策值", "name", accepts="、".join(whole.parameters))
    parameter = whole.parameters[one.name]
    try:
        return parameter.unit.read(one.value)
    except BadInput as fault:
        raise DraftError(f"{parameter.label}：{fault}", "value") from None


def _changed(policy: Policy, one: Change, whole: Policy, place: str, since: datetime.date) -> Policy:
    stamp = hashlib.sha256(f"{policy.digest}+{one}@{since}{place}".encode()).hexdigest()
    if one.kind == "table":
        table = _table(policy, one, place, since)
        others = tuple(old for old in policy.tables[one.name] if (old.since, old.place) != (since, place))
        versions = tuple(sorted((*others, table), key=lambda table: table.since))
        return dataclasses.replace(policy, tables={**policy.tables, one.name: versions}, digest=stamp, _shelves={})
    rule = _rule(policy, one, whole, since)
    kept = tuple(old for old in policy.rules if old.name != one.name or old.since < since)
    return dataclasses.replace(policy, rules=(*kept, rule), digest=stamp, _shelves={})


def _rule(policy: Policy, one: Change, whole: Policy, since: datetime.date) -> Rule:
    versions = sorted((rule for rule in policy.rules if rule.name == one.name), key=lambda rule: rule.since)
    if one.kind == "switch":
        for rule in versions:
            if rule.since.isoformat() == one.since:
                return dataclasses.replace(rule, since=since)
        known = "、".join(rule.since.isoformat() for rule in versions)
        raise DraftError(f"“{versions[0].label}”没有这一天的公式", "since", accepts=known)
    rule = [*versions[:1], *(rule for rule in versions if rule.since <= since)][-1]
    try:
        formula = read(one.text, rule, labels(whole))
    except TextFault as fault:
        raise DraftError(fault.says, "text", line=fault.line, column=fault.column, accepts=fault.accepts) from None
    return dataclasses.replace(
        rule, formula=formula, arguments=formula.arguments, since=since, article=f"{DRAFT}（原依据：{rule.article}）",
    )


def labels(policy: Policy) -> dict[str, str]:
    """Every name a formula of a policy may use, with its Chinese label."""
    return {
        **{rule.name: rule.label for rule in policy.rules}, **{name: one[0].label for name, one in policy.tables.items()},
        **{name: one.label for name, one in policy.parameters.items()}, **{name: one.label for name, one in policy.inputs.items()},
    }


def table_in_force(policy: Policy, name: str, place: str, since: datetime.date) -> DatedTable:
    """The version of a table a draft starts from."""
    return policy._tables(since, place).get(name) or policy.tables[name][0]


def _table(policy: Policy, one: Change, place: str, since: datetime.date) -> DatedTable:
    before = table_in_force(policy, one.name, place, since)
    if not one.rows:
        raise DraftError(f"{before.label}：至少要有一行", "rows")
    if len(one.rows) > MOST_ROWS:
        raise DraftError(f"{before.label}：最多{MOST_ROWS}行", "rows")
    whole = all(isinstance(key, int) for key in before.rows)
    rows: dict[int | str, Exact] = {}
    for text, value in one.rows:
        key = _key(before, text, whole)
        try:
            rows[key] = before.unit.read({"true": True, "false": False}.get(value, value) if before.unit.key == "bool" else value)
        except BadInput as fault:
            raise DraftError(f"{before.label}“{text}”一行：{fault}", f"rows.{text}") from None
    return dataclasses.replace(
        before, rows=rows, since=since, place=place, source=DRAFT, confidence="draft", article=f"{DRAFT}（原依据：{before.article}）",
    )


def _key(before: DatedTable, text: str, whole: bool) -> int | str:
    if whole and not (text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) <= 9):
        raise DraftError(f"{before.label}：“{text[:20]}”不能作一行的键，应为整数，如{next(iter(before.rows))}", f"rows.{text}")
    if not text or len(text) > 40:
        raise DraftError(f"{before.label}：每行要有键，不超过40字", f"rows.{text}")
    return int(text) if whole else text


def _check(made: Drafted, changes: Sequence[Change]) -> None:
    rules = {one.name for one in changes if one.kind in ("formula", "switch")}
    try:
        law = made.policy.law(made.since, made.place)
        hold(law, rules)
        found = faults(made.policy, made.since, made.place)
    except TextFault as fault:
        raise DraftError(fault.says, "text", line=fault.line, column=fault.column, accepts=fault.accepts) from None
    except FormulaError as fault:
        raise DraftError(str(fault), "text") from None
    if found:
        more = "，可在公式里写 rounded(计算式, \"half_up\")" if "取整" in found[0] else ""
        raise DraftError(found[0] + more, "text")


@dataclass(frozen=True)
class Line:
    """One line of a comparison: what stood there, what stands there now; `sign` is `same`, `changed`, `added`, `removed`."""

    sign: str
    before: str
    after: str


def formula_lines(before: str, after: str) -> list[Line]:
    """Two texts side by side, line by line."""
    found: list[Line] = []
    gone: list[str] = []
    for line in ndiff(before.splitlines(), after.splitlines()):
        sign, text = line[0], line[2:]
        if sign == "-":
            gone.append(text)
        elif sign == "+":
            found.append(Line("changed", gone.pop(0), text) if gone else Line("added", "", text))
        elif sign == " ":
            found.extend(Line("removed", one, "") for one in gone)
            gone.clear()
            found.append(Line("same", text, text))
    return [*found, *(Line("removed", one, "") for one in gone)]


@dataclass(frozen=True)
class Row:
    """One row of a table before and after, as people read it, and what it rests on."""

    sign: str
    key: str
    before: str
    after: str
    article: str


def table_rows(before: DatedTable, after: DatedTable) -> list[Row]:
    """Two versions of a table, row by row: a row that differs rests on the draft alone."""
    def shown(unit: Unit, value: Exact | None) -> str:
        return "" if value is None else unit.show(value)

    found = []
    for key in dict.fromkeys([*before.rows, *after.rows]):
        old, new = before.rows.get(key), after.rows.get(key)
        sign = "same" if old == new else "added" if old is None else "removed" if new is None else "changed"
        found.append(Row(sign, str(key), shown(before.unit, old), shown(after.unit, new), before.article if sign == "same" else DRAFT))
    return found
