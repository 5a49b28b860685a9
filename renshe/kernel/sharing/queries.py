"""Asks about agreements."""

import datetime

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from renshe.kernel.privacy.models import Reading
from renshe.kernel.privacy.terms import SHARED_OUT
from renshe.kernel.sharing.models import Agreement, Corrected
from renshe.kernel.sharing.terms import AgreementState


def agreements(*, text: str = "", state: str = "") -> QuerySet[Agreement]:
    """Agreements: those that wait for a second person first, then newest first."""
    rows = Agreement.objects.all()
    if text:
        rows = rows.filter(Q(recipient__icontains=text) | Q(purpose__icontains=text) | Q(legal_basis__icontains=text))
    if state:
        rows = rows.filter(state=state)
    return rows.order_by(Case(When(state=AgreementState.PROPOSED, then=Value(0)), default=Value(1)), "-id")


def is_in_force(agreement: Agreement, on: datetime.date | None = None) -> bool:
    """Whether it lets data go on a day."""
    day = on or timezone.localdate()
    return agreement.state == AgreementState.APPROVED and agreement.valid_from <= day < agreement.valid_until


def disclosures(agreement: Agreement) -> QuerySet[Reading]:
    """Whose data went out under it, newest first."""
    return Reading.objects.filter(reader_id=agreement.pk).order_by("-at", "-id")


def recipients_of(person_id: int) -> QuerySet[Agreement]:
    """Agreements under which something about a person went out."""
    readings = Reading.objects.filter(person_id=person_id, what__startswith=SHARED_OUT)
    return Agreement.objects.filter(pk__in=readings.values("reader_id")).order_by("id")


def corrected(agreement: Agreement) -> QuerySet[Corrected]:
    """What was put right after it had gone out and the recipient has not yet confirmed, oldest first."""
    return agreement.corrected.select_related("person").filter(seen_at=None).order_by("id")  # type: ignore[attr-defined,no-any-return]
