"""Asks for the values of law that officers entered, and for those still unknown."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from renshe.kernel.common.divisions import prefix
from renshe.kernel.policy.engine.policy import Entered
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.engine.values import DatedValue, MissingValue, Parameter
from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.registry import policies
from renshe.kernel.store.fresh import fresh

FRESH_SECONDS = 5.0  # how long another process may not see a value just confirmed


@dataclass(frozen=True)
class Unknown:
    """A parameter with no value for a day, and the document to obtain."""

    policy: str
    parameter: Parameter
    fault: MissingValue


@fresh(FRESH_SECONDS)
def entered(place: str) -> Entered:
    """Confirmed values for a place and the places above it; kept for a few seconds."""
    units = {name: one.unit for policy in policies().values() for name, one in policy.parameters.items()}
    values = []
    rows = EnteredValue.objects.filter(withdrawn_at=None).exclude(confirmed_by=None).order_by("valid_from", "id")
    for row in rows:
        if row.parameter not in units or not place.startswith(prefix(row.place)):
            continue
        try:
            value = units[row.parameter].read(row.value)
        except BadInput:  # checked when entered; a unit changed since then makes the value unusable, not the page
            continue
        source = f"{row.document} {row.article}".strip()
        values.append((row.parameter, DatedValue(value, row.valid_from, None, source, "entered", place=row.place)))
    return tuple(values)


def forget() -> None:
    """Read entered values anew at the next question."""
    entered.forget()  # type: ignore[attr-defined]


def unknown(on: datetime.date, place: str) -> list[Unknown]:
    """Values of law nobody has given yet for a day."""
    known = {name for name, value in entered(place) if value.since <= on}
    found = []
    for titles, parameter in _parameters():
        try:
            parameter.at(on, place)
        except MissingValue as fault:
            if parameter.name not in known:
                found.append(Unknown(titles, parameter, fault))
    return found


def uncertain(on: datetime.date, place: str) -> list[tuple[str, Parameter, DatedValue]]:
    """Values in force on a day that are not sure enough, or whose document nobody has opened: to be checked against it."""
    found = []
    known = {name for name, value in entered(place) if value.since <= on}
    for titles, parameter in _parameters():
        try:
            value = parameter.at(on, place)
        except MissingValue:
            continue
        if not value.is_certain and parameter.name not in known:
            found.append((titles, parameter, value))
    return found


def _parameters() -> list[tuple[str, Parameter]]:
    """Every quantity the law sets, once, with the titles of the policies that stand on it."""
    titles: dict[str, list[str]] = {}
    found: dict[str, Parameter] = {}
    for policy in policies().values():
        for name, parameter in policy.parameters.items():
            found.setdefault(name, parameter)
            titles.setdefault(name, []).append(policy.title)
    return [("、".join(titles[name]), parameter) for name, parameter in found.items()]


def entries() -> QuerySet[EnteredValue]:
    """Everything entered, newest first."""
    return EnteredValue.objects.select_related("entered_by", "confirmed_by").order_by("-id")


def versions(text: str) -> list[tuple[str, str]]:
    """The versions a decision stores (`contribution@061d8e98a0d0 …`) as pairs of a policy's title and its version."""
    pairs = [one.partition("@") for one in text.split()]
    return [(policies()[name].title if name in policies() else name, version) for name, _, version in pairs]
