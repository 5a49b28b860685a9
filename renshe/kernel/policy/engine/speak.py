"""Says a formula twice, by its names and with the numbers of one evaluation, and notes where each number comes from."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from renshe.kernel.policy.engine.compile import key_day
from renshe.kernel.policy.engine.interpret import Interpreter
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.rounding import rounding_words
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import (
    Applied,
    Arithmetic,
    At,
    Comparison,
    Constant,
    Element,
    Extreme,
    Field,
    Fold,
    Logic,
    Lookup,
    MonthOf,
    Name,
    Node,
    Rounded,
    When,
)
from renshe.kernel.policy.engine.units import Bool, Datum, Exact, Month, Text, Unit
from renshe.kernel.policy.engine.values import DatedTable, DatedValue, Parameter

SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷", "//": "÷", "%": "÷"}
PART = {"//": "的整数部分", "%": "的余数"}
COMPARED = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于", "==": "等于", "!=": "不等于"}
RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2}
JOINED = {"total": "＋", "largest": "、", "smallest": "、", "each": "；", "running": "；"}
ENDING = {"largest": "中最大的", "smallest": "中最小的"}
HEADS = {"total": "逐项合计", "largest": "各项中最大的", "smallest": "各项中最小的", "each": "每项各算", "running": "逐项滚算"}
SHOWN_ITEMS, SHOWN_OF_MANY = 6, 3  # a short list is shown whole, of a long one the first few


class Speaker:
    """The words and numbers of one rule. `values` and `tables` gather what the numbers were taken from."""

    def __init__(self, law: Law, known: Mapping[str, Datum], rule: Rule, interpreter: Interpreter | None = None) -> None:
        self.law, self.known, self.rule = law, known, rule
        self.interpreter = interpreter or Interpreter(law, known)
        self.values: dict[tuple[str, Any], tuple[Parameter, DatedValue]] = {}
        self.tables: dict[str, DatedTable] = {}

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

    def shown(self, name: str) -> str:
        """The value of a name as people read it; a choice by its Chinese word."""
        if name not in self.known:
            return self._noted(name, self.law.values[name])
        value = self.known[name]
        if isinstance(value, list):
            return f"共{len(value)}项"
        return self._choices(name).get(str(value)) or self.unit(name).show(value)

    def _choices(self, name: str) -> Mapping[str, str]:
        """The Chinese words of a text fact."""
        for group in (self.law.policy.inputs, self.law.rules):
            if name in group and group[name].choices:
                return group[name].choices
        return {}

    def _noted(self, name: str, value: DatedValue) -> str:
        self.values[name, value.since] = (self.law.policy.parameters[name], value)
        return self.unit(name).show(value.value)

    def words(self, node: Node) -> str:
        """The formula by its names."""
        match node:
            case Constant(value):
                if isinstance(value, bool):
                    return "是" if value else "否"
                return self.rule.choices.get(str(value), str(value))
            case Name(name):
                return self.label(name)
            case At(parameter, by, key):
                return f"{self.label(parameter)}（{self.words(key)}{'年' if by == 'year' else '时'}的）"
            case Lookup(table, key):
                return f"《{self.law.tables[table].label}》中“{self.words(key)}”一行"
            case Element(of):
                return "上一步结果" if not isinstance(of, Name) or not self.law.is_list(of.name) else f"每项{self.words(of)}"
            case Field(Element(Name(name)), field):
                return self.law.policy.inputs[name].fields[field].label
            case MonthOf(day):
                return f"{self.words(day)}所在月"
            case When(condition, then, otherwise):
                return f"若{self.words(condition)}，则{self.words(then)}，否则{self.words(otherwise)}"
            case Fold("total", _, _, When(test, Constant(1), Constant(0))):
                return f"“{self.words(test)}”的项数"
            case Fold(kind, _, _, body, start, _):
                begin = f"从{self.words(start)}起" if kind == "running" and start is not None else ""
                return f"{begin}{HEADS[kind]}：{self.words(body)}"
        return self._joined(node, self.words)

    def numbers(self, node: Node) -> str:
        """The formula with the numbers put in; of a choice only the branch that was taken."""
        match node:
            case Constant():
                return self.words(node)
            case Name(name):
                return self.shown(name)
            case At(parameter, by, key):
                day = key_day(by, self._whole(key))
                value = self.law.timelines[parameter][self.interpreter.place(node)][1]
                assert value is not None
                period = {"year": f"{day:%Y年}", "month": f"{day:%Y年%m月}", "day": f"{day:%Y年%m月%d日}"}[by]
                return f"{self._noted(parameter, value)}（{period}）"
            case Lookup(table, _):
                self.tables[table] = self.law.tables[table]
                return self.law.tables[table].unit.show(self.interpreter.value(node))
            case Element():
                return self._item_shown(node)
            case Field(Element(Name(name)), field):
                return self.law.policy.inputs[name].fields[field].unit.show(self.interpreter.value(node))
            case MonthOf():
                return Month.show(self.interpreter.value(node))
            case When(condition, then, otherwise):
                holds = bool(self.interpreter.value(condition))
                taken = self.numbers(then if holds else otherwise)
                verdict = "不成立" if not holds else "成立" if isinstance(condition, Name) else ""
                return f"{self._test(condition)}{verdict}，取{taken}"
            case Logic(operator, parts) if operator != "not":
                return self._logic_numbers(operator, parts)
            case Fold("total", _, _, When(_, Constant(1), Constant(0))):
                return f"{self._whole(node)}项"
            case Fold():
                return self._fold_numbers(node)
        return self._joined(node, self.numbers)

    def _test(self, condition: Node) -> str:
        """What a choice hangs on: a fact that is true or false by its name, a comparison with its numbers."""
        return f"“{self.label(condition.name)}”" if isinstance(condition, Name) else self.numbers(condition)

    def _logic_numbers(self, operator: str, parts: tuple[Node, ...]) -> str:
        said = []
        for part in parts:
            said.append(self.numbers(part))
            if bool(self.interpreter.value(part)) is (operator == "or"):
                break  # decided: what follows was not needed
        return ("，且" if operator == "and" else "，或").join(said)

    def _fold_numbers(self, node: Fold) -> str:
        size, said = len(self.interpreter.items(node)), []
        shown_items = size if size <= SHOWN_ITEMS else SHOWN_OF_MANY
        for number, _ in enumerate(self.interpreter.visits(node)):
            if number == shown_items:
                said.append(f"……（其余从略，共{size}项）")
                break
            said.append(self._inner(node.body, 1, self.numbers))
        if not said:
            return "没有可算的项" if node.start is None else self.numbers(node.start)
        return JOINED[node.kind].join(said) + ENDING.get(node.kind, "")

    def _item_shown(self, node: Element) -> str:
        value = self.interpreter.value(node)
        if isinstance(node.of, Name) and node.of.name in self.law.policy.inputs:
            declared = self.law.policy.inputs[node.of.name]
            return declared.choices.get(str(value)) or declared.unit.show(value)
        if isinstance(node.of, Name) and self.law.is_list(node.of.name):
            return self.unit(node.of.name).show(value)
        return self.rule.unit.show(value)

    def _whole(self, node: Node) -> int:
        return int(Fraction(self.interpreter.value(node)))

    def _joined(self, node: Node, say: Callable[[Node], str]) -> str:
        match node:
            case Arithmetic(operator, left, right):
                one = self._inner(left, RANK[operator], say)
                other = self._inner(right, RANK[operator] + (operator in "-//%"), say)
                return f"{one} {SIGNS[operator]} {other}{PART.get(operator, '')}"
            case Comparison(operator, left, right):
                return f"{self.side(left, right, say)} {COMPARED[operator]} {self.side(right, left, say)}"
            case Logic("not", (part,)):
                return f"并非（{say(part)}）"
            case Logic(operator, parts):
                return ("，且" if operator == "and" else "，或").join(say(part) for part in parts)
            case Applied(label, _, parts):
                return f"{label}（{'、'.join(say(part) for part in parts)}）"
            case Rounded(part, rounding):
                return f"（{say(part)}，{rounding_words(rounding, self.rule.unit.key)}）"
            case Extreme(which, parts):
                said = [self._inner(part, RANK["*"], say) for part in parts]
                return f"{'与'.join(said)}中较{'小' if which == 'least' else '大'}的"
        raise TypeError(type(node).__name__)

    def side(self, node: Node, other: Node, say: Callable[[Node], str]) -> str:
        """A side of a comparison; a choice written in the formula by its Chinese word."""
        if isinstance(node, Constant) and isinstance(other, Name | Element):
            source = other if isinstance(other, Name) else other.of
            if isinstance(source, Name) and self.unit(source.name) is Text:
                return self._choices(source.name).get(str(node.value), str(node.value))
        return say(node)

    def _inner(self, node: Node, rank: int, say: Callable[[Node], str]) -> str:
        text = say(node)
        if isinstance(node, Arithmetic) and RANK[node.operator] >= rank and node.operator not in PART:
            return text
        return f"（{text}）" if isinstance(node, Arithmetic | When | Extreme | Logic | Comparison) else text


def shown(unit: Unit, value: Datum) -> str:
    """A result as people read it."""
    if isinstance(value, list):
        return "、".join(unit.show(item) for item in value) or "没有"
    exact: Exact = value if unit in (Bool, Text) else Fraction(value)
    return unit.show(exact)
