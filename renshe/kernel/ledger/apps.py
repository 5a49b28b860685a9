"""Tells Django this part exists."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "renshe.kernel.ledger"
    label = "ledger"
    verbose_name = "账本"
