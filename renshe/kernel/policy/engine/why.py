"""Why not me: of each condition whether it holds, what the person has, what is needed, and when time will meet it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.interpret import Interpreter
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.speak import COMPARED, Speaker, shown
from renshe.kernel.policy.engine.tree import Comparison, Constant, Logic, Name, Node, When
from renshe.kernel.policy.engine.typed import unit_of
from renshe.kernel.policy.engine.units import Bool, Datum, Month, Text, month_index


@dataclass(frozen=True)
class Gap:
    """What a person has of something, and what is needed of it."""

    label: str
    have: str
    need: str


@dataclass(frozen=True)
class Judged:
    """A condition as it stands for one person. `holds` is None while facts are lacking, which `asks` names.

    `when` is the month from which it will hold if what grows goes on growing, `provided` what that supposes.
    """

    name: str
    label: str
    holds: bool | None
    text: str
    article: str
    then: str
    gaps: tuple[Gap, ...] = ()
    when: int | None = None
    provided: str = ""
    asks: tuple[str, ...] = ()

    @property
    def have(self) -> str:
        return "；".join(f"{gap.label}{gap.have}" for gap in self.gaps)

    @property
    def need(self) -> str:
        return "；".join(f"{gap.label}{gap.need}" for gap in self.gaps)

    @property
    def when_words(self) -> str:
        """`每月连续缴费，到2027年09月`; empty when time alone will not do it."""
        return "" if self.when is None else f"{self.provided}{'，' if self.provided else ''}到{Month.show(self.when)}"

    def as_json(self) -> dict[str, str]:
        month = "" if self.when is None else str(Month.write(self.when))
        return {
            "name": self.name, "text": self.text, "article": self.article, "then": self.then, "have": self.have,
            "need": self.need, "when": month, "when_words": self.when_words,
        }


@dataclass(frozen=True)
class Shortfall:
    """The gaps of an expression that does not hold, and when it would."""

    gaps: tuple[Gap, ...] = ()
    when: int | None = None
    provided: tuple[str, ...] = ()


class Reasoner:
    """Looks into the conditions of a law for one person."""

    def __init__(self, law: Law, facts: Mapping[str, Datum], results: Mapping[str, Datum], on: datetime.date) -> None:
        self.law, self.facts, self.on = law, facts, on
        self.known = {**facts, **results}
        self.interpreter = Interpreter(law, self.known)

    def judged(self, rule: Rule) -> Judged:
        """One condition that could be worked out."""
        holds = bool(self.known[rule.name])
        short = Shortfall() if holds else self.shortfall(self.law.trees[rule.name], rule)
        return Judged(
            rule.name, rule.label, holds, rule.unmet, rule.article, rule.then, short.gaps, short.when,
            "、".join(dict.fromkeys(one for one in short.provided if one)),
        )

    def shortfall(self, node: Node, rule: Rule) -> Shortfall:
        """Why an expression does not hold; nothing for one that does."""
        if self.interpreter.value(node):
            return Shortfall()
        match node:
            case Logic("and", parts):
                return self._all([self.shortfall(part, rule) for part in parts if not self.interpreter.value(part)])
            case Logic("or", parts):
                return self._any([self.shortfall(part, rule) for part in parts])
            case Logic("not", (Name(name),)):
                return self._said(name, "应为否")
            case When(condition, then, otherwise):
                return self.shortfall(then if self.interpreter.value(condition) else otherwise, rule)
            case Name(name):
                tree = self.law.trees.get(name)
                inner = self.law.rules.get(name)
                if tree is None or inner is None or name in self.facts:
                    return self._said(name, "应为是")
                return self.shortfall(tree, inner)
            case Comparison():
                return self._compared(node, rule)
        return Shortfall()

    def _said(self, name: str, need: str) -> Shortfall:
        declared = self.law.policy.inputs.get(name)
        label = declared.label if declared else self.law.rules[name].label
        return Shortfall((Gap(label, f"：{Bool.show(bool(self.known[name]))}", need),))

    def _compared(self, node: Comparison, rule: Rule) -> Shortfall:
        speaker = Speaker(self.law, self.known, rule)
        growing, other, strict = node.left, node.right, node.operator in ("<", ">")
        if node.operator in ("<", "<="):
            growing, other = other, growing
        compared = {**COMPARED, "==": "是", "!=": "不是"} if unit_of(self.law, node.left) is Text else COMPARED
        gap = Gap(
            speaker.words(node.left), f"：{self._value(node.left, speaker)}",
            f"{compared[node.operator]}{speaker.side(node.right, node.left, lambda one: self._value(one, speaker))}",
        )
        declared = self._growing(growing) if node.operator not in ("==", "!=") else None
        if declared is None or declared.grows is None:
            return Shortfall((gap,))
        every, provided = declared.grows
        have, need = (self.interpreter.value(side) for side in (growing, other))
        if declared.unit is Month:
            return Shortfall((gap,), int(need) + strict, (provided,))
        periods = need - have + strict
        return Shortfall((gap,), month_index(self.on) + int(-(-periods // 1)) * (12 if every == "year" else 1), (provided,))

    def _value(self, node: Node, speaker: Speaker) -> str:
        unit = unit_of(self.law, node)
        if isinstance(node, Name) or unit is None or isinstance(node, Constant):
            return speaker.numbers(node)
        return shown(unit, self.interpreter.value(node))

    def _growing(self, node: Node) -> Input | None:
        """The input that grows with time and that an expression is, by itself or through rules that only rename it."""
        while isinstance(node, Name):
            declared = self.law.policy.inputs.get(node.name)
            if declared is not None and node.name in self.facts:
                return declared if declared.grows else None
            if node.name not in self.law.trees:
                return None
            node = self.law.trees[node.name]
        return None

    def _all(self, parts: list[Shortfall]) -> Shortfall:
        whens = [part.when for part in parts]
        when = None if None in whens else max((one for one in whens if one is not None), default=None)
        provided = tuple(one for part in parts for one in part.provided) if when is not None else ()
        return Shortfall(tuple(gap for part in parts for gap in part.gaps), when, provided)

    def _any(self, parts: list[Shortfall]) -> Shortfall:
        soonest = min((part for part in parts if part.when is not None), key=lambda part: part.when or 0, default=Shortfall())
        return Shortfall(tuple(gap for part in parts for gap in part.gaps), soonest.when, soonest.provided)
