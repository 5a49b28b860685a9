"""Tells Django this part exists, and who destroys its things when their time is over."""

from importlib import import_module

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.rosters"
    label = "rosters"
    verbose_name = "批量名册"

    def ready(self) -> None:
        retention, actions = import_module("renshe.kernel.privacy.retention"), import_module("renshe.kernel.rosters.actions")
        retention.register("roster_file", actions.destroy_files)  # models are only ready now
        import_module("renshe.kernel.rosters.households").register()
