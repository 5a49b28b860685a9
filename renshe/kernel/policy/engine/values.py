"""Law by date and place: dated values and dated tables, each with its source and how sure we are of it."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from renshe.kernel.policy.engine.places import code, upward
from renshe.kernel.policy.engine.units import UNITS, BadInput, Exact, Unit

CONFIDENCES = ("high", "medium", "low", "entered")
CERTAINTY = {
    "high": "已核对", "medium": "尚需核对", "low": "把握不足，须核对", "entered": "经录入复核", "given": "假设，未经核对",
    "draft": "草案，尚未施行",
}
NAMES_A_DOCUMENT = re.compile(  # a number of a document, or the kind of document it is
    "〔[0-9]{4}〕|号|法(?:（|；|，| |第|$)|条例|办法|决定|通知|通报|意见|规定|公报|解释|公告|方案|问答|资料|数据|汇编|名单|转录件|报道|文件|报告|表|网页|政府网|页面"
)
NOT_A_SOURCE = re.compile("记忆|未见|推得|推算|待核")  # how sure we are is said by the confidence and the note


class MissingValue(LookupError):
    """A value of law that is not known for this day and place; says which document to obtain.

    With `until`, it is missing from the day on until then, and the day may be the first of all.
    """

    def __init__(
        self, name: str, label: str, place: str, on: datetime.date, document: str, *,
        until: datetime.date | None = None, rule: str = "",
    ) -> None:
        self.name, self.label, self.place, self.on, self.document = name, label, place, on, document
        self.rule = rule
        when = f"在{on:%Y年%m月%d日}"
        if until is not None:
            when = f"自{on:%Y年%m月%d日}起" if on > datetime.date.min else f"在{until:%Y年%m月%d日}以前"
        if until == datetime.date.max and on == datetime.date.min:
            when = "目前"
        super().__init__(f"“{label}”{when}没有可用的值。请取得{document}，由运行管理员录入并经第二人复核。")


class Sure:
    """How certain a value or table is, for whoever reads it: what was only remembered was not checked, however sure."""

    confidence: str
    unread: bool

    @property
    def is_certain(self) -> bool:
        """Checked against its document, or entered and confirmed by officers."""
        return self.confidence in ("high", "entered") and not self.unread

    @property
    def certainty(self) -> str:
        """The same in words."""
        return CERTAINTY["medium" if self.unread and self.confidence == "high" else self.confidence]


def is_source(text: str) -> bool:
    """Whether a source names a document, and nothing of how sure we are: residents read it."""
    return bool(NAMES_A_DOCUMENT.search(text)) and not NOT_A_SOURCE.search(text)


@dataclass(frozen=True)
class DatedValue(Sure):
    """One value, in force from a day until a day (half-open) or until the next one. `source` names the document; `unread`: it
    was not opened, the value is known at second hand."""

    value: Exact
    since: datetime.date
    until: datetime.date | None
    source: str
    confidence: str
    note: str = ""
    place: str = ""
    unread: bool = False


Timeline = tuple[tuple[datetime.date, DatedValue | None], ...]


@dataclass(frozen=True)
class Parameter:
    """A quantity the law sets, with all its dated values, oldest first. No values: not known, ask for `document`."""

    name: str
    label: str
    unit: Unit
    article: str
    document: str
    scope: str
    values: tuple[DatedValue, ...] = field(default=())

    def timeline(self, place: str) -> Timeline:
        """What holds in a place from each day on, oldest first; None while nothing does. The nearest place wins."""
        above = upward(place)
        rank = {code: number for number, code in enumerate(above)}
        here = [value for value in self.values if value.place in rank]
        days = sorted({value.since for value in here} | {value.until for value in here if value.until})
        line = []
        for day in days:
            holding = [value for value in here if value.since <= day and (value.until is None or day < value.until)]
            line.append((day, min(holding, key=lambda value: (rank[value.place], -value.since.toordinal()), default=None)))
        return tuple(line)

    def at(self, on: datetime.date, place: str) -> DatedValue:
        """The value in force on a day. Raises MissingValue."""
        found = None
        for day, value in self.timeline(place):
            if day > on:
                break
            found = value
        if found is None:
            raise MissingValue(self.name, self.label, place, on, self.document)
        return found

    def with_values(self, entered: tuple[DatedValue, ...]) -> "Parameter":
        """The same parameter with values an operator entered; an entered value replaces one of the same place and day."""
        known = {(value.since, value.place): value for value in (*self.values, *entered)}
        ordered = tuple(sorted(known.values(), key=lambda value: value.since))
        return Parameter(self.name, self.label, self.unit, self.article, self.document, self.scope, ordered)


@dataclass(frozen=True)
class DatedTable(Sure):
    """A table of the law: rows by key, in force from a day."""

    name: str
    label: str
    unit: Unit
    article: str
    source: str
    confidence: str
    since: datetime.date
    rows: dict[int | str, Exact]
    place: str = ""
    note: str = ""
    unread: bool = False


def read_parameter(name: str, raw: dict[str, Any]) -> Parameter:
    """A parameter as policy.yaml writes it; `yearly` values hold for their calendar year only. Raises BadInput."""
    unit = UNITS[raw["unit"]]
    scope = raw.get("scope", "national")
    values = []
    for line in raw.get("values", ()):
        try:
            value = unit.read(line["value"])
        except BadInput as fault:
            raise BadInput(f"{name}：{fault}") from None
        since: datetime.date = line["from"]
        until = line.get("until") or (datetime.date(since.year + 1, 1, 1) if raw.get("yearly") else None)
        values.append(
            DatedValue(
                value, since, until, line["source"], line["confidence"], line.get("note", ""),
                code(str(line.get("place", scope))), bool(line.get("unread", False)),
            )
        )
    return Parameter(
        name, raw["label"], unit, raw["article"], raw.get("document", ""), scope,
        tuple(sorted(values, key=lambda value: value.since)),
    )


def read_table(name: str, raw: dict[str, Any]) -> DatedTable:
    """A table as policy.yaml writes it."""
    unit = UNITS[raw["unit"]]
    return DatedTable(
        name, raw["label"], unit, raw["article"], raw["source"], raw["confidence"], raw["from"],
        {key: unit.read(value) for key, value in raw["rows"].items()}, code(str(raw.get("place", "national"))), raw.get("note", ""),
        bool(raw.get("unread", False)),
    )
