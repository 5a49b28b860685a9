"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.apps.card"
    label = "card"
    verbose_name = "社会保障卡"
