"""Writes the log of readings."""

from collections.abc import Iterable
from typing import Protocol

from django.utils import timezone

from renshe.kernel.privacy.models import Reading
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
