"""Signing in through the city's sign-on: an account bound before, or a resident named by the provider."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from renshe.kernel.access import actions, visits
from renshe.kernel.access.models import Account
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import AccessRefusal, Permission, VisitEnd
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.subjects.actions import open_resident_account
from renshe.portals.auth import admission, sign_on

BINDING = "binding"
log = logging.getLogger("renshe.auth")


@require_POST
@requires(Permission.OPEN)
def start(request: HttpRequest) -> HttpResponse:
    """To the provider, by a button of ours. Who is signed in comes back to bind the two, or has proved again who they are."""
    if not sign_on.label():
        return redirect("login")
    signed_in = bool(request.actor.is_signed_in)  # type: ignore[attr-defined]
    request.session[BINDING] = signed_in and "bind" in request.POST
    if request.session[BINDING] and not admission.lately(request):
        return admission.again(request)
    request.session[admission.WANTED] = request.POST.get("next", "")
    try:
        return sign_on.start(request, again=signed_in and "bind" not in request.POST)
    except sign_on.FAILED as fault:
        log.warning("sign-on does not answer: %s", type(fault).__name__)
        return _sorry(request, Reason(AccessRefusal.UNKNOWN_SIGN_ON, "统一身份认证现在联系不上", then="请稍后再试，或用密码登录"), 502)


@requires(Permission.OPEN)
def back(request: HttpRequest) -> HttpResponse:
    """From the provider."""
    if not sign_on.label():
        return redirect("login")
    try:
        told = sign_on.claims(request)
    except sign_on.FAILED as fault:
        log.warning("answer of the sign-on refused from %s: %s", request.META.get("REMOTE_ADDR"), type(fault).__name__)
        return _sorry(request, Reason(AccessRefusal.UNKNOWN_SIGN_ON, "统一身份认证的回答没有通过验证", then="请重新登录"), 422)
    try:
        if request.session.pop(BINDING, False) and isinstance(request.user, Account):
            actions.bind_sign_on(request.user, told["subject"])
            return redirect("account")
        account = Account.objects.filter(sign_on=told["subject"], is_active=True).first() or _resident(told)
    except Refused as fault:
        return _sorry(request, fault.reasons[0], 422)
    request.session[admission.SIGN_ON] = True  # signing out here must lead to signing out there
    return admission.ask_for_second(request, account, proved_by=admission.SIGN_ON)


@csrf_exempt  # the provider's program calls, not a browser; what it says is signed
@require_POST
@requires(Permission.OPEN)
def ended(request: HttpRequest) -> HttpResponse:
    """The provider says that somebody signed out there: every session of the account ends here too. Safe to repeat."""
    try:
        subject = sign_on.signed_out(request.POST.get("logout_token", "")) if sign_on.label() else ""
    except sign_on.FAILED as fault:
        log.warning("logout token refused from %s: %s", request.META.get("REMOTE_ADDR"), type(fault).__name__)
        subject = ""
    if not subject:
        return HttpResponse("logout_token", status=400, content_type="text/plain", headers={"Cache-Control": "no-store"})
    if account := Account.objects.filter(sign_on=subject).first():
        visits.end_all(account, VisitEnd.LEFT)
    return HttpResponse(headers={"Cache-Control": "no-store"})


def _resident(told: dict[str, str]) -> Account:
    number = str(told.get(settings.RENSHE_SSO["citizen_id_claim"] or "", ""))
    account = open_resident_account(number, subject=told["subject"]) if number else None
    if account is None:
        raise Refused(Reason(
            AccessRefusal.UNKNOWN_SIGN_ON, "这个统一身份还没有绑定本平台的账户",
            then="请先用密码登录，在“我的账户”里绑定；没有账户的，到社保窗口开户",
        ))
    return account


def _sorry(request: HttpRequest, reason: Reason, status: int) -> HttpResponse:
    page = {"fault": f"{reason.text}。{reason.then}。", "next": "", "username": ""}
    return render(request, "auth/login.html", page, status=status)
