"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.apps.relations"
    label = "relations"
    verbose_name = "劳动关系"
