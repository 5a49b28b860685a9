"""What happens once somebody has proved who they are: the session begins, or a second proof is asked for first."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from renshe.kernel.access import factors, visits
from renshe.kernel.access.middleware import UNPROVED
from renshe.kernel.access.models import Account

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF = "half"  # in the session between password and second factor
HALF_SECONDS = 300
LATELY_SECONDS = 600  # how long after signing in one may change the ways of signing in
WANTED = "wanted"  # in the session on the way through the city's sign-on
PASSWORD, SIGN_ON = "password", "sign_on"


def wanted(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is one of our own pages; else the door of their role."""
    address = str(request.POST.get("next") or request.GET.get("next") or request.session.pop(WANTED, ""))
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "home"


def ask_for_second(request: HttpRequest, account: Account, *, proved_by: str = PASSWORD) -> HttpResponse:
    """After the first proof: to the second where the account has one, else in."""
    if not factors.active(account).exists():
        return admit(request, account, proved_by=proved_by, to=wanted(request))
    request.session[HALF] = {"account": account.pk, "at": int(time.time()), "next": wanted(request)}
    return redirect("second")


def half_way(request: HttpRequest) -> dict[str, Any] | None:
    """Who gave the right password less than five minutes ago."""
    half = request.session.get(HALF)
    return half if half and time.time() - half["at"] < HALF_SECONDS else None


def admit(request: HttpRequest, account: Account, *, proved_by: str, to: str) -> HttpResponse:
    """Begin the session. Without a second factor an officer gets no further than the page that sets one up."""
    request.session.pop(HALF, None)
    if request.user.is_authenticated:
        visits.leave(request.session)  # somebody proves again who they are: one visit ends, another begins under a new key
        request.session.cycle_key()
    login(request, account, backend=BACKEND)
    visits.begin(
        account, request.session, proved_by=proved_by, device=request.headers.get("User-Agent", ""),
        network=request.META.get("REMOTE_ADDR", ""),
    )
    if account.password_due or (factors.demanded(account) and proved_by in (PASSWORD, SIGN_ON)):
        request.session[UNPROVED] = True
        return redirect("account")
    return redirect(to)


def lately(request: HttpRequest) -> bool:
    """Whether the visitor proved within ten minutes who they are, by all that their account asks for."""
    return 0 <= time.time() - request.session.get(visits.BEGAN, 0) < LATELY_SECONDS


def again(request: HttpRequest) -> HttpResponse:
    """To the page of signing in, and from there back to the account."""
    messages.warning(request, "为了安全，改动登录方式前请先登录一次；登录后十分钟内可以改。")
    return redirect(f"{reverse('login')}?next={reverse('account')}")


def prove_further(request: HttpRequest, account: Account) -> None:
    """Lift the restriction once password and second factor are in order."""
    if not account.password_due and not (factors.demanded(account) and not factors.active(account).exists()):
        request.session.pop(UNPROVED, None)
