"""Asks the log of readings, and what is stored only."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from renshe.kernel.privacy.models import Reading, Restriction


def readings_of(person_id: int) -> QuerySet[Reading]:
    """Who looked at this person's record, newest first."""
    return Reading.objects.filter(person_id=person_id).order_by("-at", "-id")


def readings_by_reader() -> QuerySet[Reading]:
    """The whole log for auditors, newest first."""
    return Reading.objects.order_by("-at", "-id")


def restrictions_of(person_id: int) -> QuerySet[Restriction]:
    """What of a person is stored only."""
    return Restriction.objects.filter(person_id=person_id, ended_at=None).order_by("id")


def restricted_tables(person_ids: Collection[int]) -> dict[int, set[str]]:
    """Labels of the tables (`insurance.Enrolment`) that may not leave, by person."""
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, tables in Restriction.objects.filter(person_id__in=person_ids, ended_at=None).values_list("person_id", "tables"):
        found[person_id].update(tables)
    return found
