"""Classes of data (DB33/T 2350: L1 to L4), and what follows from a class alone.

Each model lists its fields by class in `data_classes`, `{2: "id kind", 3: "name"}`; a house test refuses a field without.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

LOGGED_FROM = 3  # reading a field of this class or above names a purpose and is noted


@dataclass(frozen=True)
class Rule:
    """What a class asks for: whether stored values are sealed, lists are masked, exports are free."""

    level: int
    label: str
    sealed: bool
    masked: bool
    exported: str
    logged: bool


RULES = {
    1: Rule(1, "L1 不敏感", False, False, "可以导出", False),
    2: Rule(2, "L2 低敏感", False, False, "可以导出", False),
    3: Rule(3, "L3 较敏感", False, True, "写明用途、带水印，量大须另一人批准", True),
    4: Rule(4, "L4 敏感", True, True, "不导出", True),
}


@dataclass(frozen=True)
class Column:
    """One field of one table with its class."""

    model: type[models.Model]
    field: str
    level: int

    @property
    def label(self) -> str:
        return str(self.model._meta.get_field(self.field).verbose_name)

    @property
    def table(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def rule(self) -> Rule:
        return RULES[self.level]

    @property
    def column(self) -> str:
        """The name a sealed value is bound to: `person.citizen_id` for Person.citizen_id_sealed."""
        return f"{self.model._meta.model_name}.{self.field.removesuffix('_sealed')}"


def classes_of(model: type[models.Model]) -> dict[str, int]:
    """Class by field name, as the model lists them."""
    listed: dict[int, str] = getattr(model, "data_classes", {})
    return {name: level for level, names in listed.items() for name in names.split()}


@cache
def columns() -> tuple[Column, ...]:
    """Every classed field of the platform, by table."""
    return tuple(
        Column(model, field.attname.removesuffix("_id") if field.is_relation else field.name, level)
        for model in sorted(apps.get_models(), key=lambda one: one._meta.label)
        if model.__module__.startswith("renshe.")
        for field in model._meta.concrete_fields
        if (level := classes_of(model).get(field.name))
    )


def sealed_columns() -> Iterator[Column]:
    """The fields whose values are sealed: class 4, stored as bytes."""
    for column in columns():
        if column.rule.sealed and isinstance(column.model._meta.get_field(column.field), models.BinaryField):
            yield column
