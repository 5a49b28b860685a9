"""How a formula declares itself: label, unit, article, rounding, first day in force."""

import datetime
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import Bool, Unit

ROUNDING = re.compile(r"(half_up|up|down)(?: (-?\d))?")


@dataclass(frozen=True)
class Rounding:
    """How a result is rounded: the way, and the number of decimals of the unit as shown (fen: 0)."""

    way: str
    places: int


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

    @property
    def is_condition(self) -> bool:
        return bool(self.unmet)


def _rounding(text: str) -> Rounding | None:
    if not text:
        return None
    match = ROUNDING.fullmatch(text)
    if not match:
        raise FormulaError(f"取整方式“{text}”不可识别：应为 half_up、up 或 down，可加小数位数")
    return Rounding(match[1], int(match[2] or 0))


def rule(
    label: str, *, unit: Unit, article: str, round: str = "", since: str = "0001-01-01", name: str = ""
) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a formula. `round` is `half_up`, `up` or `down`, optionally with decimals (`half_up 2`)."""

    def declare(formula: Callable[..., Any]) -> Rule:
        return Rule(
            name=name or formula.__name__, label=label, unit=unit, article=article, formula=formula,
            arguments=tuple(inspect.signature(formula).parameters), rounding=_rounding(round),
            since=datetime.date.fromisoformat(since),
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
