"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.journeys"
    label = "journeys"
    verbose_name = "一件事"
