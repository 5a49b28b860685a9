"""Asks for contracts on record."""

from django.db.models import QuerySet

from renshe.apps.relations.models import LabourContract


def contracts_of_person(person_id: int) -> QuerySet[LabourContract]:
    """A person's contracts, newest first."""
    return LabourContract.objects.select_related("organisation").filter(person_id=person_id).order_by("-starts_on", "-id")


def running(organisation_id: int, person_ids: list[int]) -> QuerySet[LabourContract]:
    """Contracts not yet ended between an employer and these persons."""
    return LabourContract.objects.filter(
        organisation_id=organisation_id, person_id__in=person_ids, ended_on=None
    ).order_by("id")
