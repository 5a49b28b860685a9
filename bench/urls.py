"""The platform, an empty request, an empty page, and the plain version of the hire."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from bench.plain import hire
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission

EMPTY = engines["django"].from_string('{% extends "base.html" %}')


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@requires(Permission.OWN_RECORD)
@reads
def page(request: HttpRequest) -> HttpResponse:
    """What every page of a resident costs before it says anything."""
    return HttpResponse(EMPTY.render({}, request))


urlpatterns = [
    path("bench/empty", empty),
    path("bench/page", page),
    path("bench/plain", hire),
    path("", include("renshe.config.urls")),
]
