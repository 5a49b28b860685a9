"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.sharing"
    label = "sharing"
    verbose_name = "数据共享"
