"""Finds the indicators that the installed parts offer (`INDICATORS` in offers.py); others register at run time."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from renshe.kernel.indicators.declaration import Indicator

_added: dict[str, Indicator] = {}


@cache
def _offered() -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("renshe.") or find_spec(f"{config.name}.offers") is None:
            continue
        for one in getattr(import_module(f"{config.name}.offers"), "INDICATORS", ()):
            if one.key in found:
                raise ValueError(f"indicator {one.key} is offered twice")
            found[one.key] = one
    return found


def register(one: Indicator) -> None:
    """Make an indicator known at run time, or change one made known so before. Offered ones stand as they are."""
    if one.key in _offered():
        raise ValueError(f"indicator {one.key} is offered by an app")
    _added[one.key] = one


def indicators() -> dict[str, Indicator]:
    """Every indicator by key, in the order of theme and rank."""
    everything = [*_offered().values(), *_added.values()]
    themes = list(type(everything[0].theme)) if everything else []
    return {one.key: one for one in sorted(everything, key=lambda one: (themes.index(one.theme), one.rank))}


def indicator(key: str) -> Indicator:
    """One indicator. Raises KeyError."""
    return _added[key] if key in _added else _offered()[key]
