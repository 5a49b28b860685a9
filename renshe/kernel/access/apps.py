"""Tells Django this part exists, and who destroys its things when their time is over."""

from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.access"
    label = "access"
    verbose_name = "账户与权限"

    def ready(self) -> None:
        retention, visits = import_module("renshe.kernel.privacy.retention"), import_module("renshe.kernel.access.visits")
        retention.register("visit", visits.forget)  # models are only ready now
        retention.register("session", visits.forget_sessions)
        retention.register("throttle", visits.forget_failures)
