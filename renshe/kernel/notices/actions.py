"""Tells people."""

import datetime
from typing import Any

from django.utils import timezone

from renshe.kernel.notices.models import Notice
from renshe.kernel.store import ids
from renshe.kernel.store.insert import insert


def notice_row(
    kind: str, title: str, body: str, *, person_id: int | None = None, organisation_id: int | None = None,
    account_id: int | None = None, case_number: str = "", at: datetime.datetime | None = None,
) -> dict[str, Any]:
    """A row of Notice for `store.insert`."""
    return {
        "id": ids.new(), "person_id": person_id, "organisation_id": organisation_id, "account_id": account_id,
        "kind": kind, "title": title, "body": body, "case_number": case_number,
        "made_at": at or timezone.now(), "read_at": None,
    }


def send(kind: str, title: str, body: str, **to: Any) -> None:
    """Write one notice within the deed it tells of; `to` as in `notice_row`."""
    insert(Notice, [notice_row(kind, title, body, **to)])


def mark_read(notice: Notice) -> None:
    """Note the first reading. Safe to repeat."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def forget(person_id: int) -> int:
    """Delete what a person has read, within the deed of an erasure; returns how many."""
    read = Notice.objects.filter(person_id=person_id).exclude(read_at=None)
    return int(read.delete()[0])
