"""Asks about agreements."""

import datetime

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from renshe.kernel.privacy.models import Reading
from renshe.kernel.sharing.models import Agreement
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
