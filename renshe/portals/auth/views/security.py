"""One's own account: password, second factors, where one is signed in, the city's sign-on."""

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from renshe.kernel.access import actions, factors, visits
from renshe.kernel.access.middleware import UNPROVED
from renshe.kernel.access.models import Account, Factor, Visit
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import AccessRefusal, FactorKind, Permission, VisitEnd
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals.auth import admission
from renshe.portals.auth.views.entering import CHALLENGE, answer_of


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account


def _page(request: HttpRequest, reasons: tuple[Reason, ...] = (), codes: list[str] | None = None) -> HttpResponse:
    account = _account(request)
    held = list(factors.active(account))
    waiting = factors.waiting_totp(account)
    page = {
        "account": account, "posts": account.posts.order_by("-valid_from", "-id"), "reasons": reasons, "codes": codes,
        "passkeys": [one for one in held if one.kind == FactorKind.PASSKEY],
        "totp": next((one for one in held if one.kind == FactorKind.TOTP), None),
        "recovery_left": sum(one.kind == FactorKind.RECOVERY for one in held),
        "waiting": waiting, "must": request.session.get(UNPROVED), "lately": admission.lately(request), "demanded": factors.demanded(account),
        "visits": [(one, visits.last_seen(one), one.session_key == request.session.session_key)
                   for one in visits.going_on(account)],
    }
    if waiting is not None:
        page["code_picture"] = segno.make(factors.totp_address(waiting), error="m").svg_data_uri(scale=5, border=2)
        page["secret"] = " ".join(factors.totp_secret(waiting)[at : at + 4] for at in range(0, 32, 4))
    return render(request, "auth/account.html", page, status=422 if reasons else 200)


@requires(Permission.SIGNED_IN)
@sensitive_post_parameters()
def account(request: HttpRequest) -> HttpResponse:
    """The page, and the deeds that its buttons name."""
    if request.method != "POST":
        return _page(request)
    deeds = {
        "begin_totp": _begin_totp, "confirm_totp": _confirm_totp, "recovery": _recovery, "remove": _remove,
        "end": _end, "end_others": _end_others, "password": _password,
    }
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        return redirect("account")
    if not admission.lately(request) and not (deed is _password and _account(request).has_usable_password()):
        return admission.again(request)
    try:
        return deed(request)
    except Refused as fault:
        return _page(request, fault.reasons)
    except (Factor.DoesNotExist, Visit.DoesNotExist, ValueError):
        return redirect("account")


def _begin_totp(request: HttpRequest) -> HttpResponse:
    factors.begin_totp(_account(request))
    return redirect("account")


def _confirm_totp(request: HttpRequest) -> HttpResponse:
    account = _account(request)
    factors.confirm_totp(account, request.POST.get("code", ""))
    admission.prove_further(request, account)
    return _page(request, codes=factors.renew_recovery_codes(account))


def _recovery(request: HttpRequest) -> HttpResponse:
    return _page(request, codes=factors.renew_recovery_codes(_account(request)))


def _remove(request: HttpRequest) -> HttpResponse:
    factors.remove(_account(request), int(request.POST.get("factor", "")))
    return redirect("account")


def _end(request: HttpRequest) -> HttpResponse:
    visits.end(_account(request), int(request.POST.get("visit", "")))
    return redirect("account")


def _end_others(request: HttpRequest) -> HttpResponse:
    ended = visits.end_all(_account(request), VisitEnd.REVOKED, but=request.session.session_key or "")
    messages.success(request, f"已结束其他{ended}处登录。")
    return redirect("account")


def _password(request: HttpRequest) -> HttpResponse:
    account, fresh = _account(request), request.POST.get("fresh", "")
    if account.has_usable_password() and not account.check_password(request.POST.get("current", "")):
        raise Refused(Reason(AccessRefusal.WRONG_PASSWORD, "现在的密码不对", field="current"))
    try:
        validate_password(fresh, account)
    except ValidationError as fault:
        raise Refused(*(Reason(AccessRefusal.WRONG_PASSWORD, text, field="fresh") for text in fault.messages)) from None
    before = request.session.session_key or ""
    actions.set_password(account, fresh, session_key=before)
    update_session_auth_hash(request, account)
    visits.follow(before, request.session)
    admission.prove_further(request, account)
    messages.success(request, "密码已更换，其他设备上的登录已结束。")
    return redirect("account")


@requires(Permission.SIGNED_IN)
@require_POST
def passkey_offer(request: HttpRequest) -> HttpResponse:
    """What the browser passes to the device to make a passkey."""
    if not admission.lately(request):
        return JsonResponse({"fault": AccessRefusal.PROVE_AGAIN.label, "then": "登录后十分钟内可以登记"}, status=422)
    options, request.session[CHALLENGE] = factors.passkey_offer(_account(request))
    return HttpResponse(options, content_type="application/json")


@requires(Permission.SIGNED_IN)
@require_POST
def passkey_made(request: HttpRequest) -> HttpResponse:
    """The made passkey."""
    sent, challenge = answer_of(request), request.session.pop(CHALLENGE, "")
    label = str(sent.pop("label", ""))
    try:
        factors.add_passkey(_account(request), sent, challenge, label)
    except Refused as fault:
        return JsonResponse({"fault": fault.reasons[0].text, "then": fault.reasons[0].then}, status=422)
    admission.prove_further(request, _account(request))
    return JsonResponse({"to": request.path.rsplit("/", 2)[0]})
