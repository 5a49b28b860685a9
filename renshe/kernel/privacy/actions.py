"""Writes the log of readings, and what is stored only from now on."""

from collections.abc import Iterable
from typing import Protocol

from django.utils import timezone

from renshe.kernel.privacy.models import Reading, Restriction
from renshe.kernel.store import ids
from renshe.kernel.store.insert import insert


class Reader(Protocol):
    """Who reads; an actor of the access part fits."""

    @property
    def account_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def post_title(self) -> str: ...


def log_readings(
    reader: Reader, person_ids: Iterable[int], *, purpose: str, what: str, case_number: str = ""
) -> None:
    """Note that `reader` looked at `what` of these persons for `purpose`; the persons may see it."""
    now = timezone.now()
    insert(
        Reading,
        [
            {
                "id": ids.new(), "person_id": person_id, "reader_id": reader.account_id, "reader_name": reader.name,
                "reader_post": reader.post_title, "purpose": purpose, "what": what, "case_number": case_number,
                "at": now,
            }
            for person_id in person_ids
        ],
    )


def restrict(person_id: int, item: str, tables: Iterable[str], *, article: str, case_number: str) -> None:
    """Keep something of a person in store only, within the deed of the case that says so. Safe to repeat."""
    Restriction.objects.get_or_create(
        person_id=person_id, item=item, ended_at=None,
        defaults={"tables": sorted(tables), "article": article, "case_number": case_number, "since": timezone.now()},
    )


def release(person_id: int, item: str) -> None:
    """Let something be used again that was stored only, within the deed that needs it. Safe to repeat."""
    Restriction.objects.filter(person_id=person_id, item=item, ended_at=None).update(ended_at=timezone.now())
