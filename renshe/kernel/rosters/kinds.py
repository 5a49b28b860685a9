"""What kinds of roster there are. Journeys register theirs when the platform starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from renshe.kernel.cases.declaration import Declaration
from renshe.kernel.cases.journey import Settled

Entries = Sequence[tuple[int | None, Declaration]]


@dataclass(frozen=True)
class RosterKind:
    """One kind: its declaration gives the columns, `settle` does a chunk within the caller's deed."""

    key: str
    label: str
    declaration: type[Declaration]
    settle: Callable[..., list[Settled]]

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


def kinds() -> list[RosterKind]:
    """All kinds, in the order they were registered."""
    return list(_kinds.values())
