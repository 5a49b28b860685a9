"""Guided calculations: one question a screen, own facts filled in, then every policy that the answers concern."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from renshe.kernel.common.files import read_yaml
from renshe.kernel.policy.engine.evaluate import Evaluation, weigh
from renshe.kernel.policy.engine.explain import Step
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.portals import trial
from renshe.portals.resident.facts import Life


@dataclass(frozen=True)
class Option:
    """A choice; `sets` are the inputs it answers, where it is not simply the value of its question."""

    key: str
    label: str
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One screen: `kind` is day, bool, count, fen, text or choice; asked only where earlier answers are as in `only`."""

    name: str
    ask: str
    kind: str
    help: str = ""
    fact: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Part:
    """One policy of a guide and the outputs that are its answer."""

    policy: str
    shows: tuple[str, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    takes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Guide:
    """A whole matter."""

    key: str
    title: str
    lead: str
    questions: tuple[Question, ...]
    parts: tuple[Part, ...]

    def asked(self, answers: Mapping[str, str]) -> list[Question]:
        """The questions that these answers make necessary."""
        return [one for one in self.questions if _fits(one.only, answers)]


@dataclass(frozen=True)
class Answered:
    """What one policy says: the answers in its own order, its steps, or why it cannot be worked out."""

    law: Policy
    evaluation: Evaluation
    answers: tuple[Step, ...]
    given: Mapping[str, object]

    @property
    def missing(self) -> list[str]:
        return [str(fault) for fault in dict.fromkeys(self.evaluation.missing.values())]


@cache
def guides() -> dict[str, Guide]:
    """Every guide by its key."""
    raw: dict[str, Any] = read_yaml(Path(__file__).parent / "guides.yaml")
    return {
        key: Guide(
            key, one["title"], one["lead"],
            tuple(Question(**{**row, "options": tuple(Option(**option) for option in row.get("options", ()))}) for row in one["questions"]),
            tuple(Part(**{**row, "shows": tuple(row["shows"])}) for row in one["policies"]),
        )
        for key, one in raw.items()
    }


def fault(question: Question, guide: Guide, text: str) -> str:
    """Why an answer will not do, in words; empty when it will."""
    if question.kind == "choice":
        return "" if text in {one.key for one in question.options} else "请选一项"
    law = next((policy(part.policy) for part in guide.parts if question.name in policy(part.policy).inputs), None)
    if not text:
        return "请填写"
    if law is None:
        return ""
    try:
        declared = law.inputs[question.name]
        declared.read(trial.given(law, {question.name: text})[question.name])
    except BadInput as found:
        return str(found)
    return ""


def answered(guide: Guide, life: Life, known: Mapping[str, str], answers: Mapping[str, str]) -> list[Answered]:
    """Every policy of a guide that the answers concern, in its order. Raises BadInput."""
    said = _inputs(guide, answers)
    found: dict[str, Answered] = {}
    for part in guide.parts:
        if not _fits(part.only, answers):
            continue
        law = policy(part.policy)
        given = {name: known[fact] for name, fact in part.facts.items() if fact in known} | said
        for name, (earlier, output) in part.takes.items():
            value = found[earlier].evaluation.outputs.get(output)
            given |= {} if value is None else {name: str(value)}
        told = trial.given(law, given)
        evaluation = weigh(law, told, on=life.on, place=life.place, entered=entered(life.place))
        steps = {step.name: step for step in evaluation.steps}
        found[part.policy] = Answered(law, evaluation, tuple(steps[name] for name in part.shows if name in steps and evaluation.results[name]), told)
    return list(found.values())


def _inputs(guide: Guide, answers: Mapping[str, str]) -> dict[str, str]:
    """Answers as inputs of policies, choices that mean several spelled out."""
    said: dict[str, str] = {}
    for question in guide.asked(answers):
        text = answers.get(question.name, "")
        chosen = next((one for one in question.options if one.key == text), None)
        said |= dict(chosen.sets) if chosen and chosen.sets else {question.name: text}
    return said


def _fits(only: Mapping[str, str], answers: Mapping[str, str]) -> bool:
    return all(answers.get(name) == value for name, value in only.items())
