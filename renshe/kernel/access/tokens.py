"""Keys for programs: shown once, kept as a digest."""

import datetime
import hashlib
import secrets

from django.utils import timezone

from renshe.kernel.access.actor import Actor, actor_of
from renshe.kernel.access.models import Account, Token
from renshe.kernel.store import ids
from renshe.kernel.store.fresh import fresh

FRESH_SECONDS = 5.0


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def issue(account: Account, *, label: str, days: int) -> str:
    """Make a token valid for `days`; returns the key, which cannot be read again."""
    key = f"rs_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    Token.objects.create(
        id=ids.new(), account=account, digest=_digest(key), label=label, made_at=now,
        valid_until=now + datetime.timedelta(days=days),
    )
    return key


@fresh(FRESH_SECONDS)
def actor_for(key: str) -> Actor | None:
    """The actor behind a key, or None when it is unknown, revoked or expired (a revocation counts within seconds)."""
    token = (
        Token.objects.select_related("account")
        .filter(digest=_digest(key), revoked_at=None, valid_until__gt=timezone.now(), account__is_active=True)
        .first()
    )
    return actor_of(token.account) if token else None
