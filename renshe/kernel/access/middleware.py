"""Gives each request its actor, worked out when first asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from renshe.kernel.access.actor import NOBODY, Actor, actor_of
from renshe.kernel.access.models import Account


def _actor(request: HttpRequest) -> Actor:
    account = request.user
    return actor_of(account) if isinstance(account, Account) and account.is_active else NOBODY


def actor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """`request.actor` for every view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
