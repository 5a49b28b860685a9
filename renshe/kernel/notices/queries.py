"""Asks the inbox."""

from django.db.models import F, QuerySet

from renshe.kernel.notices.models import Notice


def inbox(*, person_id: int | None = None, organisation_id: int | None = None, account_id: int | None = None) -> QuerySet[Notice]:
    """Notices to one receiver, unread first, then newest first."""
    if person_id:
        found = Notice.objects.filter(person_id=person_id)
    elif organisation_id:
        found = Notice.objects.filter(organisation_id=organisation_id)
    else:
        found = Notice.objects.filter(account_id=account_id)
    return found.order_by(F("read_at").asc(nulls_first=True), "-made_at", "-id")
