"""Asks who is known, and who may act for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.common import identifiers
from renshe.kernel.common.divisions import prefix
from renshe.kernel.privacy import sealing
from renshe.kernel.store.fresh import fresh
from renshe.kernel.subjects.models import (
    HouseholdMember,
    Kinship,
    Mandate,
    Mandating,
    NameChange,
    Organisation,
    Person,
    Place,
)

CITIZEN_ID = "person.citizen_id"
PHONE = "person.phone"
FRESH_SECONDS = 5.0
_PERSONS = "SELECT * FROM subjects_person WHERE citizen_id_index IN"
BATCH = 500  # SQLite takes at most a few thousand placeholders in one statement


def _mandates(actor: Actor) -> QuerySet[Mandate]:
    today = timezone.localdate()
    return Mandate.objects.filter(account_id=actor.account_id, valid_from__lte=today).filter(
        Q(valid_until=None) | Q(valid_until__gt=today)
    )


@fresh(FRESH_SECONDS)
def organisation_of(actor: Actor) -> Organisation | None:
    """The organisation this actor may act for today (a change of mandate counts within seconds)."""
    mandate = _mandates(actor).filter(person=None).select_related("organisation").order_by("id").first()
    return mandate.organisation if mandate else None


def person_of(actor: Actor) -> Person | None:
    """The person this actor is, or may act for today."""
    mandate = _mandates(actor).filter(organisation=None).select_related("person").order_by("id").first()
    return mandate.person if mandate else None


def persons_by_citizen_id(citizen_ids: Iterable[str]) -> dict[str, Person]:
    """Known persons by normalised citizen ID."""
    by_index = {index: number for number in citizen_ids for index in sealing.blinds(CITIZEN_ID, number)}
    found: dict[str, Person] = {}
    indexes = list(by_index)
    for start in range(0, len(indexes), BATCH):
        some = indexes[start : start + BATCH]
        # Raw, since building this query with the ORM costs more than the rest of a single hire's reading.
        for person in Person.objects.raw(f"{_PERSONS} ({', '.join(['%s'] * len(some))})", some):
            found[by_index[person.citizen_id_index]] = person
    return found


def search_persons(text: str, actor: Actor) -> QuerySet[Person]:
    """Persons an officer may find: by whole citizen ID anywhere, by name within the jurisdiction."""
    text = text.strip()
    if not identifiers.citizen_id_fault(identifiers.normalise(text)):
        return Person.objects.filter(citizen_id_index__in=sealing.blinds(CITIZEN_ID, text)).order_by("id")
    if not text or not actor.division:
        return Person.objects.none()
    return Person.objects.filter(name__startswith=text, division__startswith=prefix(actor.division)).order_by("id")


def former_names(person_id: int) -> QuerySet[NameChange]:
    """The names the register held before, newest first."""
    return NameChange.objects.filter(person_id=person_id).order_by("-at", "-id")


def citizen_id(person: Person) -> str:
    """The citizen ID in clear: for documents of the person and exchanges the law asks for, never for lists."""
    return sealing.unseal(CITIZEN_ID, person.citizen_id_sealed)


def phone(person: Person) -> str:
    """The phone number in clear, or nothing."""
    return sealing.unseal(PHONE, person.phone_sealed) if person.phone_sealed else ""


def home_of(row: Any) -> str:
    """The division of a person or a case, by name."""
    return place_name(row.division)


@fresh(60)
def _named(code: str) -> str | None:
    return Place.objects.filter(code=code).values_list("name", flat=True).first()


def place_name(code: str) -> str:
    """The name of a division, or its code when unknown."""
    return _named(code) or code


def households(person_ids: Collection[int]) -> dict[int, str]:
    """The household each of these persons belongs to now; who is in none is left out."""
    return dict(HouseholdMember.objects.filter(person_id__in=person_ids, until=None).values_list("person_id", "household"))


def kin(person_ids: Collection[int]) -> dict[int, set[int]]:
    """Whom each of these persons has declared as a near relative, or who has declared them."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Kinship.objects.filter(Q(person_id__in=person_ids) | Q(relative_id__in=person_ids), until=None)
    for person, relative in rows.values_list("person_id", "relative_id"):
        found[person].add(relative)
        found[relative].add(person)
    return found


def kinships_of(person_id: int) -> QuerySet[Kinship]:
    """What a person has declared of near relatives and still holds."""
    return Kinship.objects.select_related("relative").filter(person_id=person_id, until=None).order_by("id")


def officer_person(account_id: int) -> Person | None:
    """The person an officer is, where that has been noted."""
    mandate = Mandate.objects.filter(account_id=account_id, kind=Mandating.OFFICER, valid_until=None).select_related("person").first()
    return mandate.person if mandate else None
