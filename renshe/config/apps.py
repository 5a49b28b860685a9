"""Tells Django this part exists, for its commands."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.config"
    label = "config"
    verbose_name = "配置"
