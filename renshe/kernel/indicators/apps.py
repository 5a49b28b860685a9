"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.indicators"
    label = "indicators"
    verbose_name = "指标"
