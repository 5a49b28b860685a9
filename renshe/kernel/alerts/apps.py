"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.alerts"
    label = "alerts"
    verbose_name = "查阅预警"
