"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.notices"
    label = "notices"
    verbose_name = "通知"
