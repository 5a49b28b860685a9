"""Asks the log of readings."""

from django.db.models import QuerySet

from renshe.kernel.privacy.models import Reading


def readings_of(person_id: int) -> QuerySet[Reading]:
    """Who looked at this person's record, newest first."""
    return Reading.objects.filter(person_id=person_id).order_by("-at", "-id")


def readings_by_reader() -> QuerySet[Reading]:
    """The whole log for auditors, newest first."""
    return Reading.objects.order_by("-at", "-id")
