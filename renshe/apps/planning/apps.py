"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.apps.planning"
    label = "planning"
    verbose_name = "规划监测"
