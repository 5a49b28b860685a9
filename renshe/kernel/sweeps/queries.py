"""Asks for the sweep last published, how far one under way has come, and the drafts of law."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.policy.engine.draft import Drafted, change, drafted
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.store.fresh import fresh
from renshe.kernel.sweeps import running
from renshe.kernel.sweeps.facts import ready
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.summing import most_fen
from renshe.kernel.sweeps.summing import told as stepped

PLACE = "330800"
FRESH_SECONDS = 60.0  # what can be weighed changes with the law only


@dataclass(frozen=True)
class Going:
    """A sweep under way: its day, ranges done and in all."""

    on: str
    done: int
    of: int


def published() -> dict[str, Any] | None:
    """The sweep last published: `{"key", "on", "finished_at", "policies": [...]}`."""
    return running.published()


def shown(reader: Actor) -> dict[str, Any] | None:
    """The same as a reader is shown it: exact counts, or `Span`s to who may not see the city's records."""
    said = running.published()
    if said is None or reader.sees(said["place"]):
        return said
    return {**said, "policies": [
        {**one, "totals": one["totals"] and stepped(one["totals"], most_fen(one.get("counted_in", "")))} for one in said["policies"]
    ]}


def result(draft: Draft, reader: Actor) -> dict[str, Any] | None:
    """What a draft comes to as a reader is shown it; None while it is not weighed."""
    found = dict(draft.result or {})
    told = found.pop("told", None)
    if told is None:
        return None
    return found if reader.sees(PLACE) else {**found, **told}


def going() -> Going | None:
    """The newest sweep that has begun and is not published; None when there is none."""
    said, place = published(), running.root()
    if not place.exists():
        return None
    begun = [one for one in place.iterdir() if one.is_dir() and (said is None or one.name > said["key"])]
    if not begun:
        return None
    newest = max(begun, key=lambda one: one.stat().st_mtime)
    done = len(list(newest.glob("*.json")))
    return Going(newest.name[:10], done, max(running.count(), done))


def drafts() -> QuerySet[Draft]:
    """Every draft, newest first."""
    return Draft.objects.select_related("created_by").order_by("-id")


def drafted_of(draft: Draft) -> Drafted:
    """A draft applied to the folders of law as they stand. Raises DraftError where they no longer have what it changes."""
    changes = [change(one) for one in draft.changes]
    return drafted(folders(), draft.policy, changes, draft.place, draft.valid_from)


def amounts(policy: Policy) -> list[tuple[str, str]]:
    """The outputs in money that a sweep gives, name and label; the one that is paid first. None when it cannot be swept."""
    one = ready(policy, timezone.localdate(), PLACE, entered(PLACE))
    if one.swept.folded:
        return []  # its results were folded under the law in force; a draft would not change them
    rules = {rule.name: rule for rule in policy.rules}
    found = [(name, rules[name].label) for name in one.outputs if rules[name].unit.key == "fen"]
    return sorted(found, key=lambda pair: pair[0] != one.swept.amount)


@fresh(FRESH_SECONDS)
def weighable() -> list[Policy]:
    """The policies of which a draft can be weighed."""
    return [one for one in policies().values() if amounts(one)]
