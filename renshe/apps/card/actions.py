"""Writes cards: applied for on hire where the person has none, then issued."""

from django.utils import timezone

from renshe.apps.card import queries
from renshe.apps.card.models import Card
from renshe.apps.card.terms import CardState
from renshe.kernel.cases.journey import Chunk, Item, Rows
from renshe.kernel.common.identifiers import org_code_check
from renshe.kernel.common.verdict import YES, Verdict
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Apply:
    """Apply for a card for a hired person who has none (社会保险法 第五十八条)."""

    def facts(self, chunk: Chunk) -> set[int]:
        return queries.holders(chunk.person_ids) if chunk.person_ids else set()

    def judge(self, item: Item, facts: set[int]) -> Verdict:
        return YES

    def write(self, chunk: Chunk, accepted: list[Item], facts: set[int], rows: Rows) -> None:
        for item in accepted:
            if item.person_id in facts:
                continue
            rows[Card].append({
                "id": ids.new(), "person_id": item.person_id, "number": None, "state": str(CardState.APPLIED),
                "applied_on": chunk.today, "issued_on": None, "case_id": item.case_id,
            })
            item.record["card"] = "applied"
            item.told.append("同时已为您申领社会保障卡，制成后会通知您领取。")

    def version(self, facts: set[int]) -> str:
        return ""


def card_number(sequence: int) -> str:
    """The nine characters of a card number: eight of a sequence and a check character (GB 11714 rule)."""
    first = ""
    for _ in range(8):
        sequence, digit = divmod(sequence, 31)
        first = DIGITS[digit] + first
    return first + org_code_check(first)


def issue(card: Card) -> Card:
    """Give an applied-for card its number and tell its holder. Safe to repeat."""
    with deed():
        card = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
        if card.state != CardState.APPLIED:
            return card
        last = Card.objects.exclude(number=None).count()
        card.number, card.state, card.issued_on = card_number(last + 1), CardState.ACTIVE, timezone.localdate()
        card.save(update_fields=["number", "state", "issued_on"])
        ledger.record("card.issue", "", {"card": card.number, "person": str(card.person_id)})
        notices.send("card", "社会保障卡已制成", f"您的社会保障卡（尾号{card.number[-4:]}）已制成并启用。",
                     person_id=card.person_id)
        return card
