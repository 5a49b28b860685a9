"""Asks who holds a card."""

from renshe.apps.card.models import Card
from renshe.apps.card.terms import CardState


def holders(person_ids: list[int]) -> set[int]:
    """Those of these persons who have a card or have applied for one."""
    rows = Card.objects.filter(person_id__in=person_ids).exclude(state=CardState.CANCELLED)
    return set(rows.values_list("person_id", flat=True))


def card_of(person_id: int) -> Card | None:
    """A person's card, or the one being made."""
    return Card.objects.filter(person_id=person_id).exclude(state=CardState.CANCELLED).first()
