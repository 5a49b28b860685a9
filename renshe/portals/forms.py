"""A declaration as a web form: the same class that reads the API and the roster."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic_core import PydanticUndefined

from renshe.kernel.cases.declaration import Declaration
from renshe.kernel.common.terms import Terms
from renshe.kernel.common.verdict import Reason


@dataclass(frozen=True)
class Field:
    """One input of a page."""

    name: str
    title: str
    help: str
    example: str
    required: bool
    type: str
    inputmode: str
    choices: tuple[tuple[str, str], ...]
    value: str
    fault: str


def fields(
    declaration: type[Declaration], given: Mapping[str, object], reasons: Iterable[Reason] = ()
) -> list[Field]:
    """The inputs of a declaration with what was typed and what is wrong with it."""
    faults: dict[str, str] = {}
    for reason in reasons:
        faults.setdefault(reason.field, reason.text)
    return [_field(name, info, given.get(name), faults.get(name, "")) for name, info in declaration.model_fields.items()]


def _within(annotation: Any) -> Iterator[Any]:
    """A type and the types it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _within(part)


def _field(name: str, info: Any, given: object, fault: str) -> Field:
    kinds = tuple(_within(info.annotation))
    terms = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Terms)), None)
    value = given if given is not None else ("" if info.default in (PydanticUndefined, None) else info.default)
    date = datetime.date in kinds
    return Field(
        name, str(info.title), str(info.description or ""), "" if terms or date else str((info.examples or [""])[0]),
        info.is_required(), "date" if date else "text",
        {"wage": "decimal", "phone": "tel"}.get(name, ""),
        tuple(terms.choices()) if terms else (), str(value), fault,
    )
