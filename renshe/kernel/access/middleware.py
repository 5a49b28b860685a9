"""Gives each request its actor, worked out when first asked for, and ends sessions past their limits."""

import time
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from renshe.kernel.access import visits
from renshe.kernel.access.actor import NOBODY, Actor, actor_of
from renshe.kernel.access.models import Account
from renshe.kernel.access.terms import Permission

QUIET = "Renshe-Quiet"  # a page that only asks how long its session lasts says so: that is no activity
UNPROVED = "unproved"  # in the session of somebody who must first set a password or a second factor


def _actor(request: HttpRequest) -> Actor:
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return NOBODY
    actor = actor_of(account)
    if request.session.get(UNPROVED):
        return replace(actor, permissions=frozenset({Permission.OPEN, Permission.SIGNED_IN}))
    return actor


def actor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """`request.actor` for every view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Without the cookie there is no session, and asking for one would cost a query.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session
        if signed_in:
            now = int(time.time())
            if not visits.lives(request.session, now):
                visits.leave(request.session)
                logout(request)
            elif QUIET not in request.headers:
                visits.note(request.session, now)
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
