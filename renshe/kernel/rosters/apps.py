"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.rosters"
    label = "rosters"
    verbose_name = "批量名册"
