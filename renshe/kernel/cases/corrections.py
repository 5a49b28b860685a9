"""What a person may ask to have put right: values that the installed parts offer (`CORRECTABLE` in offers.py).

Each says how it is listed, read, changed, and which fields it touches, so that whoever was given the wrong value is told.
Legal basis: 个人信息保护法 第四十六条.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models

from renshe.kernel.access.actor import Actor
from renshe.kernel.cases.declaration import read_citizen_id, read_mobile
from renshe.kernel.cases.models import Case
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import masks
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects import queries
from renshe.kernel.subjects.models import Person, Place

ALIVE = "健在"
PLACES = ("county", "subdistrict", "town", "township")


@dataclass(frozen=True)
class Held:
    """One value of a person as the register has it; `ref` names the row."""

    ref: str
    label: str
    value: str


@dataclass(frozen=True)
class Correctable:
    """One kind of value.

    `held` lists a person's, `now` gives one (LookupError when there is none), `read` makes of what was typed what would be
    stored (ValueError in plain words), `change` changes the register within the deed of the case. With `asks` the person
    says which one (a month), and none is listed. `masked` is how the ledger and notices may name a value.
    """

    key: str
    label: str
    touches: tuple[tuple[type[models.Model], str], ...]
    two_person: bool
    held: Callable[[Person], Sequence[Held]]
    now: Callable[[Person, str], str]
    read: Callable[[Person, str, str], str]
    change: Callable[[Person, str, str, Case, Actor], object]
    help: str
    example: str = ""
    date: bool = False
    asks: str = ""
    options: Callable[[], tuple[tuple[str, str], ...]] = lambda: ()
    masked: Callable[[str], str] = lambda text: text


def _one(label: str, value: Callable[[Person], str]) -> Callable[[Person], Sequence[Held]]:
    return lambda person: [Held("", label, value(person))]


def _now(value: Callable[[Person], str]) -> Callable[[Person, str], str]:
    return lambda person, ref: value(person)


def _name(person: Person, ref: str, text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= 60:
        raise ValueError("请填写身份证上的姓名")
    return name


def _places() -> tuple[tuple[str, str], ...]:
    rows = Place.objects.filter(level__in=PLACES).select_related("parent").order_by("code")
    return tuple((one.code, f"{one.parent.name if one.parent and one.level != PLACES[0] else ''}{one.name}") for one in rows)


def _place(person: Person, ref: str, text: str) -> str:
    code = text.strip()
    if not Place.objects.filter(code=code).exists():
        raise ValueError("请从列表里选一个地方")
    return code


def _alive(person: Person, ref: str, text: str) -> str:
    if text.strip() != ALIVE:
        raise ValueError(f"这里只能更正为“{ALIVE}”；申报死亡请由亲属带死亡证明到窗口办理")
    return ALIVE


def _renumber(person: Person, ref: str, right: str, case: Case, actor: Actor) -> None:
    other = queries.persons_by_citizen_id([right]).get(right)
    if other is not None and other.pk != person.pk:
        raise Refused(Reason(
            "taken", "这个号码已登记在另一个人名下，须先核实是不是重复建档", article="社会保险经办条例 第六条",
            then="请带身份证到窗口，由经办人员合并档案", field="right",
        ))
    subjects.correct(person, citizen_id=right, case_number=case.number, by=actor.account_id)


def _dead(person: Person) -> str:
    return f"已故（{person.deceased_on:%Y-%m-%d}）" if person.deceased_on else ALIVE


def _rename(person: Person, ref: str, right: str, case: Case, actor: Actor) -> None:
    subjects.rename(
        person, right, case_number=case.number, proposed_by=case.first_officer_id or 0, decided_by=actor.account_id
    )


OWN = (
    Correctable(
        "name", "姓名", ((Person, "name"),), True, _one("姓名", lambda one: one.name), _now(lambda one: one.name), _name, _rename,
        "请写身份证上的姓名，并拍一张身份证照片", "张小明", masked=masks.name,
    ),
    Correctable(
        "citizen_id", "公民身份号码", ((Person, "citizen_id_mask"), (Person, "sex"), (Person, "birth_on")), True,
        _one("公民身份号码", lambda one: one.citizen_id_mask), _now(queries.citizen_id),
        lambda person, ref, text: read_citizen_id(text), _renumber, "请写身份证上的18位号码，并拍一张身份证照片",
        "11010519491231002X", masked=masks.citizen_id,
    ),
    Correctable(
        "phone", "手机号码", ((Person, "phone_mask"),), False, _one("手机号码", lambda one: one.phone_mask or "没有登记"),
        _now(queries.phone), lambda person, ref, text: read_mobile(text),
        lambda person, ref, right, case, actor: subjects.correct(person, phone=right, case_number=case.number, by=actor.account_id),
        "以后的通知发到这个号码", "13800000000", masked=masks.phone,
    ),
    Correctable(
        "division", "居住地", ((Person, "division"),), False, _one("居住地", lambda one: queries.place_name(one.division)),
        _now(lambda one: one.division), _place,
        lambda person, ref, right, case, actor: subjects.correct(person, division=right, case_number=case.number, by=actor.account_id),
        "现在住的镇（街道）", options=_places, masked=queries.place_name,
    ),
    Correctable(
        "deceased_on", "健在情况", ((Person, "deceased_on"),), True,
        lambda one: [Held("", "健在情况", _dead(one))] if one.deceased_on else [], _now(_dead), _alive,
        lambda person, ref, right, case, actor: subjects.correct(person, is_alive=True, case_number=case.number, by=actor.account_id),
        "被误记为已故的，请带本人身份证到窗口，或拍一张手持身份证的照片", options=lambda: ((ALIVE, ALIVE),),
    ),
)


@cache
def correctables() -> dict[str, Correctable]:
    """Every kind of value that can be put right. Raises ValueError when two parts offer one under the same key."""
    offered = [*OWN]
    for config in apps.get_app_configs():
        if config.name.startswith("renshe.") and find_spec(f"{config.name}.offers") is not None:
            offered += getattr(import_module(f"{config.name}.offers"), "CORRECTABLE", ())
    found = {one.key: one for one in offered}
    if len(found) < len(offered):
        raise ValueError("a value is offered for correction twice")
    return found
