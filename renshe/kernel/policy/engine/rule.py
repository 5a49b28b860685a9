"""How a formula declares itself: label, unit, article, rounding, first day in force."""

import datetime
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from renshe.kernel.policy.engine.rounding import Rounding, rounding
from renshe.kernel.policy.engine.units import Bool, Unit


@dataclass(frozen=True)
class Rule:
    """One formula with what the law says about it."""

    name: str
    label: str
    unit: Unit
    article: str
    formula: Callable[..., Any]
    arguments: tuple[str, ...]
    rounding: Rounding | None
    since: datetime.date
    unmet: str = ""
    then: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_condition(self) -> bool:
        return bool(self.unmet)


def rule(
    label: str, *, unit: Unit, article: str, round: str = "", since: str = "0001-01-01", name: str = "",
    choices: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a formula. `round` is `half_up`, `up` or `down`, optionally with decimals (`half_up 2`).

    `choices` are the Chinese words of a text result: programs get the key, people read the word.
    """

    def declare(formula: Callable[..., Any]) -> Rule:
        return Rule(
            name=name or formula.__name__, label=label, unit=unit, article=article, formula=formula,
            arguments=tuple(inspect.signature(formula).parameters), rounding=rounding(round) if round else None,
            since=datetime.date.fromisoformat(since), choices=dict(choices or {}),
        )

    return declare


def condition(
    label: str, *, article: str, unmet: str, then: str = "", since: str = "0001-01-01", name: str = ""
) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a condition: true or false, with the sentence to say when it is not met and what to do then."""

    def declare(formula: Callable[..., Any]) -> Rule:
        return Rule(
            name=name or formula.__name__, label=label, unit=Bool, article=article, formula=formula,
            arguments=tuple(inspect.signature(formula).parameters), rounding=None,
            since=datetime.date.fromisoformat(since), unmet=unmet, then=then,
        )

    return declare
