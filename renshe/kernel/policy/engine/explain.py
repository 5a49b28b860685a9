"""Each step in words with the numbers put in, so that a person can check it with a pencil."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.rule import Rounding
from renshe.kernel.policy.engine.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Extreme,
    Logic,
    Lookup,
    Name,
    Node,
    When,
    names,
)
from renshe.kernel.policy.engine.units import Exact, Unit

SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷", "//": "整除", "%": "除余"}
COMPARED = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于", "==": "等于", "!=": "不等于"}
RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2}
WAYS = {"half_up": "四舍五入", "up": "进一", "down": "舍去"}
CONFIDENCE = {"high": "已核对", "medium": "尚需核对", "low": "把握不足，须核对", "entered": "经录入复核"}


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
    """One rule as applied: its words, the same with numbers, the result, the article, the sources."""

    name: str
    label: str
    words: str
    numbers: str
    result: str
    unit: str
    article: str
    rounding: str
    sources: tuple[Source, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name, "label": self.label, "words": self.words, "numbers": self.numbers,
            "result": self.result, "unit": self.unit, "article": self.article, "rounding": self.rounding,
            "sources": [
                {"label": one.label, "value": one.value, "origin": one.origin, "since": one.since,
                 "confidence": one.confidence}
                for one in self.sources
            ],
        }


def rounding_words(rounding: Rounding | None, unit: Unit) -> str:
    """How a result is rounded, in words: `四舍五入到分`."""
    if rounding is None:
        return ""
    if unit.key == "fen":
        to = {0: "分", -1: "角", -2: "元"}.get(rounding.places, f"{rounding.places}位小数")
    else:
        to = f"{rounding.places}位小数" if rounding.places else "整数"
    return f"{WAYS[rounding.way]}到{to}"


class Speaker:
    """Says an expression twice: by its names, and with the numbers of one evaluation."""

    def __init__(self, law: Law, known: Mapping[str, Exact]) -> None:
        self.law = law
        self.known = known

    def label(self, name: str) -> str:
        for group in (self.law.rules, self.law.policy.parameters, self.law.policy.inputs):
            if name in group:
                return str(group[name].label)  # type: ignore[index]
        return name

    def unit(self, name: str) -> Unit:
        for group in (self.law.rules, self.law.policy.parameters, self.law.policy.inputs):
            if name in group:
                return group[name].unit  # type: ignore[index,no-any-return]
        raise KeyError(name)

    def value(self, name: str) -> Exact:
        return self.known[name] if name in self.known else self.law.values[name].value

    def shown(self, name: str) -> str:
        """The value of a name as people read it; a choice by its Chinese word."""
        value = self.value(name)
        if name in self.law.policy.inputs:
            return self.law.policy.inputs[name].choices.get(str(value)) or self.unit(name).show(value)
        return self.unit(name).show(value)

    def words(self, node: Node) -> str:
        return self._say(node, numbers=False)

    def numbers(self, node: Node) -> str:
        return self._say(node, numbers=True)

    def _say(self, node: Node, *, numbers: bool) -> str:
        match node:
            case Constant(value):
                return str(value)
            case Name(name):
                return self.shown(name) if numbers else self.label(name)
            case Lookup(table, Name(name)) if numbers:
                found = self.law.tables[table]
                return found.unit.show(found.rows[self.value(name)])  # type: ignore[index]
            case Lookup(table, key):
                return f"《{self.law.tables[table].label}》中“{self._say(key, numbers=numbers)}”一行"
            case Arithmetic(operator, left, right):
                one = self._inner(left, RANK[operator], numbers)
                other = self._inner(right, RANK[operator] + (operator in "-/"), numbers)
                return f"{one} {SIGNS[operator]} {other}"
            case Comparison(operator, left, right):
                return f"{self._say(left, numbers=numbers)} {COMPARED[operator]} {self._say(right, numbers=numbers)}"
            case Logic("not", (part,)):
                return f"并非（{self._say(part, numbers=numbers)}）"
            case Logic(operator, parts):
                joint = "，且" if operator == "and" else "，或"
                return joint.join(self._say(part, numbers=numbers) for part in parts)
            case When(condition, then, otherwise):
                said = [self._say(part, numbers=numbers) for part in (condition, then, otherwise)]
                return f"若{said[0]}，则{said[1]}，否则{said[2]}"
            case Extreme(which, parts):
                said = [self._inner(part, 1, numbers) for part in parts]
                return f"{'与'.join(said)}中较{'小' if which == 'least' else '大'}的"
        raise TypeError(type(node).__name__)

    def _inner(self, node: Node, rank: int, numbers: bool) -> str:
        text = self._say(node, numbers=numbers)
        if isinstance(node, Arithmetic) and RANK[node.operator] >= rank:
            return text
        return f"（{text}）" if isinstance(node, Arithmetic | When | Extreme | Logic | Comparison) else text

    def sources(self, node: Node) -> tuple[Source, ...]:
        """The dated values and tables an expression uses, in order of their names."""
        found = []
        for name in sorted(names(node)):
            if name in self.law.values and name not in self.known:
                value = self.law.values[name]
                found.append(
                    Source(
                        self.label(name), self.unit(name).show(value.value), value.source, value.since.isoformat(),
                        CONFIDENCE[value.confidence], value.confidence in ("high", "entered"),
                    )
                )
            elif name in self.law.tables:
                table = self.law.tables[name]
                found.append(
                    Source(
                        table.label, "见表", table.source, table.since.isoformat(),
                        CONFIDENCE[table.confidence], table.confidence == "high",
                    )
                )
        return tuple(found)


def explain(law: Law, inputs: Mapping[str, Exact], results: Mapping[str, Exact]) -> list[Step]:
    """Every rule that was evaluated, in order, as a step."""
    speaker = Speaker(law, {**inputs, **results})
    steps = []
    for name, tree in law.trees.items():
        if name not in results:
            continue
        rule = law.rules[name]
        result = results[name]
        steps.append(
            Step(
                name, rule.label, speaker.words(tree), speaker.numbers(tree),
                rule.unit.show(Fraction(result) if rule.unit.key == "ratio" else result), rule.unit.key,
                rule.article, rounding_words(rule.rounding, rule.unit), speaker.sources(tree),
            )
        )
    return steps


def as_text(steps: list[Step]) -> str:
    """The steps as plain text, one paragraph each."""
    paragraphs = []
    for number, step in enumerate(steps, 1):
        lines = [f"{number}. {step.label} ＝ {step.words}", f"   ＝ {step.numbers}", f"   ＝ {step.result}"]
        if step.rounding:
            lines[-1] += f"（{step.rounding}）"
        lines.append(f"   依据：{step.article}")
        lines.extend(
            f"   其中{one.label}：{one.value}，{one.origin}，自{one.since}起，{one.confidence}" for one in step.sources
        )
        paragraphs.append("\n".join(lines))
    return "\n".join(paragraphs)
