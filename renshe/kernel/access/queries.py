"""Asks for accounts, emergencies and what waits for the auditor."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.models import Account, Override, Post
from renshe.kernel.access.terms import GRANTS, Permission
from renshe.kernel.common.divisions import within


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


def supervisors(permission: Permission, division: str) -> list[int]:
    """Accounts that hold `permission` over a division today."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=today), role__in=[role for role in GRANTS if permission in GRANTS[role]],
        valid_from__lte=today, account__is_active=True,
    ).values_list("account_id", "division")
    return sorted({account for account, own in posts if within(division, own)})


def holders(permission: Permission) -> list[int]:
    """Accounts that hold `permission` anywhere today."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=today), role__in=[role for role in GRANTS if permission in GRANTS[role]],
        valid_from__lte=today, account__is_active=True,
    )
    return sorted(set(posts.values_list("account_id", flat=True)))
