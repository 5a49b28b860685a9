"""The worked cases of a policy: what the law says of known persons, and what a draft of it would say."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from renshe.kernel.policy.engine.draft import Drafted
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.places import code
from renshe.kernel.policy.engine.policy import Entered, Policy
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import BadInput, Datum


@dataclass(frozen=True)
class Answer:
    """What a policy says of a case: results as people read them by public name, or why there are none."""

    results: dict[str, str]
    fault: str
    on: datetime.date | None = None


@dataclass(frozen=True)
class Difference:
    """An output of a case that comes out otherwise."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class CaseChange:
    """A case before and after a draft; no differences: it comes out as it did."""

    name: str
    article: str
    day: datetime.date
    inputs: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]

    @property
    def about(self) -> Difference | None:
        """The difference that is looked at first; None where there is none."""
        return self.differences[0] if self.differences else None

    @property
    def others(self) -> tuple[Difference, ...]:
        """What else comes out otherwise."""
        return self.differences[1:]


def answered(policy: Policy, case: Mapping[str, Any], place: str, entered: Entered = ()) -> Answer:
    """Judge one worked case by a policy."""
    try:
        found = evaluate(policy, case["inputs"], on=case["day"], place=str(case.get("place", place)), entered=entered)
        rules = found.law.rules
        results = {name: _shown(rules[name], found.results[name]) for name in policy.outputs if name in found.results}
    except BadInput as fault:
        return Answer({}, str(fault))
    except (FormulaError, OverflowError, ValueError):  # a draft may lead to a day that no calendar has
        return Answer({}, "超出可计算的范围")
    for name in policy.outputs:
        if name in found.waiting:
            results[name] = "缺少法定的值"
    return Answer(results, "", found.on)


def _shown(rule: Rule, value: Datum) -> str:
    if isinstance(value, list):
        return "、".join(rule.unit.show(one) for one in value[:12]) + ("……" if len(value) > 12 else "")
    return rule.choices.get(str(value)) or rule.unit.show(value)


def _inputs(policy: Policy, case: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the case states, as people read it."""
    found = []
    for name, value in case["inputs"].items():
        known = policy.inputs.get(name) or policy.parameters.get(name)
        label = known.label if known else name
        if isinstance(value, list):
            found.append((label, f"{len(value)}项"))
        else:
            choices = policy.inputs[name].choices if name in policy.inputs else {}
            found.append((label, choices.get(str(value)) or ("是" if value is True else "否" if value is False else str(value))))
    return tuple(found)


def compared(
    policy: Policy, drafted_on: Callable[[datetime.date], Drafted], place: str, entered: Callable[[str], Entered], output: str = ""
) -> list[CaseChange]:
    """Every worked case by the law and by the draft, as though the draft had been in force on the day of the case.

    What comes out otherwise of `output` stands first, then conditions met or no longer met.
    """
    known: dict[datetime.date, Drafted] = {}
    rules = {rule.name: rule for rule in policy.rules}
    outputs = sorted(policy.outputs, key=lambda name: (name != output, not rules[name].is_condition))
    found = []
    for case in policy.cases:
        where = str(case.get("place", place))
        was = answered(policy, case, place, entered(code(where)))
        day = was.on or case["day"]
        draft = known.setdefault(day, drafted_on(day))
        would = answered(draft.policy, case, place, (*entered(code(where)), *draft.values))
        names = [name for name in outputs if was.results.get(name) != would.results.get(name)]
        differences = tuple(Difference(name, rules[name].label, was.results.get(name, "—"), would.results.get(name, "—")) for name in names)
        if was.fault != would.fault:
            differences = (*differences, Difference("", "能否计算", was.fault or "能", would.fault or "能"))
        found.append(CaseChange(case["name"], case.get("article", ""), case["day"], _inputs(policy, case), differences))
    return found
