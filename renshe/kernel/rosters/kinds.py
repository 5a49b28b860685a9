"""What kinds of roster there are. Journeys register theirs when the platform starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from renshe.kernel.cases.declaration import Declaration
from renshe.kernel.cases.journey import Settled
from renshe.kernel.subjects.models import Organisation

Entries = Sequence[tuple[int | None, Declaration]]


@dataclass(frozen=True)
class RosterKind:
    """One kind: its declaration gives the columns, `settle` does a chunk within the caller's deed; who may send it."""

    key: str
    label: str
    declaration: type[Declaration]
    settle: Callable[..., list[Settled]]
    senders: Callable[[Organisation], bool] = lambda organisation: True

    @property
    def columns(self) -> list[tuple[str, Any]]:
        """Field names with their descriptions, in the order of the template."""
        return list(self.declaration.model_fields.items())

    @property
    def titles(self) -> dict[str, str]:
        """Column title to field name."""
        return {str(field.title): name for name, field in self.columns}


_kinds: dict[str, RosterKind] = {}


def register(kind: RosterKind) -> None:
    """Make a kind known."""
    _kinds[kind.key] = kind


def kind(key: str) -> RosterKind:
    """A kind. Raises KeyError."""
    return _kinds[key]


def kinds_of(organisation: Organisation) -> dict[str, RosterKind]:
    """The kinds an organisation may send, in the order they were registered."""
    return {key: kind for key, kind in _kinds.items() if kind.senders(organisation)}
