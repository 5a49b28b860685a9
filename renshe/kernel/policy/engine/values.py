"""Law by date and place: dated values and dated tables, each with its source and how sure we are of it."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from renshe.kernel.policy.engine.units import UNITS, BadInput, Exact, Unit

CONFIDENCES = ("high", "medium", "low", "entered")


class MissingValue(LookupError):
    """A value of law that is not known for this day and place; says which document to obtain."""

    def __init__(self, name: str, label: str, place: str, on: datetime.date, document: str) -> None:
        self.name, self.label, self.place, self.on, self.document = name, label, place, on, document
        super().__init__(f"“{label}”在{on:%Y年%m月%d日}没有可用的值。请取得{document}，由运行管理员录入并经第二人复核。")


@dataclass(frozen=True)
class DatedValue:
    """One value, in force from a day until a day (half-open) or until the next one."""

    value: Exact
    since: datetime.date
    until: datetime.date | None
    source: str
    confidence: str
    note: str = ""


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

    def at(self, on: datetime.date, place: str) -> DatedValue:
        """The value in force on a day. Raises MissingValue."""
        for value in reversed(self.values):
            if value.since <= on:
                if value.until is not None and on >= value.until:
                    break
                return value
        raise MissingValue(self.name, self.label, place, on, self.document)

    def with_values(self, entered: tuple[DatedValue, ...]) -> "Parameter":
        """The same parameter with values an operator entered; an entered value replaces one of the same first day."""
        by_day = {value.since: value for value in (*self.values, *entered)}
        ordered = tuple(by_day[day] for day in sorted(by_day))
        return Parameter(self.name, self.label, self.unit, self.article, self.document, self.scope, ordered)


@dataclass(frozen=True)
class DatedTable:
    """A table of the law: rows by key, in force from a day."""

    name: str
    label: str
    unit: Unit
    article: str
    source: str
    confidence: str
    since: datetime.date
    rows: dict[int | str, Exact]


def read_parameter(name: str, raw: dict[str, Any]) -> Parameter:
    """A parameter as policy.yaml writes it. Raises BadInput, naming the parameter."""
    unit = UNITS[raw["unit"]]
    values = []
    for line in raw.get("values", ()):
        try:
            value = unit.read(line["value"])
        except BadInput as fault:
            raise BadInput(f"{name}：{fault}") from None
        values.append(
            DatedValue(
                value, line["from"], line.get("until"), line["source"], line["confidence"], line.get("note", "")
            )
        )
    return Parameter(
        name, raw["label"], unit, raw["article"], raw.get("document", ""), raw.get("scope", ""),
        tuple(sorted(values, key=lambda value: value.since)),
    )


def read_table(name: str, raw: dict[str, Any]) -> DatedTable:
    """A table as policy.yaml writes it."""
    unit = UNITS[raw["unit"]]
    return DatedTable(
        name, raw["label"], unit, raw["article"], raw["source"], raw["confidence"], raw["from"],
        {key: unit.read(value) for key, value in raw["rows"].items()},
    )
