"""Tells Django this part exists, and who destroys its documents when their time is over."""

from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        retention, evidence = import_module("renshe.kernel.privacy.retention"), import_module("renshe.kernel.cases.evidence")
        retention.register("case_file", evidence.destroy_old)  # models are only ready now
