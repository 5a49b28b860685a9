"""Addresses of the residents' door."""

from django.urls import path

from renshe.portals.resident.views import mine, readings

app_name = "resident"
urlpatterns = [
    path("", mine.home, name="home"),
    path("insurance", mine.insurance_page, name="insurance"),
    path("inbox", mine.inbox, name="inbox"),
    path("readings", readings.listed, name="readings"),
]
