"""What is wrong with a folder of law, found before anybody is judged by it."""

import datetime

from renshe.kernel.policy.engine.compile import Writer
from renshe.kernel.policy.engine.policy import Law, Policy
from renshe.kernel.policy.engine.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Extreme,
    FormulaError,
    Logic,
    Lookup,
    Name,
    Node,
    When,
    names,
)
from renshe.kernel.policy.engine.units import Bool, Count, Exact, Fen, Months, Ratio, Text, Unit
from renshe.kernel.policy.engine.values import CONFIDENCES, DatedValue

FREE = {"ratio", "count"}  # these multiply and divide anything
SPANS = {"month": "months", "day": "days", "age": "months"}  # a point in time and the span it moves by
PLACEHOLDER: dict[str, Exact] = {"fen": 100, "ratio": 1, "text": "x", "bool": True}


def _type(law: Law, tree: Node) -> Unit | None:
    """The unit of an expression; None for a plain number, which fits any. Raises FormulaError where units clash."""
    match tree:
        case Constant(value):
            if isinstance(value, bool):
                return Bool
            return Text if isinstance(value, str) else None
        case Name(name):
            for group in (law.rules, law.policy.inputs, law.policy.parameters):
                if name in group:
                    return group[name].unit  # type: ignore[index,no-any-return]
            raise FormulaError(f"不认识的名称“{name}”")
        case Lookup(table, key):
            _type(law, key)
            return law.tables[table].unit
        case Comparison(_, left, right):
            _same(_type(law, left), _type(law, right), "比较")
            return Bool
        case Logic(_, parts):
            for part in parts:
                _same(_type(law, part), Bool, "条件")
            return Bool
        case When(condition, then, otherwise):
            _same(_type(law, condition), Bool, "条件")
            return _same(_type(law, then), _type(law, otherwise), "分支")
        case Extreme(_, parts):
            unit = _type(law, parts[0])
            for part in parts[1:]:
                unit = _same(unit, _type(law, part), "取较大较小")
            return unit
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, _type(law, left), _type(law, right))
    raise FormulaError(type(tree).__name__)


def _same(one: Unit | None, other: Unit | None, where: str) -> Unit | None:
    if one is None or other is None or one.key == other.key:
        return one or other
    if {one.key, other.key} in ({"months", "age"}, {"ratio", "count"}, {"months", "count"}, {"days", "count"}):
        return one
    raise FormulaError(f"{where}两边单位不同：{one.label}与{other.label}")


def _arithmetic(operator: str, left: Unit | None, right: Unit | None) -> Unit | None:
    if operator in "+-":
        if left and right and SPANS.get(left.key) == right.key:
            return left
        if operator == "+" and left and right and SPANS.get(right.key) == left.key:
            return right
        if operator == "-" and left and right and left.key == right.key and left.key in ("month", "day"):
            return None
        if left and right and left.key == "month" and right.key == "age":
            return left
        return _same(left, right, "加减")
    if left is None or left.key in FREE:
        return (right if operator == "*" else None) or left
    if right is None or right.key in FREE:
        return left
    if operator in ("/", "//", "%") and left.key == right.key:
        return Ratio if operator == "/" else Count
    raise FormulaError(f"{left.label}与{right.label}不能相乘或相除")


def _rule_findings(law: Law) -> list[str]:
    findings = []
    writer = Writer(law)
    for name in law.policy.inputs:
        writer.known[name] = writer.constant(PLACEHOLDER.get(law.policy.inputs[name].unit.key, 1))
    for name, parameter in law.policy.parameters.items():
        writer.known[name] = writer.constant(parameter.unit.read("1") if parameter.unit in (Fen, Ratio) else 1)
    for name, tree in law.trees.items():
        rule = law.rules[name]
        if not rule.article:
            findings.append(f"规则 {name} 没有写依据条款")
        try:
            unit = _type(law, tree)
            if unit is not None and unit.key != rule.unit.key and {unit.key, rule.unit.key} not in (
                {"months", "age"}, {"ratio", "count"}, {"months", "count"},
            ):
                findings.append(f"规则 {name} 声明单位为{rule.unit.label}，公式得出{unit.label}")
        except FormulaError as fault:
            findings.append(f"规则 {name}：{fault}")
        pair = writer.expression(tree)
        if rule.rounding:
            pair = writer.rounded(pair, rule.rounding)
        elif rule.unit in (Fen, Months) and pair.bottom != 1:
            findings.append(f"规则 {name} 的结果不一定是整数{rule.unit.label}，须声明取整方式")
        writer.known[name] = pair
    return findings


def check(policy: Policy, on: datetime.date) -> list[str]:
    """Everything wrong with a policy as it stands on a day; empty when it may be used."""
    findings: list[str] = []
    for parameter in policy.parameters.values():
        if not parameter.article:
            findings.append(f"政策值 {parameter.name} 没有写依据条款")
        if not parameter.values and not parameter.document:
            findings.append(f"政策值 {parameter.name} 没有值，也没有说明应取得的文件")
        for value in parameter.values:
            if not value.source or value.confidence not in CONFIDENCES:
                findings.append(f"政策值 {parameter.name} 自{value.since}起的值没有来源或把握程度")
    filler = tuple(
        (name, DatedValue(parameter.unit.read("1") if parameter.unit in (Fen, Ratio) else 1, on, None, "核查", "high"))
        for name, parameter in policy.parameters.items()
    )
    try:
        law = policy.law(on, "", filler)
    except FormulaError as fault:
        return [*findings, str(fault)]
    findings += _rule_findings(law)
    used = set().union(*(names(tree) for tree in law.trees.values()), policy.outputs)
    earlier = {name for rule in policy.rules for name in rule.arguments}
    for name in (*policy.inputs, *policy.parameters, *policy.tables, *law.rules):
        rule = law.rules.get(name)
        if name not in used | earlier and not (rule and rule.is_condition):
            findings.append(f"{name} 没有用到")
    for name in policy.outputs:
        if name not in {rule.name for rule in policy.rules}:
            findings.append(f"输出 {name} 没有对应的规则")
    for number, case in enumerate(policy.cases, 1):
        if not case.get("article"):
            findings.append(f"第{number}个算例没有写所证明的条款")
    if not policy.cases:
        findings.append("没有算例")
    return findings
