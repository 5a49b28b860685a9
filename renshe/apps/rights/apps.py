"""Tells Django this app exists, and registers its kinds of case."""

from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.apps.rights"
    label = "rights"
    verbose_name = "个人信息权利"

    def ready(self) -> None:
        import_module("renshe.apps.rights.offers").register()  # models are only ready now
