"""Each step in words with the numbers put in, so that a person can check it with a pencil."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from renshe.kernel.policy.engine.interpret import Interpreter
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.rounding import rounding_words
from renshe.kernel.policy.engine.speak import Speaker, shown
from renshe.kernel.policy.engine.tree import Fold
from renshe.kernel.policy.engine.units import Datum


@dataclass(frozen=True)
class Source:
    """Where a number of a step comes from."""

    label: str
    value: str
    origin: str
    since: str
    confidence: str
    certain: bool


@dataclass(frozen=True)
class Step:
    """One rule as applied: its words, the same with numbers, the result, the article, the sources.

    `since` is the first day of the formula where the law has changed it, else empty.
    """

    name: str
    label: str
    words: str
    numbers: str
    result: str
    unit: str
    article: str
    rounding: str
    since: str
    sources: tuple[Source, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name, "label": self.label, "words": self.words, "numbers": self.numbers,
            "result": self.result, "unit": self.unit, "article": self.article, "rounding": self.rounding, "since": self.since,
            "sources": [
                {"label": one.label, "value": one.value, "origin": one.origin, "since": one.since,
                 "confidence": one.confidence}
                for one in self.sources
            ],
        }


def explain(law: Law, inputs: Mapping[str, Datum], results: Mapping[str, Datum]) -> list[Step]:
    """Every rule that was evaluated, in order, as a step."""
    steps = []
    known = {**inputs, **results}
    interpreter = Interpreter(law, known)
    for name, tree in law.trees.items():  # what the rules came to is not reckoned again
        if isinstance(tree, Fold) and name in results and not law.rules[name].rounding:
            interpreter.folded[(id(tree),)] = results[name]
    for name, tree in law.trees.items():
        if name not in results or name in inputs:
            continue
        rule = law.rules[name]
        speaker = Speaker(law, known, rule, interpreter)
        words, numbers = law.kept(("words", name), partial(speaker.words, tree)), speaker.numbers(tree)
        steps.append(
            Step(
                name, rule.label, words, numbers, rule.choices.get(str(results[name])) or shown(rule.unit, results[name]), rule.unit.key, rule.article,
                rounding_words(rule.rounding, rule.unit.key), rule.since.isoformat() if rule.since.year > 1 else "",
                _sources(speaker),
            )
        )
    return steps


def _sources(speaker: Speaker) -> tuple[Source, ...]:
    """The dated values and tables the numbers were taken from."""
    values = [
        Source(
            parameter.label, parameter.unit.show(value.value), value.source,
            value.since.isoformat() if value.since.year > 1 else "", value.certainty, value.is_certain,
        )
        for parameter, value in speaker.values.values()
    ]
    tables = [
        Source(
            table.label, "见表", table.source, table.since.isoformat(), table.certainty, table.is_certain,
        )
        for table in speaker.tables.values()
    ]
    return (*values, *tables)


def as_text(steps: list[Step]) -> str:
    """The steps as plain text, one paragraph each."""
    paragraphs = []
    for number, step in enumerate(steps, 1):
        lines = [f"{number}. {step.label} ＝ {step.words}", f"   ＝ {step.numbers}", f"   ＝ {step.result}"]
        if step.rounding:
            lines[-1] += f"（{step.rounding}）"
        lines.append(f"   依据：{step.article}{f'（自{step.since}起的算法）' if step.since else ''}")
        lines.extend(
            f"   其中{one.label}：{one.value}，{one.origin}，{f'自{one.since}起，' if one.since else ''}{one.confidence}"
            for one in step.sources
        )
        paragraphs.append("\n".join(lines))
    return "\n".join(paragraphs)
