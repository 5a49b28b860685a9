"""Every address of the platform."""

from django.urls import include, path

urlpatterns = [
    path("", include("renshe.portals.urls")),
]

handler400 = "renshe.portals.guards.misunderstood"
handler500 = "renshe.portals.guards.failed"
