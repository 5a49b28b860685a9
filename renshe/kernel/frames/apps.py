"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.frames"
    label = "frames"
    verbose_name = "列式数据"
