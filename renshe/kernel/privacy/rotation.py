"""Online rotation: a new key leads at once, stored values follow chunk by chunk, and the old key may then be destroyed.

Reading accepts every key on the ring, so nothing stops meanwhile. A chunk is one deed with its cursor: killed anywhere,
the next run goes on.
"""

from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import keys, reindexing, sealing, shredding
from renshe.kernel.privacy.classes import Column, sealed_columns
from renshe.kernel.privacy.models import Resealing
from renshe.kernel.store.deed import deed

CHUNK = 500


def _values(column: Column) -> QuerySet:  # type: ignore[type-arg]
    return column.model.objects.exclude(**{column.field: None})  # type: ignore[attr-defined]


def begin(*, by: int) -> int:
    """Make a new leading key and note every sealed column as to be moved; returns the version."""
    version = keys.add()
    with deed():
        now = timezone.now()
        Resealing.objects.bulk_create(
            Resealing(version=version, column=one.column, total=_values(one).count(), begun_at=now)
            for one in sealed_columns()
        )
        ledger.record("privacy.key", "", {"version": version, "by": str(by)})
    return version


def advance() -> Resealing | None:
    """Move one chunk of one column, or of one blind index; None when there is nothing to do. Safe to repeat and to kill."""
    with deed():
        waiting = Resealing.objects.select_for_update(of=("self",)).filter(finished_at=None).order_by("id")
        job = next((one for one in waiting if not reindexing.is_of(one) or reindexing.is_ready(one)), None)
        if job is None:
            return None
        if reindexing.is_of(job):
            reindexing.step(job, CHUNK)
            job.save(update_fields=["cursor", "done", "finished_at"])
            return job
        column = next((one for one in sealed_columns() if one.column == job.column), None)
        rows = [] if column is None else list(
            _values(column).select_for_update(of=("self",)).filter(pk__gt=job.cursor).order_by("pk")
            .only("pk", column.field)[:CHUNK]
        )
        if not rows or column is None:
            job.finished_at = timezone.now()
        else:
            moved = [row for row in rows if _moved(row, column)]
            column.model.objects.bulk_update(moved, [column.field])  # type: ignore[attr-defined]
            job.cursor, job.done = rows[-1].pk, job.done + len(rows)
        job.save(update_fields=["cursor", "done", "finished_at"])
    return job


def _moved(row: object, column: Column) -> bool:
    """Seal one value anew; False when it is so already, or has a key of its own."""
    blob = bytes(getattr(row, column.field))
    if sealing.is_current(blob) or sealing.version_of(blob) == 0:
        return False
    setattr(row, column.field, sealing.seal_bytes(column.column, sealing.unseal_bytes(column.column, blob)))
    return True


def held(version: int) -> int:
    """How many stored values still name a key version."""
    return sum(
        _values(one).annotate(head=Substr(one.field, 2, 1, output_field=BinaryField())).filter(head=bytes((version,))).count()
        for one in sealed_columns()
    )


def retire(version: int, *, by: int) -> None:
    """Destroy a key that no stored value names any more. Raises Refused: it still leads, values still need it or may come to, or only the key
    service can destroy it; the ledger says destroyed of none that still opens anything here."""
    if version == keys.leading():
        raise Refused(Reason("leading", f"密钥第{version}版正在使用，不能销毁", article=keys.ARTICLE, then="请先换新密钥"))
    waiting = any(not reindexing.is_of(job) for job in Resealing.objects.filter(finished_at=None))
    left = held(version)
    if waiting or left:
        raise Refused(Reason("in_use", f"还有{left}个值由第{version}版密钥封存", article=keys.ARTICLE, then="请等换钥完成后再销毁"))
    keys.may_go(version)
    with deed():
        gone = shredding.opened_by(version)  # destroyed before: from now on no backup opens them either
        ledger.record("privacy.key_destroyed", "", {"version": version, "by": str(by), "beyond_restoring": gone})
    keys.destroy(version)
