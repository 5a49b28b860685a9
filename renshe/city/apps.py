"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.city"
    label = "city"
    verbose_name = "城市"
