"""Anchoring: a checkpoint's root written where others keep it. Means are adapters, named in RENSHE_ANCHORS.

Witnesses are the means that is always there: their cosignatures stand on the checkpoint itself. `evm` writes the root
into a contract on a chain that the city's departments run together.
"""

from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from renshe.kernel.ledger.models import Anchoring, Checkpoint
from renshe.kernel.store.deed import deed


class Unanchored(Exception):
    """A checkpoint could not be anchored, or an anchor does not hold; why, in plain words."""


class Anchor(Protocol):
    """A means of anchoring."""

    means: str

    def publish(self, size: int, root: bytes) -> str | None:
        """Write a root; returns how to find it again, None when there is nothing yet. Raises Unanchored. Safe to repeat."""

    def confirm(self, size: int, root: bytes, reference: str) -> str:
        """Words that say what stands there. Raises Unanchored when the root does not."""


def configured() -> list[Anchor]:
    """The means this installation uses."""
    return [import_string(path)() for path in settings.RENSHE_ANCHORS]


def anchor_latest(*, every: float = 0) -> list[Anchoring]:
    """Anchor the newest checkpoint by each means not used for `every` seconds; returns what was newly anchored.

    Raises Unanchored. Safe to repeat.
    """
    last = Checkpoint.objects.order_by("-size").first()
    made: list[Anchoring] = []
    if last is None:
        return made
    for anchor in configured():
        recent = Q(checkpoint=last) | Q(at__gt=timezone.now() - timedelta(seconds=every))
        if Anchoring.objects.filter(recent, means=anchor.means).exists():
            continue
        reference = anchor.publish(last.size, bytes(last.root))
        if reference is not None:
            made.append(keep(last, anchor.means, reference))
    return made


def keep(checkpoint: Checkpoint, means: str, reference: str) -> Anchoring:
    """Keep where a checkpoint was anchored."""
    with deed():
        return Anchoring.objects.create(checkpoint=checkpoint, means=means, reference=reference, at=timezone.now())


def confirm(size: int) -> list[tuple[str, str]]:
    """Check every anchoring of the checkpoint of this size: the means and what stands there. Raises Unanchored."""
    kept = list(Anchoring.objects.filter(checkpoint__size=size).select_related("checkpoint"))
    if not kept:
        raise Unanchored(f"{size}条的检查点没有锚定过")
    by_means = {anchor.means: anchor for anchor in configured()}
    found = []
    for one in kept:
        if one.means not in by_means:
            raise Unanchored(f"没有配置“{one.means}”这一锚定方式")
        found.append((one.means, by_means[one.means].confirm(size, bytes(one.checkpoint.root), one.reference)))
    return found
