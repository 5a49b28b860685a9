"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.apps.development"
    label = "development"
    verbose_name = "高质量发展指数"
