"""The border of the engine: decimal strings in, decimal strings out, with steps, version and what was missing."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from renshe.kernel.policy.engine.compile import answer, key_day
from renshe.kernel.policy.engine.explain import Step, explain
from renshe.kernel.policy.engine.inputs import EXAMPLES
from renshe.kernel.policy.engine.places import code
from renshe.kernel.policy.engine.policy import Entered, Law, Policy
from renshe.kernel.policy.engine.units import BadInput, Datum, Exact, Unit, month_index
from renshe.kernel.policy.engine.values import MissingValue
from renshe.kernel.policy.engine.why import Judged, Reasoner


@dataclass(frozen=True)
class Evaluation:
    """What a policy says of one set of inputs."""

    law: Law
    inputs: dict[str, Datum]
    results: dict[str, Datum]
    waiting: dict[str, MissingValue]
    on: datetime.date

    @property
    def outputs(self) -> dict[str, object]:
        """Declared outputs that could be worked out, as APIs carry them."""
        return {
            self.law.policy.called(name): written(self.law.rules[name].unit, self.results[name])
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
        policy = self.law.policy
        return {policy.called(name): fault for name, fault in self.waiting.items() if name in policy.outputs}

    @property
    def conditions(self) -> list[Judged]:
        """Every condition in the order of the law: met, not met (with have, need, when), or what it still asks for."""
        reasoner = Reasoner(self.law, self.inputs, self.results, self.on)
        found = []
        for name, rule in self.law.rules.items():
            if not rule.is_condition or name in self.inputs:
                continue
            if name in self.results:
                found.append(reasoner.judged(rule))
            elif name not in self.waiting:
                asks = tuple(self.law.policy.inputs[one].label for one in _wanted(self.law, self.inputs, name))
                found.append(Judged(name, rule.label, None, rule.unmet, rule.article, rule.then, asks=asks))
        return found

    @property
    def unmet(self) -> list[Judged]:
        """The conditions that do not hold."""
        return [one for one in self.conditions if one.holds is False]


def written(unit: Unit, value: Datum) -> object:
    """A result as APIs carry it."""
    return [unit.write(item) for item in value] if isinstance(value, list) else unit.write(value)


def evaluate(
    policy: Policy, inputs: Mapping[str, object], *, on: datetime.date, place: str, entered: Entered = ()
) -> Evaluation:
    """Judge one set of inputs by the law of `on` in `place`.

    Where the policy is `dated_by` an input, that input's day is the day of judgement, and `on` stands in for it.
    A dated value or a derived figure given as an input wins over the law's. Raises BadInput naming the field.
    """
    found = weigh(policy, inputs, on=on, place=place, entered=entered)
    wanted = {name: _wanted(found.law, found.inputs, name) for name in policy.outputs if name not in found.results}
    if all(wanted.get(name) for name in policy.outputs):
        first = next(iter(wanted.values()))[0]
        accepts = policy.inputs[first].accepts
        raise BadInput(f"{policy.title}：输入不足。{_wanted_words(found.law, wanted)}", field=first, accepts=accepts)
    return found


def weigh(
    policy: Policy, inputs: Mapping[str, object], *, on: datetime.date, place: str, entered: Entered = ()
) -> Evaluation:
    """Judge as `evaluate` does, but with whatever facts there are, be it none: `conditions` tell what they still ask for."""
    facts, given = _read(policy, inputs)
    for name, declared in policy.inputs.items():
        if name not in facts and declared.default is not None:
            facts[name] = declared.default
    on = _dated(policy, facts, on)
    law = policy.law(on, code(place), entered, tuple(sorted(given.items())))
    results, missing = answer(law, facts)
    return Evaluation(law, facts, results, missing, on)


def _read(policy: Policy, inputs: Mapping[str, object]) -> tuple[dict[str, Datum], dict[str, Exact]]:
    facts: dict[str, Datum] = {}
    given: dict[str, Exact] = {}
    for name, value in inputs.items():
        if value is None:
            continue  # not known: as if it were left out
        if name in policy.inputs:
            facts[name] = policy.inputs[name].read(value)
        elif name in policy.parameters:
            parameter = policy.parameters[name]
            try:
                given[name] = parameter.unit.read(value)
            except BadInput as fault:
                accepts = EXAMPLES[parameter.unit.key]
                raise BadInput(f"{parameter.label}（{name}）：{fault}", field=name, accepts=accepts) from None
        else:
            accepted = "、".join([*policy.inputs, *policy.parameters])
            raise BadInput(f"{policy.title}没有“{name[:40]}”这一输入，可用：{accepted}", field=name, accepts=accepted)
    return facts, given


def _dated(policy: Policy, facts: dict[str, Datum], on: datetime.date) -> datetime.date:
    """The day of judgement; the input that sets it takes `on` when it is left out."""
    name = policy.dated_by
    if not name:
        return on
    by = policy.inputs[name].unit.key
    if name not in facts:
        facts[name] = {"day": on.toordinal(), "month": month_index(on)}.get(by, on.year)
        return on
    fact = facts[name]
    assert isinstance(fact, int)
    return key_day("year" if by == "count" else by, fact)


def _wanted(law: Law, facts: Mapping[str, Datum], output: str) -> list[str]:
    """Inputs an output would still need."""
    wanted: list[str] = []
    waiting = [output]
    while waiting:
        name = waiting.pop()
        if name in facts:
            continue
        if name in law.trees:
            waiting.extend(sorted(law.needs[name], reverse=True))
        elif name in law.policy.inputs and name not in wanted:
            wanted.append(name)
    return wanted


def _wanted_words(law: Law, wanted: Mapping[str, list[str]]) -> str:
    """What each output still needs, in words; outputs that need the same are said together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for output, inputs in wanted.items():
        alike.setdefault(tuple(inputs), []).append(law.rules[output].label)
    asked = law.policy.inputs
    return "；".join(
        f"要得到{'、'.join(outputs)}，还需要{'、'.join(f'{asked[name].label}（{name}：{asked[name].accepts}）' for name in inputs)}"
        for inputs, outputs in alike.items()
    )
