"""Tells Django this part exists, and registers its kind of case."""

from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.city"
    label = "city"
    verbose_name = "城市"

    def ready(self) -> None:
        import_module("renshe.city.takeover").register()  # models are only ready now
