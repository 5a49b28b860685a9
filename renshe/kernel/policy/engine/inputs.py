"""What a policy asks of its caller: one fact, or a list of facts, with what is accepted said in words."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from renshe.kernel.policy.engine.units import UNITS, BadInput, Datum, Exact, Unit

MOST_ITEMS = 1200  # a hundred years of months
CALENDAR = {"month": ("1900-01", "2199-12"), "day": ("1900-01-01", "2199-12-31")}  # no person or law lies outside


@dataclass(frozen=True)
class Input:
    """A fact about the person or organisation. `many`: a list of them; with `fields`: a list of records.

    `default` is what is assumed when it is left out; without one, what depends on it is not worked out. `grows` tells
    when a condition that asks for more of it will be met.
    """

    name: str
    label: str
    unit: Unit
    choices: dict[str, str] = field(default_factory=dict)
    least: Exact | None = None
    most: Exact | None = None
    many: bool = False
    fields: dict[str, "Input"] = field(default_factory=dict)
    default: Datum | None = None
    grows: tuple[str, str] | None = None  # by one a month or year, and what that supposes ("" for time alone)

    @property
    def accepts(self) -> str:
        """What is accepted, in words."""
        if self.choices:
            words = "、".join(f"{key}（{label}）" for key, label in self.choices.items())
        else:
            words = EXAMPLES[self.unit.key]
            if self.least is not None:
                words += f"，不小于{self.unit.show(self.least)}"
            if self.most is not None:
                words += f"，不大于{self.unit.show(self.most)}"
        if self.fields:
            words = "；".join(f"{one.name} {one.label}：{one.accepts}" for one in self.fields.values())
            return f"列表，每项为对象：{words}"
        return f"列表，每项{words}" if self.many else words

    def is_accepted(self, exact: Exact) -> bool:
        """Whether a value already exact is one of the choices and in the range."""
        if self.choices and exact not in self.choices:
            return False
        return not (
            (self.least is not None and exact < self.least)  # type: ignore[operator]
            or (self.most is not None and exact > self.most)  # type: ignore[operator]
        )

    def read(self, value: object) -> Datum:
        """The value as the engine takes it. Raises BadInput saying what would be accepted."""
        try:
            return self._read(value)
        except BadInput as fault:
            raise BadInput(str(fault), field=self.name, accepts=self.accepts) from None

    def _read(self, value: object) -> Datum:
        where = f"{self.label}（{self.name}）"
        if not self.many:
            one: Exact = self._at(where, self._one, value)
            return one
        if not isinstance(value, list | tuple):
            raise BadInput(f"{where}：应为{self.accepts}")
        if len(value) > MOST_ITEMS:
            raise BadInput(f"{where}：有{len(value)}项，最多{MOST_ITEMS}项")
        try:
            return [self._item(one) for one in value]
        except BadInput:  # which one, is asked only now: a history has hundreds
            return [self._at(f"{where}第{number}项", self._item, one) for number, one in enumerate(value, 1)]

    def _at(self, where: str, read: Callable[[object], Any], value: object) -> Any:
        try:
            return read(value)
        except BadInput as fault:
            raise BadInput(f"{where}{fault}") from None

    def _item(self, value: object) -> Exact | tuple[Exact, ...]:
        if not self.fields:
            return self._one(value)
        if not isinstance(value, dict) or value.keys() != self.fields.keys():
            raise BadInput(f"：应为对象，键为 {'、'.join(self.fields)}")
        try:
            return tuple([one._one(value[name]) for name, one in self.fields.items()])
        except BadInput:
            return tuple(one._at(f"{one.label}（{name}）", one._one, value[name]) for name, one in self.fields.items())

    def _one(self, value: object) -> Exact:
        try:
            exact = self.unit.read(value)
        except BadInput as fault:
            raise BadInput(f"：{fault}") from None
        if self.choices and exact not in self.choices:
            raise BadInput(f"：“{str(value)[:40]}”不在 {'、'.join(self.choices)} 之中")
        if self.least is not None and exact < self.least:  # type: ignore[operator]
            raise BadInput(f"：不得小于{self.unit.show(self.least)}")
        if self.most is not None and exact > self.most:  # type: ignore[operator]
            raise BadInput(f"：不得大于{self.unit.show(self.most)}")
        return exact


EXAMPLES = {
    "fen": "金额，以元为单位，如 6500.00", "ratio": "十进制数，如 0.16", "number": "十进制数，如 1.25",
    "years": "年数，如 25.5", "count": "整数", "months": "月数，整数", "age": "年龄，如 60y1m", "month": "月份，如 1990-05",
    "days": "天数，整数", "day": "日期，如 2026-11-24", "bool": "true 或 false", "text": "文本",
}


def read_input(name: str, raw: dict[str, Any]) -> Input:
    """An input as policy.yaml writes it. Raises BadInput, naming it."""
    unit = UNITS[raw.get("unit", "text")]
    first, last = CALENDAR.get(unit.key, (None, None))
    least, most = raw.get("least", first), raw.get("most", last)
    shape = Input(
        name, raw["label"], unit, {str(key): label for key, label in raw.get("choices", {}).items()},
        None if least is None else unit.read(least), None if most is None else unit.read(most),
        bool(raw.get("many") or raw.get("fields")),
        {key: read_input(key, one) for key, one in raw.get("fields", {}).items()},
    )
    shape = dataclasses.replace(shape, grows=_grows(name, raw.get("grows")))
    return dataclasses.replace(shape, default=shape.read(raw["default"])) if "default" in raw else shape


def _grows(name: str, raw: object) -> tuple[str, str] | None:
    """`month`, `year`, or one of them with what it supposes: `{month: 每月连续缴费}`."""
    pair = next(iter(raw.items()), ("", "")) if isinstance(raw, dict) else (raw, "")
    if raw is None:
        return None
    if pair[0] not in ("month", "year"):
        raise BadInput(f"{name}：grows 应为 month 或 year，可写明前提，如 {{month: 每月连续缴费}}")
    return str(pair[0]), str(pair[1])
