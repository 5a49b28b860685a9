"""The platform, an empty request, and the plain version of the hire."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bench.plain import hire


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("bench/empty", empty),
    path("bench/plain", hire),
    path("", include("renshe.config.urls")),
]
