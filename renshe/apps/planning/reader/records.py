"""Findings as rows that can be stored, reviewed and corrected: plain JSON, numbers as decimal strings."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from renshe.apps.planning.reader.findings import (
    Box,
    Found,
    Indicator,
    Listed,
    Promise,
    Reading,
    TaskGroup,
    Unread,
    Value,
)
from renshe.apps.planning.terms import ExtractKind

LONGEST_TITLE = 200
CORRECTABLE = {  # what an officer may correct, by kind
    ExtractKind.INDICATOR: ("name", "unit", "group", "base", "goal", "goal_year", "nature", "sense", "bound"),
    ExtractKind.PROMISE: ("subject", "number", "scale", "unit", "bound", "timing"),
    ExtractKind.PROJECT: ("name", "owner", "period"), ExtractKind.TASK: ("name", "owner", "period"),
    ExtractKind.BOX: ("name",), ExtractKind.ACHIEVEMENT: ("name", "unit"), ExtractKind.UNREAD: (),
}
NUMBERS = ("base", "goal", "number", "scale", "goal_year")


def rows(reading: Reading) -> list[dict[str, Any]]:
    """A row for each finding, in the order of the text, without the plan's identifier."""
    made = []
    for position, (kind, one) in enumerate(reading.found):
        content = _content(one)
        title = str(content.get("name") or content.get("subject") or content.get("reason") or "")
        made.append({
            "position": position, "kind": str(kind), "number": getattr(one, "number", "") if not isinstance(one, Promise) else "",
            "title": title[:LONGEST_TITLE], "content": content, "path": list(one.place.path), "line": one.place.line,
            "start": one.place.start, "end": one.place.end, "quote": one.place.quote,
        })
    return made


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _list(entries: tuple[Listed, ...]) -> list[list[object]]:
    return [[entry.text, entry.start, entry.end] for entry in entries]


def _content(one: Found) -> dict[str, Any]:
    if isinstance(one, Indicator):
        done: Value | None = one.done
        return {
            "name": one.name, "unit": one.unit, "group": one.group, "base": _text(one.base.number),
            "base_printed": one.base.printed, "base_year": one.base_year, "goal": _text(one.target.number),
            "goal_printed": one.target.printed, "goal_year": one.target_year, "bound": str(one.target.bound),
            "nature": str(one.nature), "nature_printed": one.nature_printed, "sense": str(one.sense), "part_of": one.part_of,
            "owner": one.owner, "done": _text(done.number) if done else None, "done_printed": done.printed if done else "",
        }
    if isinstance(one, Promise):
        return {
            "subject": one.subject, "number": _text(one.number), "scale": one.scale, "unit": one.unit,
            "bound": str(one.bound), "timing": str(one.timing), "years": one.years, "wording": str(one.wording),
        }
    if isinstance(one, Box):
        return {"name": one.title, "actions": _list(one.actions)}
    if isinstance(one, TaskGroup):
        return {"name": one.name, "tasks": _list(one.tasks), "period": one.period, "owner": one.owner}
    if isinstance(one, Unread):
        return {"reason": one.reason, "words": one.words or one.place.quote}
    return {
        "name": one.name, "platform": _list(one.platform), "mechanism": _list(one.mechanism), "measures": _list(one.measures),
        "steps": _list(one.steps), "goals": _list(one.goals), "period": one.period, "owner": one.owner,
    }


def by_hand(kind: ExtractKind, given: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """An indicator or a promise that an officer found and the reader did not, as content; and what is wrong, in words."""
    made, faults = corrections(kind, given)
    name, wanted = ("name", "goal") if kind is ExtractKind.INDICATOR else ("subject", "number")
    if not made.get(name):
        faults.append("请写明名称或事项")
    if made.get(wanted) is None and not faults:
        faults.append("请填目标数")
    if kind is ExtractKind.INDICATOR:
        empty: dict[str, Any] = {
            "name": "", "unit": "", "group": "", "base": None, "base_year": None, "goal": None, "goal_year": None, "bound": "exact",
            "nature": "unsaid", "nature_printed": "", "sense": "level", "part_of": "", "owner": "", "done": None, "done_printed": "",
        }
        return {**empty, **made, "base_printed": made.get("base") or "——", "goal_printed": made.get("goal") or ""}, faults
    plain = {"subject": "", "number": None, "scale": 1, "unit": "", "bound": "exact", "timing": "unsaid", "years": None, "wording": "printed"}
    return {**plain, **made}, faults


def corrections(kind: ExtractKind, given: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What an officer typed, as corrections; and what is wrong with it, in words."""
    made: dict[str, Any] = {}
    faults = []
    for name in CORRECTABLE[kind]:
        if name not in given:
            continue
        typed = given[name].strip()
        if name not in NUMBERS:
            made[name] = typed[:LONGEST_TITLE]
            continue
        number = _number(typed)
        if typed and number is None:
            faults.append(f"“{typed}”不是数字")
        elif name in ("scale", "goal_year"):
            made[name] = int(number) if number else 1
        else:
            made[name] = _text(number)
    return made, faults


def _number(typed: str) -> Decimal | None:
    plain = typed.replace(",", "").replace("，", "")
    if not plain.replace(".", "", 1).removeprefix("-").isdigit() or len(plain) > 15:
        return None
    return Decimal(plain)
