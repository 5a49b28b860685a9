"""Tells Django this part exists, and registers its kinds of case."""

from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.journeys"
    label = "journeys"
    verbose_name = "一件事"

    def ready(self) -> None:
        import_module("renshe.journeys.offers").register()  # models are only ready now
