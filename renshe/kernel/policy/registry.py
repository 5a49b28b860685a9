"""Finds the policy folders of the installed apps and reads them once."""

import os
from functools import cache
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps

from renshe.kernel.policy.engine.policy import Policy, load
from renshe.kernel.policy.engine.uses import joined


@cache
def folders() -> dict[str, Policy]:
    """Every installed policy by name, as its folder says it."""
    found: dict[str, Policy] = {}
    for config in apps.get_app_configs():
        for file in sorted(Path(config.path).glob("policies/*/policy.yaml")):
            formula = import_module(f"{config.name}.policies.{file.parent.name}.formula")
            policy = load(file.parent, formula)
            found[policy.name] = policy
    return found


@cache
def policies() -> dict[str, Policy]:
    """Every installed policy by name, with what it uses of the others."""
    return joined(folders())


def policy(name: str) -> Policy:
    """One policy. Raises KeyError."""
    return policies()[name]


def in_worker() -> dict[str, Policy]:
    """Every installed policy, in a process that Django has not been set up in (a worker of Spark)."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renshe.config.settings")
        django.setup()
    return policies()
