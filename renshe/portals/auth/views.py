"""Sign in, sign out, go to the door of one's role."""

from axes.decorators import axes_dispatch
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission, Role

DOORS = {
    Role.RESIDENT: "resident:home", Role.EMPLOYER: "employer:home", Role.CLERK: "desk:queue",
    Role.REVIEWER: "desk:queue", Role.AUDITOR: "desk:audit", Role.OPERATOR: "desk:values",
}


@requires(Permission.OPEN)
@sensitive_post_parameters("password")
@axes_dispatch
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    fault = ""
    if request.method == "POST":
        account = authenticate(
            request, username=request.POST.get("username", "").strip(), password=request.POST.get("password", "")
        )
        if account is not None:
            login(request, account)
            safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
            return redirect(wanted if safe else "home")
        fault = "用户名或密码不对。请检查大小写后重试；连续五次不对，将锁定十五分钟。"
    page = {"fault": fault, "next": wanted, "username": request.POST.get("username", "")}
    return render(request, "auth/login.html", page, status=422 if fault else 200)


def locked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """What somebody locked out sees."""
    fault = "连续多次不对，已锁定十五分钟。请稍后再试，或拨打 12333 找回。"
    return render(request, "auth/login.html", {"fault": fault, "next": "", "username": ""}, status=429)


@requires(Permission.SIGNED_IN)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("open:home")


@requires(Permission.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """To the door of one's first role."""
    roles = request.actor.roles  # type: ignore[attr-defined]
    return redirect(next((door for role, door in DOORS.items() if role in roles), "open:home"))
