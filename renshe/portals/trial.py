"""A trial calculation as a page asks it: a box a fact, what is left out stays out, a list one item a line."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from renshe.kernel.policy.engine.evaluate import written
from renshe.kernel.policy.engine.inputs import EXAMPLES, Input
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.speak import shown
from renshe.kernel.policy.engine.units import BadInput

APART = re.compile(r"[,，、;；\s]+")
COLUMNS = re.compile(r"[,，\t ]+")
YES_NO = {"true": "是", "false": "否"}


@dataclass(frozen=True)
class Box:
    """One fact on the form: `options` to choose from, `lines` to write several, otherwise one line of text."""

    name: str
    title: str
    value: str
    help: str
    options: tuple[tuple[str, str], ...] = ()
    lines: bool = False


def boxes(policy: Policy, query: Mapping[str, str]) -> list[Box]:
    """The form of a policy, filled with what was sent."""
    return [_box(one, policy, query.get(one.name, "")) for one in policy.inputs.values()]


def given(policy: Policy, query: Mapping[str, str]) -> dict[str, object]:
    """The facts that were filled in, as `evaluate` takes them. Raises BadInput naming the line."""
    found: dict[str, object] = {}
    for one in policy.inputs.values():
        text = query.get(one.name, "").strip()
        if text:
            found[one.name] = _records(one, text) if one.fields else _items(one, text) if one.many else text
    return found


def day(query: Mapping[str, str], today: datetime.date) -> datetime.date:
    """The day to judge by; today when none was sent. Raises BadInput."""
    text = query.get("on", "").strip()
    if not text:
        return today
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"测算日期（on）：“{text[:20]}”不是日期，应如 {today}") from None


def _items(one: Input, text: str) -> list[str]:
    """Items apart by commas, spaces or lines; a choice may be written by its Chinese word."""
    keys = {label: key for key, label in one.choices.items()}
    return [keys.get(item, item) for item in APART.split(text) if item]


def _records(one: Input, text: str) -> list[dict[str, str]]:
    """One record a line, its columns apart by spaces, commas or tabs, as they come out of a worksheet."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell for cell in COLUMNS.split(line.strip()) if cell]
        if not cells:
            continue
        if len(cells) != len(one.fields):
            columns = "、".join(field.label for field in one.fields.values())
            raise BadInput(f"{one.label}（{one.name}）第{number}行：有{len(cells)}项，应为{len(one.fields)}项（{columns}），用空格隔开")
        keys = ({label: key for key, label in field.choices.items()} for field in one.fields.values())
        found.append({name: words.get(cell, cell) for name, words, cell in zip(one.fields, keys, cells, strict=True)})
    return found


def _box(one: Input, policy: Policy, value: str) -> Box:
    options: tuple[tuple[str, str], ...] = ()
    if not one.many and (one.choices or one.unit.key == "bool"):
        options = tuple((one.choices or YES_NO).items())
        if one.default is None:
            options = (("", "（不填）"), *options)
        elif not value:
            value = str(written(one.unit, one.default)).lower() if one.unit.key == "bool" else str(one.default)
    return Box(one.name, one.label, value, _help(one, policy, bool(options)), options, one.many)


def _help(one: Input, policy: Policy, choosing: bool) -> str:
    """What to write, and what happens when it is left out."""
    said = []
    if one.fields:
        said.append(f"每行一项：{'、'.join(field.label for field in one.fields.values())}，用空格隔开，可从表格粘贴")
    elif one.many:
        said.append(f"可填{'、'.join(one.choices.values())}，几个人就填几个，用逗号隔开" if one.choices else f"可填多项，用逗号隔开；每项为{EXAMPLES[one.unit.key]}")
    elif not choosing:
        said.append(EXAMPLES[one.unit.key])
    if one.default is not None and not one.many and not choosing:
        said.append(f"不填按{shown(one.unit, one.default)}计")
    elif any(rule.name == one.name for rule in policy.rules):
        said.append("不填则由其他各项推算")
    return "。".join(said)
