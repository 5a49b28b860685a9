"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.apps.insurance"
    label = "insurance"
    verbose_name = "社会保险"
