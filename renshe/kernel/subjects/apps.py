"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.subjects"
    label = "subjects"
    verbose_name = "主体"
