"""The key of the blind indexes changes online: both versions are searched while stored indexes follow chunk by chunk.

A chunk is one deed with its cursor: killed anywhere, the next run goes on. Where two rows turn out to name one identifier
(they were written at the very moment of the change), the second stays as it is and the ledger says so: somebody must merge them.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone

from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import keys, sealing
from renshe.kernel.privacy.classes import Column, classes_of, columns
from renshe.kernel.privacy.models import Resealing
from renshe.kernel.store.deed import deed

INDEX, SEALED = "_index", "_sealed"


def indexed_columns() -> Iterator[Column]:
    """The blind indexes: class 4, beside a sealed value of the same name."""
    for column in columns():
        if column.field.endswith(INDEX) and column.field.removesuffix(INDEX) + SEALED in classes_of(column.model):
            yield column


def is_of(job: Resealing) -> bool:
    """Whether a job moves indexes, not sealed values."""
    return job.column.endswith(INDEX)


def begin(*, by: int) -> int:
    """Make a new index key and note every index as to be moved; it leads as soon as every process has read it."""
    version = keys.add(keys.INDEX)
    with deed():
        now = timezone.now()
        Resealing.objects.bulk_create(
            Resealing(version=version, column=one.column, total=_rows(one).count(), begun_at=now) for one in indexed_columns()
        )
        ledger.record("privacy.index_key", "", {"version": version, "by": str(by)})
    return version


def is_ready(job: Resealing) -> bool:
    """Whether the key of a job leads, so that its indexes may move."""
    return keys.leading(keys.INDEX) >= job.version


def _rows(column: Column) -> QuerySet:  # type: ignore[type-arg]
    return column.model.objects.all()  # type: ignore[attr-defined]


def _of(version: int, field: str) -> Q:
    """Indexes made with a key."""
    return ~Q(**{f"{field}__contains": "."}) if version == 1 else Q(**{f"{field}__startswith": sealing.index_head(version)})


def step(job: Resealing, size: int) -> None:
    """Move one chunk, within the deed that locks the job; the job is finished when none is left."""
    column = next((one for one in indexed_columns() if one.column == job.column), None)
    rows = [] if column is None else list(
        _rows(column).select_for_update(of=("self",)).filter(pk__gt=job.cursor)
        .exclude(_of(keys.leading(keys.INDEX), column.field)).order_by("pk")[:size]
    )
    if column is None or not rows:
        job.finished_at, job.done = timezone.now(), job.total
        return
    field = column.field
    named = {row.pk: _index(row, column) for row in rows}
    taken = set(_rows(column).filter(**{f"{field}__in": list(named.values())}).values_list(field, flat=True))
    for row in rows:
        if named[row.pk] not in taken:
            setattr(row, field, named[row.pk])
    column.model.objects.bulk_update([row for row in rows if named[row.pk] not in taken], [field])  # type: ignore[attr-defined]
    if twice := [str(row.pk) for row in rows if named[row.pk] in taken]:
        ledger.record("privacy.index_twice", "", {"column": column.column, "rows": twice})
    job.cursor, job.done = rows[-1].pk, min(job.done + len(rows), job.total)


def _index(row: object, column: Column) -> str:
    stem = column.field.removesuffix(INDEX)
    name = f"{column.model._meta.model_name}.{stem}"
    return sealing.blind(name, sealing.unseal(name, getattr(row, stem + SEALED)))


def held(version: int) -> int:
    """How many stored indexes were made with a key."""
    return sum(_rows(one).filter(_of(version, one.field)).count() for one in indexed_columns())


def retire(version: int, *, by: int) -> None:
    """Destroy an index key that no stored index needs any more. Raises Refused: it leads, or indexes still need it or may come to.

    Indexes that were written late with the old key are moved by another run, which this begins.
    """
    if version >= keys.leading(keys.INDEX):
        raise Refused(Reason("leading", f"索引密钥第{version}版正在使用，不能销毁", article=keys.ARTICLE, then="请先换新密钥，等换完"))
    going = [job for job in Resealing.objects.filter(finished_at=None) if is_of(job)]
    if left := held(version):
        if not going:
            _again()
        raise Refused(Reason("in_use", f"还有{left}个索引由第{version}版密钥生成", article=keys.ARTICLE,
                             then="请等换完后再销毁；换完仍不为零的，是重复建档，须先合并"))
    keys.may_go(version, keys.INDEX)
    with deed():
        ledger.record("privacy.index_key_destroyed", "", {"version": version, "by": str(by)})
    keys.destroy(version, keys.INDEX)


def _again() -> None:
    """Let the newest move run once more from the beginning."""
    with deed():
        for one in indexed_columns():
            newest = Resealing.objects.filter(column=one.column).order_by("-version").first()
            if newest is not None:
                newest.cursor, newest.finished_at = 0, None
                newest.save(update_fields=["cursor", "finished_at"])
