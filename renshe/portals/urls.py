"""The doors and what lies behind each."""

from django.urls import include, path

from renshe.portals.open.api import api

urlpatterns = [
    path("", include("renshe.portals.auth.urls")),
    path("", include("renshe.portals.open.urls")),
    path("api/v1/", api.urls),
    path("me/", include("renshe.portals.resident.urls")),
    path("employer/", include("renshe.portals.employer.urls")),
    path("desk/", include("renshe.portals.desk.urls")),
    path("cockpit/", include("renshe.portals.cockpit.urls")),
]
