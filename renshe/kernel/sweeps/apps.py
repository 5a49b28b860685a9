"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.sweeps"
    label = "sweeps"
    verbose_name = "全市测算"
