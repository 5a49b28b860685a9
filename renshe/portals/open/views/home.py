"""The front page, and the choice of large type."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission

YEAR = 365 * 24 * 3600


@requires(Permission.OPEN)
@reads
def front(request: HttpRequest) -> HttpResponse:
    """What the platform is, and the way to each door."""
    return render(request, "open/home.html")


@requires(Permission.OPEN)
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch between large and normal type, kept in this browser."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    response = redirect(back if safe else "open:home")
    value = "0" if request.COOKIES.get("large_type") == "1" else "1"
    response.set_cookie("large_type", value, max_age=YEAR, httponly=True, samesite="Lax")
    return response
