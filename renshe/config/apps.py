"""Tells Django this part exists, for its commands."""

import gc
from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.config"
    label = "config"
    verbose_name = "配置"

    def ready(self) -> None:
        import_module("renshe.config.checks")  # registers what it checks; other parts are only ready now
        gc.freeze()  # what is loaded by now stays for good: the collector need not walk it again with every roster chunk
