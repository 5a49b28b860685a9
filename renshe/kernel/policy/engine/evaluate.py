"""The border of the engine: decimal strings in, decimal strings out, with steps, version and what was missing."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from renshe.kernel.policy.engine.compile import run
from renshe.kernel.policy.engine.explain import Step, explain
from renshe.kernel.policy.engine.policy import Law, Policy
from renshe.kernel.policy.engine.units import BadInput, Exact
from renshe.kernel.policy.engine.values import DatedValue, MissingValue

Entered = tuple[tuple[str, DatedValue], ...]


@dataclass(frozen=True)
class Unmet:
    """A condition that does not hold."""

    name: str
    text: str
    article: str
    then: str


@dataclass(frozen=True)
class Evaluation:
    """What a policy says of one set of inputs."""

    law: Law
    inputs: dict[str, Exact]
    results: dict[str, Exact]

    @property
    def outputs(self) -> dict[str, object]:
        """Declared outputs that could be worked out, as APIs carry them."""
        return {
            name: self.law.rules[name].unit.write(self.results[name])
            for name in self.law.policy.outputs if name in self.results
        }

    @property
    def steps(self) -> list[Step]:
        return explain(self.law, self.inputs, self.results)

    @property
    def version(self) -> str:
        return self.law.version

    @property
    def missing(self) -> dict[str, MissingValue]:
        """Declared outputs that wait for a value of law."""
        return {name: fault for name, fault in self.law.missing.items() if name in self.law.policy.outputs}

    @property
    def unmet(self) -> list[Unmet]:
        """The conditions that do not hold, in the order of the law."""
        return [
            Unmet(name, rule.unmet, rule.article, rule.then)
            for name, rule in self.law.rules.items()
            if rule.is_condition and self.results.get(name) is False
        ]


def evaluate(
    policy: Policy, inputs: Mapping[str, object], *, on: datetime.date, place: str, entered: Entered = ()
) -> Evaluation:
    """Judge one set of inputs by the law of `on` in `place`.

    A dated value given as an input wins over the law's (a what-if). Raises BadInput naming the field.
    """
    facts: dict[str, Exact] = {}
    given: dict[str, Exact] = {}
    for name, value in inputs.items():
        if name in policy.inputs:
            facts[name] = policy.inputs[name].read(value)
        elif name in policy.parameters:
            parameter = policy.parameters[name]
            try:
                given[name] = parameter.unit.read(value)
            except BadInput as fault:
                raise BadInput(f"{parameter.label}（{name}）：{fault}") from None
        else:
            accepted = "、".join([*policy.inputs, *policy.parameters])
            raise BadInput(f"{policy.title}没有“{name}”这一输入，可用：{accepted}")
    law = policy.law(on, place, entered, tuple(sorted(given.items())))
    results = run(law, facts)
    answered = any(name in results or (facts and name in law.missing) for name in policy.outputs)
    if not answered:
        raise BadInput(f"{policy.title}：输入不足，需要 {'、'.join(policy.inputs)} 中的若干项")
    return Evaluation(law, facts, results)
