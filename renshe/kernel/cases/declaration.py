"""What is declared: one class gives the web form, the API schema, the columns of the roster and the parsing of all.

A field is declared once, with its Chinese title, its help and an example; what people type (full-width digits, Chinese
dates, a label instead of a code) is understood, and what is wrong is said per field.
"""

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError, WithJsonSchema

from renshe.kernel.common import identifiers, money
from renshe.kernel.common.terms import Terms
from renshe.kernel.common.verdict import Reason

DATES = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?|(\d{4})(\d{2})(\d{2})")
EARLIEST, LATEST = datetime.date(1949, 10, 1), datetime.date(2199, 12, 31)


class FieldFault(Terms):
    """What may be wrong with one field."""

    MISSING = "missing", "未填写"
    UNREADABLE = "unreadable", "填写不正确"
    UNKNOWN_FIELD = "unknown_field", "没有这一项"


def _text(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def read_citizen_id(value: object) -> str:
    """A well-formed, normalised citizen ID. ValueError says what is wrong."""
    if not isinstance(value, str):
        raise ValueError("应为文本：数字格式会损坏末几位，请把单元格设为“文本”后重新填写")
    number = identifiers.normalise(value)
    if fault := identifiers.citizen_id_fault(number):
        raise ValueError(fault)
    return number


def read_mobile(value: object) -> str:
    """A mobile number, or nothing."""
    number = identifiers.normalise(str(value if value is not None else "")).removesuffix(".0")
    if number and (fault := identifiers.mobile_fault(number)):
        raise ValueError(fault)
    return number


def read_date(value: object) -> datetime.date:
    """A date as people write it: 2026-11-01, 2026/11/1, 2026年11月1日, 20261101."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return _day(str(value))


@lru_cache(maxsize=4096)
def _day(text: str) -> datetime.date:
    """A roster names few days, each many times."""
    match = DATES.fullmatch(identifiers.normalise(text))
    if not match:
        raise ValueError(f"“{text[:20]}”不是日期，应如 2026-11-01")
    parts = [int(part) for part in match.groups() if part]
    try:
        day = datetime.date(*parts)
    except ValueError:
        raise ValueError(f"“{text[:20]}”这一天不存在") from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"“{text[:20]}”超出可受理的年份")
    return day


def read_amount(value: object) -> int:
    """Yuan as typed, to fen."""
    return money.fen(identifiers.normalise(value) if isinstance(value, str) else value)  # type: ignore[arg-type]


CitizenId = Annotated[
    str, BeforeValidator(read_citizen_id), WithJsonSchema({"type": "string", "maxLength": 40})
]
Mobile = Annotated[str, BeforeValidator(read_mobile), WithJsonSchema({"type": "string", "maxLength": 40})]
Date = Annotated[
    datetime.date, BeforeValidator(read_date), WithJsonSchema({"type": "string", "maxLength": 20})
]
Amount = Annotated[
    int, BeforeValidator(read_amount), PlainSerializer(money.yuan, return_type=str),
    WithJsonSchema({"type": "string", "maxLength": 20, "description": "元，最多两位小数"}),
]


def choice(terms: type[Terms]) -> Any:
    """A closed list that understands its codes and its labels."""
    by_word = {**{str(one): one for one in terms}, **{one.label: one for one in terms}}

    def read(value: object) -> Terms:
        found = by_word.get(str(value).strip().removesuffix(".0"))
        if found is None:
            raise ValueError(f"“{str(value)[:20]}”不在可选项内：{'、'.join(one.label for one in terms)}")
        return found

    return Annotated[
        terms, BeforeValidator(read), WithJsonSchema({"type": "string", "enum": [str(one) for one in terms]})
    ]


class Declaration(BaseModel):
    """Base of all declarations. Money is fen inside, decimal strings outside."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> tuple[Self | None, tuple[Reason, ...]]:
        """The declaration, or every field's fault. Empty texts count as not filled in."""
        given = {name: value for name, value in raw.items() if not (value is None or _text(value) == "")}
        try:
            return cls.model_validate(given), ()
        except ValidationError as fault:
            return None, tuple(cls._reason(error) for error in fault.errors(include_url=False))

    @classmethod
    def _reason(cls, error: Any) -> Reason:
        name = str(error["loc"][0]) if error["loc"] else ""
        field = cls.model_fields.get(name)
        title = (field.title or name) if field else name[:40]
        if error["type"] == "missing":
            return Reason(FieldFault.MISSING, f"{title}未填写", field=name, then=f"请填写{title}")
        if error["type"] == "extra_forbidden":
            return Reason(FieldFault.UNKNOWN_FIELD, f"没有“{title}”这一项", field=name, then="请去掉这一项")
        if error["type"] == "value_error":
            text = str(error["ctx"]["error"])
        elif error["type"] == "string_too_long":
            text = f"过长，最多{error['ctx']['max_length']}个字"
        else:
            text = "填写不正确"
        example = (field.examples or [""])[0] if field else ""
        then = f"请更正后重新提交，例如：{example}" if example else "请更正后重新提交"
        return Reason(FieldFault.UNREADABLE, f"{title}：{text}", field=name, then=then)

    def as_declared(self) -> dict[str, Any]:
        """JSON content as sealed in the case."""
        return self.model_dump(mode="json")
