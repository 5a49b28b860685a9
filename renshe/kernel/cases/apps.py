"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.cases"
    label = "cases"
    verbose_name = "办件"
