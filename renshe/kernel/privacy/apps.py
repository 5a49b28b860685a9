"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.privacy"
    label = "privacy"
    verbose_name = "数据保护"
