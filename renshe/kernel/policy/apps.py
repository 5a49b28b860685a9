"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.policy"
    label = "policy"
    verbose_name = "政策"
