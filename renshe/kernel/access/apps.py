"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.access"
    label = "access"
    verbose_name = "账户与权限"
