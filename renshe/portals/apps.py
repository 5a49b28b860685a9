"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.portals"
    label = "portals"
    verbose_name = "门户"
