"""Asks for accounts, emergencies and what waits for the auditor."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.models import Account, Override, Post


def accounts(*, text: str = "", role: str = "") -> QuerySet[Account]:
    """Accounts with their posts, by username, name or role."""
    rows = Account.objects.prefetch_related(
        Prefetch("posts", Post.objects.order_by("-valid_from", "-id"), to_attr="held")
    )
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if role:
        rows = rows.filter(posts__role=role).distinct()
    return rows.order_by("username")


def open_override(person_id: int, actor: Actor) -> Override | None:
    """The emergency under which this actor may look at a person now."""
    return (
        Override.objects.filter(account_id=actor.account_id, person_id=person_id, closes_at__gt=timezone.now())
        .order_by("-id").first()
    )


def overrides() -> QuerySet[Override]:
    """All emergencies, those nobody has reviewed yet first, then newest first."""
    return Override.objects.select_related("account", "reviewed_by").order_by("reviewed_at", "-id")
