"""Every address of the platform."""

from django.urls import include, path

urlpatterns = [
    path("", include("renshe.portals.urls")),
]

handler500 = "renshe.portals.guards.failed"
