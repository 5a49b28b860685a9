"""What can be shared about a person: columns that the installed parts offer (`SHARED` in offers.py).

A column's class is that of the field it comes from: class 4 cannot be offered, class 3 leaves masked unless agreed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models

from renshe.kernel.privacy import masks
from renshe.kernel.privacy.classes import RULES, classes_of
from renshe.kernel.subjects.models import Person

Values = Callable[[Sequence[Person]], Mapping[int, str]]


@dataclass(frozen=True)
class Column:
    """One column: `values` gives texts by person, `mask` what of a text is shown where it is not agreed in clear."""

    key: str
    label: str
    model: type[models.Model]
    field: str
    values: Values
    mask: Callable[[str], str] = lambda text: "*" * bool(text)

    @property
    def level(self) -> int:
        return classes_of(self.model)[self.field]

    @property
    def masked(self) -> bool:
        return RULES[self.level].masked


def _of_person(field: str) -> Values:
    return lambda persons: {one.pk: str(getattr(one, field) or "") for one in persons}


OWN = (
    Column("name", "姓名", Person, "name", _of_person("name"), masks.name),
    Column("sex", "性别", Person, "sex", lambda persons: {one.pk: one.get_sex_display() for one in persons}),  # type: ignore[attr-defined]
    Column("birth_on", "出生日期", Person, "birth_on", _of_person("birth_on"), lambda text: text[:4]),
    Column("division", "居住区划", Person, "division", _of_person("division")),
    Column("deceased_on", "死亡日期", Person, "deceased_on", _of_person("deceased_on")),
)


@cache
def columns() -> dict[str, Column]:
    """Every column that can be shared. Raises ValueError when a part offers one of class 4, or one twice."""
    found: dict[str, Column] = {}
    offered = [*OWN]
    for config in apps.get_app_configs():
        if config.name.startswith("renshe.") and find_spec(f"{config.name}.offers") is not None:
            offered += getattr(import_module(f"{config.name}.offers"), "SHARED", ())
    for one in offered:
        if RULES[one.level].sealed or one.key in found:
            raise ValueError(f"column {one.key} cannot be shared")
        found[one.key] = one
    return found


@cache
def insured_column() -> Column:
    """The column that says whether somebody is insured now. Raises KeyError where no part offers it."""
    return columns()["insured"]
