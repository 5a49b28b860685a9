"""What kinds of case there are. Journeys and apps register theirs when the platform starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from renshe.kernel.access.actor import Actor
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Question

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class CaseKind:
    """One kind: its name, basis and clock, whether two officers decide, how it is settled and shown."""

    key: str
    label: str
    basis: str
    limit_days: int
    day_kind: str
    two_person: bool
    settle: Callable[[Case, Actor], None]
    present: Callable[[Case], Lines]
    compare: Callable[[Case], list[dict[str, Any]]] = lambda case: []
    questions: Callable[[Case], tuple[Question, ...]] = lambda case: ()
    refusals: dict[str, str] = field(default_factory=dict)


_kinds: dict[str, CaseKind] = {}


def register(kind: CaseKind) -> None:
    """Make a kind known. Registering another under the same key is an error of the installation."""
    known = _kinds.setdefault(kind.key, kind)
    if known is not kind:
        raise ValueError(f"case kind {kind.key} is registered twice")


def kind(key: str) -> CaseKind:
    """The kind of a case. Raises KeyError."""
    return _kinds[key]


def kinds() -> list[CaseKind]:
    """All kinds, in the order they were registered."""
    return list(_kinds.values())
