"""How long things are kept: a city's retention.yaml says how many days, by which article; the owner of a thing destroys it.

A line without days keeps the thing and names the document that would tell; nothing is destroyed on a guess.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import models
from django.utils import timezone

from renshe.kernel.common.files import read_yaml
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import TRACES, Leaf
from renshe.kernel.privacy.models import Reading
from renshe.kernel.store.deed import deed

CHUNK = 500

# Destroys one chunk of what is older than a moment, by a rule; returns how many, 0 when none is left.
Destroy = Callable[[datetime.datetime, str], int]


@dataclass(frozen=True)
class Keeping:
    """One line of retention.yaml."""

    kind: str
    label: str
    days: int | None
    article: str
    document: str
    confidence: str
    tables: tuple[str, ...] = ()  # apps (`insurance`) and tables (`cases.Case`)


_owners: dict[str, Destroy] = {}


def register(kind: str, destroy: Destroy) -> None:
    """Say who destroys things of a kind."""
    _owners[kind] = destroy


def cleared(model: type[models.Model], moment: str, before: datetime.datetime, *, kind: str, rule: str) -> int:
    """Remove one chunk of the rows whose `moment` (a column) lies before another, oldest first; the ledger keeps how many."""
    with deed():
        old = list(model._default_manager.filter(**{f"{moment}__lt": before}).order_by(moment, "pk").values_list("pk", flat=True)[:CHUNK])
        if old:
            model._default_manager.filter(pk__in=old).delete()
            ledger.record("privacy.retention", "", {"kind": kind, "count": len(old), "rule": rule})
    return len(old)


def forget_readings(before: datetime.datetime, rule: str) -> int:
    """Remove one chunk of the log of readings."""
    return cleared(Reading, "at", before, kind="reading", rule=rule)


def forget_records(before: datetime.datetime, rule: str) -> int:
    """Destroy one chunk of the ledger's records of who read, took or was given what; their entries stay, proved and empty."""
    with deed():
        old = list(Leaf.objects.filter(made_at__lt=before, kind__in=TRACES).exclude(record="").order_by("id").values_list("pk", flat=True)[:CHUNK])
        for leaf_id in old:
            ledger.destroy_record(leaf_id, rule=rule, by="retention")
    return len(old)


register("reading", forget_readings)
register("ledger_record", forget_records)


@cache
def keepings() -> tuple[Keeping, ...]:
    """The city's rules, in the order of the file. Raises ValueError naming a kind that has a time and nobody who destroys it."""
    lines = read_yaml(settings.CITY / "retention.yaml")["keep"]
    found = tuple(
        Keeping(one["kind"], one["label"], one["days"], one["article"], one.get("document", ""), one["confidence"], tuple(one["tables"].split()))
        for one in lines
    )
    if strangers := [one.kind for one in found if one.days is not None and one.kind not in _owners]:
        raise ValueError(f"retention.yaml：没有“{'、'.join(strangers)}”这种数据")
    return found


def awaited() -> list[Keeping]:
    """What is kept without end, because nobody has obtained the document that would say how long."""
    return [one for one in keepings() if one.days is None]


def retain() -> dict[str, int]:
    """Destroy whatever is past its time; how many of each kind. Safe to repeat and to kill: a chunk is one deed."""
    now, done = timezone.now(), {}
    for one in keepings():
        if one.days is None:
            continue
        before, count = now - datetime.timedelta(days=one.days), 0
        while some := _owners[one.kind](before, f"{one.article}：{one.label}保存{one.days}日"):
            count += some
        done[one.kind] = count
    return done
