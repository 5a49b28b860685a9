"""An estimate on paper carries its own figures, signed: whoever scans the code can have them reckoned again."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core import signing

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies

SALT = "renshe.estimate"
SHOWN = 12  # letters of a version that people compare


@dataclass(frozen=True)
class Estimate:
    """The inputs and outputs of one evaluation as they were printed, and the bounds about the main figure."""

    policy: str
    version: str
    made_on: str
    law_on: str
    place: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    lower: str
    upper: str


def code(one: Estimate) -> str:
    """The signed code of an estimate; holds no name and no number of a person."""
    return signing.dumps(list(vars(one).values()), salt=SALT, compress=True)


def read(text: str) -> Estimate | None:
    """The estimate a code carries; None for a code this platform did not make."""
    try:
        return Estimate(*signing.loads(text, salt=SALT))
    except signing.BadSignature:
        return None


def same_law(one: Estimate) -> bool | None:
    """Whether the law of today still gives these figures: None where the law has changed since, False where they differ."""
    if one.policy not in policies():
        return None
    on = datetime.date.fromisoformat(one.law_on)
    try:
        found = evaluate(policies()[one.policy], one.inputs, on=on, place=one.place, entered=entered(one.place))
    except BadInput:
        return None
    if found.version[:SHOWN] != one.version:
        return None
    return all(found.outputs.get(name) == value for name, value in one.outputs.items())
