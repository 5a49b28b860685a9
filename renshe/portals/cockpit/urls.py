"""Addresses of the cockpit."""

from django.urls import path

from renshe.portals.cockpit.views import boards, development, entries, figures

app_name = "cockpit"
urlpatterns = [
    path("", boards.daily, name="daily"),
    path("wall", boards.wall, name="wall"),
    path("wall/live", boards.live, name="live"),
    path("figures", figures.listed, name="figures"),
    path("figures/<str:indicator>", figures.one, name="figure"),
    path("figures/<str:indicator>/rows", figures.rows, name="rows"),
    path("plan", boards.plan, name="plan"),
    path("index", development.index, name="index"),
    path("entries", entries.listed, name="entries"),
]
