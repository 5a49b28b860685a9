"""What kinds of case there are. Journeys and apps register theirs when the platform starts."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from renshe.kernel.access.actor import Actor
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Question
from renshe.kernel.common import calendar
from renshe.kernel.policy.queries import versions

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class CaseKind:
    """One kind: its name, basis and clock, whether two officers decide, how it is settled and shown.

    `limit_days` gives None while nobody has said how many days the office has. `barred` are accounts that may not work on a
    case (who decided what it asks to look at again). `effect` tells an officer what approving does, `remedy` whoever asked
    where to turn.
    """

    key: str
    label: str
    basis: str
    limit_days: Callable[[], int | None]
    day_kind: str
    two_person: Callable[[Case], bool]
    settle: Callable[[Case, Actor], None]
    present: Callable[[Case], Lines]
    questions: Callable[[Case], tuple[Question, ...]] = lambda case: ()
    refusals: dict[str, str] = field(default_factory=dict)
    barred: Callable[[Case], frozenset[int]] = lambda case: frozenset()
    effect: str = ""
    remedy: str = "对决定不服的，可以依法申请行政复议"

    def due(self, start: datetime.date) -> datetime.date | None:
        """By when a case that came in on a day is to be decided; None while the limit is unknown."""
        days = self.limit_days()
        return None if days is None else calendar.due_on(start, days, self.day_kind)


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


def label_of(case: Case) -> str:
    """What a case is about, in a word."""
    return kind(case.kind).label


def told(case: Case) -> str:
    """What was declared, as one line: `姓名：张三；用工之日：2026-10-16`."""
    return "；".join(f"{title}：{text}" for title, text in kind(case.kind).present(case) if text)


def policies_of(case: Case) -> str:
    """Titles of the policies a case was judged by."""
    return "、".join(title for title, _ in versions(case.policy_version))
