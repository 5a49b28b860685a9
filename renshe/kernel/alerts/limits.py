"""When a reading is unusual, from a city's alerts.yaml. These are rules of the platform, not of law."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from renshe.kernel.alerts.terms import AlertKind, AlertLevel
from renshe.kernel.common.files import read_yaml


@dataclass(frozen=True)
class Limit:
    """One kind: how grave, within how many working days an auditor answers, why so, and its numbers."""

    kind: AlertKind
    level: AlertLevel
    days: int
    basis: str
    numbers: dict[str, int]


@cache
def limits() -> dict[AlertKind, Limit]:
    """Every kind's limit. Raises ValueError naming a kind that the file leaves out."""
    lines = read_yaml(settings.CITY / "alerts.yaml")["alerts"]
    if missing := set(AlertKind) - set(lines):
        raise ValueError(f"alerts.yaml：缺少{'、'.join(sorted(missing))}")
    return {
        kind: Limit(kind, AlertLevel(one.pop("level")), one.pop("days"), one.pop("basis"), one)
        for kind in AlertKind for one in [dict(lines[kind])]
    }
