"""A draft tried before any sweep of the city: whether it can stand, and what it does to the known persons of the worked cases."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renshe.kernel.policy.engine.cases import CaseChange, compared
from renshe.kernel.policy.engine.draft import Drafted, DraftError, change, drafted
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.sweeps import running
from renshe.kernel.sweeps.weighing import drafted_ready


@dataclass(frozen=True)
class Tried:
    """Why changes cannot be made; or the worked cases by them, and why the whole city cannot be asked."""

    fault: DraftError | None
    cases: tuple[CaseChange, ...] = ()
    unswept: str = ""

    @property
    def changed(self) -> tuple[CaseChange, ...]:
        """The cases that come out otherwise."""
        return tuple(one for one in self.cases if one.differences)

    @property
    def same(self) -> int:
        """How many cases come out as they did."""
        return len(self.cases) - len(self.changed)


def tried(policy: str, output: str, place: str, since: datetime.date, raw: Sequence[Mapping[str, Any]]) -> Tried:
    """Changes as JSON carries them, tried on a policy; cases are judged as though they had been in force on their day."""
    try:
        changes = [change(one) for one in raw]
        made = drafted(folders(), policy, changes, place, since)
        cases = compared(
            policies()[policy], lambda day: drafted(folders(), policy, changes, place, day, is_checked=False), place, entered, output,
        )
    except DraftError as fault:
        return Tried(fault)
    return Tried(None, tuple(cases), unswept(made, output))


def unswept(made: Drafted, output: str) -> str:
    """Why a draft cannot be weighed over the city with what the last sweep stored; empty when it can."""
    said = running.published()
    if said is None:
        return "还没有做过全市测算"
    try:
        one = drafted_ready(made, output, datetime.date.fromisoformat(said["on"]), said["place"], entered)
    except LookupError as fault:
        return str(fault)
    lacking = set(one.columns) - running.stored(said["key"], one.swept.table)
    return "草案用到的事实上次全市测算没有存，下一次测算后再试" if lacking else ""
