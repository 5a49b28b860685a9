"""Everything held about one person, for that person: found by the tables' own fields, so that a new table is never left out.

Legal basis: 个人信息保护法 第四十五条（查阅、复制）. A table that may not be shown whole says why in `withheld` (第十八条).
Programs get every value as it is stored; people get words: a table says in `in_words` what tells a field of it in Chinese, an
attribute of the row or the dotted name of a function of the row, and in `unsaid` which fields tell a person nothing.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.module_loading import import_string

from renshe.kernel.common import money
from renshe.kernel.privacy import sealing
from renshe.kernel.privacy.classes import RULES, Column, classes_of

PERSON = "subjects.Person"
FEN, SEALED = "（分）", "（密文）"  # how titles say what a field stores


@dataclass(frozen=True)
class Held:
    """One table's rows about a person as titled texts, or why they are withheld."""

    label: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    withheld: str = ""
    table: str = ""
    names: tuple[str, ...] = ()  # of the fields, in the order of the titles
    links: frozenset[str] = frozenset()  # titles under which rows only name each other by number


def _direct(model: type[models.Model]) -> str:
    """The filter by which a table names the person; "" when it does not."""
    if model._meta.label == PERSON:
        return "pk"
    for field in model._meta.concrete_fields:
        if field.name == "person_id" or (field.is_relation and field.related_model._meta.label == PERSON):  # type: ignore[union-attr]
            return field.attname
    return ""


def _paths() -> Iterator[tuple[type[models.Model], str]]:
    """Every table about persons with its filter: those that name a person, and those that hang on one that does."""
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        if not model.__module__.startswith("renshe."):
            continue
        if path := _direct(model):
            yield model, path
            continue
        for field in model._meta.concrete_fields:
            parent = field.related_model if field.is_relation else None
            if parent is not None and parent._meta.label != PERSON and (above := _direct(parent)):  # type: ignore[arg-type,union-attr]
                yield model, f"{field.name}__{above}"
                break


def _shown(model: type[models.Model]) -> list[Any]:
    """The fields a person is shown: all, but digests and keys, which say nothing."""
    level = classes_of(model)
    return [
        field for field in model._meta.concrete_fields
        if not RULES[level[field.name]].sealed or (isinstance(field, models.BinaryField) and not hasattr(model, "key_sealed"))
    ]


def _text(model: type[models.Model], field: Any, row: models.Model) -> str:
    value = getattr(row, field.attname)
    if value is None:
        return ""
    if isinstance(field, models.BinaryField):
        if sealing.version_of(value) == 0:
            return "文件本身在办件里，可以打开"
        try:
            return sealing.unseal(Column(model, field.name, 4).column, value)
        except sealing.Unreadable as fault:
            return str(fault)
    if field.choices:
        return str(dict(field.choices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _title(field: Any) -> str:
    return str(field.verbose_name).removesuffix(FEN).removesuffix(SEALED)


def _words(model: type[models.Model], field: Any, row: models.Model) -> str:
    """One value as a person reads it; "" when there is nothing to say."""
    teller = getattr(model, "in_words", {}).get(field.name, "")
    if teller:
        told = import_string(teller)(row) if "." in teller else getattr(row, teller)
        return str(told)
    value = getattr(row, field.attname)
    if isinstance(field, models.JSONField):
        return "；".join(str(one.get("text", "")) if isinstance(one, dict) else str(one) for one in value or ())
    if str(field.verbose_name).endswith(FEN) and value is not None:
        return f"{money.yuan_label(value)}元"
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return _text(model, field, row)


def held_about(person_id: int, *, words: bool = False) -> list[Held]:
    """Every table that holds something about the person, with its rows: as stored, or in words."""
    title, text = (_title, _words) if words else (lambda field: str(field.verbose_name), _text)
    found = []
    for model, path in _paths():
        label, withheld = str(model._meta.verbose_name), getattr(model, "withheld", "")
        if withheld:
            found.append(Held(label, (), (), withheld, model._meta.label_lower))
            continue
        fields = [field for field in _shown(model) if not words or field.name not in getattr(model, "unsaid", "").split()]
        rows = model.objects.filter(**{path: person_id}).order_by("pk")  # type: ignore[attr-defined]
        texts = tuple(tuple(text(model, field, row) for field in fields) for row in rows)
        if texts:
            links = {title(one) for one in fields if one.primary_key or one.is_relation or one.name.endswith("_id")}
            found.append(Held(label, tuple(title(field) for field in fields), texts, links=frozenset(links),
                              table=model._meta.label_lower, names=tuple(field.name for field in fields)))
    return found
