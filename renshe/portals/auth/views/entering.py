"""Sign in by password, code or passkey; sign out; go to the door of one's role."""

import json
import logging
import time

from axes.decorators import axes_dispatch
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from renshe.kernel.access import factors, visits
from renshe.kernel.access.models import Account
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import FactorKind, Permission, Role
from renshe.kernel.common.verdict import Refused
from renshe.portals.auth import admission, sign_on

DOORS = {
    Role.RESIDENT: "resident:home", Role.EMPLOYER: "employer:home", Role.CLERK: "desk:queue",
    Role.REVIEWER: "desk:queue", Role.AUDITOR: "desk:audit", Role.OPERATOR: "desk:values",
    Role.LEADER: "cockpit:daily",
    Role.PLANNER: "desk:plans",
}
CHALLENGE = "passkey"  # in the session between question and answer
MOST_JSON = 64 * 1024
log = logging.getLogger("renshe.auth")


@requires(Permission.OPEN)
@sensitive_post_parameters("password")
@axes_dispatch
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    fault = ""
    if request.method == "POST":
        account = authenticate(
            request, username=request.POST.get("username", "").strip(), password=request.POST.get("password", "")
        )
        if isinstance(account, Account) and account.password_until and account.password_until < timezone.now():
            fault = "这个初始密码已过期。请联系管理员重新发一个。"
        elif isinstance(account, Account):
            return admission.ask_for_second(request, account)
        else:
            log.warning("password refused from %s", request.META.get("REMOTE_ADDR"))
            fault = "用户名或密码不对。请检查大小写后重试；连续五次不对，将锁定十五分钟。"
    page = {
        "ended": "ended" in request.GET, "fault": fault, "next": request.POST.get("next") or request.GET.get("next", ""),
        "username": request.POST.get("username", ""),
    }
    return render(request, "auth/login.html", page, status=422 if fault else 200)


def locked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """What somebody locked out sees."""
    fault = "连续多次不对，已锁定十五分钟。请稍后再试，或拨打 12333 找回。"
    return render(request, "auth/login.html", {"ended": False, "fault": fault, "next": "", "username": ""}, status=429)


@requires(Permission.OPEN)
@sensitive_post_parameters("code")
def second(request: HttpRequest) -> HttpResponse:
    """The second proof: a code from the phone, or a recovery code."""
    half = admission.half_way(request)
    if half is None:
        return redirect("login")
    if request.method == "POST":
        account = Account.objects.get(pk=half["account"])
        try:
            kind = factors.prove(account, request.POST.get("code", "")[:40])
        except Refused as fault:
            log.warning("second factor of account %s refused from %s", account.pk, request.META.get("REMOTE_ADDR"))
            return render(request, "auth/second.html", {"reasons": fault.reasons}, status=422)
        return admission.admit(request, account, proved_by=kind, to=half["next"])
    return render(request, "auth/second.html")


@requires(Permission.OPEN)
@require_POST
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser passes to the device."""
    options, request.session[CHALLENGE] = factors.passkey_question()
    return HttpResponse(options, content_type="application/json")


@requires(Permission.OPEN)
@require_POST
def passkey_answer(request: HttpRequest) -> HttpResponse:
    """The device's answer: a passkey that checked its holder counts as both proofs."""
    challenge = request.session.pop(CHALLENGE, "")
    try:
        account = factors.passkey_answer(answer_of(request), challenge)
    except Refused as fault:
        log.warning("passkey refused from %s", request.META.get("REMOTE_ADDR"))
        return JsonResponse({"fault": fault.reasons[0].text, "then": fault.reasons[0].then}, status=422)
    to = admission.admit(request, account, proved_by=FactorKind.PASSKEY, to=admission.wanted(request))
    return JsonResponse({"to": to.headers["Location"]})


def answer_of(request: HttpRequest) -> dict[str, object]:
    """The JSON object a page's script sent; empty when it is none."""
    try:
        sent = json.loads(request.body[: MOST_JSON + 1])
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


@requires(Permission.SIGNED_IN)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, of the city's sign-on too where that is how one came in."""
    there = request.session.get(admission.SIGN_ON) and sign_on.farewell(settings.RENSHE_ADDRESS.rstrip("/") + reverse("open:home"))
    visits.leave(request.session)
    logout(request)
    response = redirect(there or "open:home")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@requires(Permission.OPEN)
@reads
def session(request: HttpRequest) -> HttpResponse:
    """For the page's own clock: how long this session still lasts, 0 when it is over."""
    left, final = visits.left(request.session, int(time.time())) if request.actor.is_signed_in else (0, False)  # type: ignore[attr-defined]
    return JsonResponse({"left": left, "final": final}, headers={"Cache-Control": "no-store"})


@requires(Permission.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """To the door of one's first role."""
    roles = request.actor.roles  # type: ignore[attr-defined]
    return redirect(next((reverse(door) for role, door in DOORS.items() if role in roles), reverse("open:home")))
