"""Whether the units of a formula agree: fen with fen, a month moved by months, a year of a month."""

from renshe.kernel.policy.engine.policy import Law, Policy
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
    FormulaError,
    Logic,
    Lookup,
    MonthOf,
    Name,
    Node,
    Rounded,
    When,
    children,
)
from renshe.kernel.policy.engine.units import Age, Bool, Count, Day, Month, Months, Ratio, Text, Unit, Years

FREE = {"ratio", "count", "number", "years"}  # these multiply and divide anything
SPANS = {"month": ("months", "age"), "day": ("days",), "age": ("months",)}  # a point in time and what it moves by
ALIKE = [{"months", "age"}, {"ratio", "count", "number"}, {"months", "count"}, {"days", "count"}, {"years", "count", "number"}]
KEYS = {"month": Month, "year": Count, "day": Day}


def fits(one: Unit, other: Unit) -> bool:
    """Whether two units may meet in a comparison, a sum or a declaration."""
    return one.key == other.key or any({one.key, other.key} <= group for group in ALIKE)


def unit_of(law: Law, tree: Node) -> Unit | None:
    """The unit of an expression; None for a plain number, which fits any. Raises FormulaError where units clash."""
    match tree:
        case Constant(value):
            if isinstance(value, bool):
                return Bool
            return Text if isinstance(value, str) else None
        case Name(name):
            if law.is_list(name):
                raise FormulaError(f"“{name}”是列表，须用 total、largest、count、each 等逐项计算")
            return _named(law, name)
        case Element(of):
            return _item(law, of)
        case Field(element, name):
            return _field(law, element, name)
        case At(parameter, by, key):
            _same(unit_of(law, key), KEYS[by], "取值的时间")
            return law.policy.parameters[parameter].unit
        case Lookup(table, key):
            unit_of(law, key)
            return law.tables[table].unit if table in law.tables else law.policy.tables[table][0].unit
        case Rounded(part, _):
            return unit_of(law, part)
        case MonthOf(day):
            _same(unit_of(law, day), Day, "所在月")
            return Month
        case Comparison(_, left, right):
            _same(unit_of(law, left), unit_of(law, right), "比较")
            return Bool
        case Logic(_, parts) | Applied(_, _, parts):
            kind = Bool if isinstance(tree, Logic) else Text
            for part in parts:
                _same(unit_of(law, part), kind, "条件或核对的内容")
            return kind
        case When(condition, then, otherwise):
            _same(unit_of(law, condition), Bool, "条件")
            return _same(unit_of(law, then), unit_of(law, otherwise), "分支")
        case Extreme(_, parts):
            unit = unit_of(law, parts[0])
            for part in parts[1:]:
                unit = _same(unit, unit_of(law, part), "取较大较小")
            return unit
        case Fold():
            return _folded(law, tree)
        case Arithmetic(operator, left, right):
            months = isinstance(right, Constant) and right.value == 12
            return _arithmetic(operator, unit_of(law, left), unit_of(law, right), months)
    raise FormulaError(type(tree).__name__)


def _named(law: Law, name: str) -> Unit:
    rules = {rule.name: rule for rule in law.policy.rules}
    for group in (law.rules, law.policy.inputs, law.policy.parameters, rules):
        if name in group:
            return group[name].unit  # type: ignore[index,no-any-return]
    raise FormulaError(f"不认识的名称“{name}”")


def _item(law: Law, of: Node) -> Unit | None:
    if isinstance(of, Name) and law.is_list(of.name):
        declared = law.policy.inputs.get(of.name)
        if declared and declared.fields:
            raise FormulaError(f"“{of.name}”的每项是一个对象：请用 item[\"字段\"]，可用 {'、'.join(declared.fields)}")
        return _named(law, of.name)
    return unit_of(law, of)


def _field(law: Law, element: Element, name: str) -> Unit:
    declared = law.policy.inputs.get(element.of.name) if isinstance(element.of, Name) else None
    if declared is None or name not in declared.fields:
        raise FormulaError(f"列表的项没有“{name}”这一字段")
    return declared.fields[name].unit


def _folded(law: Law, tree: Fold) -> Unit | None:
    if not isinstance(tree.items, Name) or not law.is_list(tree.items.name):
        raise FormulaError("逐项计算须针对列表输入，或每项各有结果的规则")
    unit = unit_of(law, tree.body)
    if tree.start is not None:
        return _same(unit, unit_of(law, tree.start), "逐项计算")
    return unit


def _same(one: Unit | None, other: Unit | None, where: str) -> Unit | None:
    if one is None or other is None or fits(one, other):
        return one or other
    raise FormulaError(f"{where}两边单位不同：{one.label}与{other.label}")


def unit_label(policy: Policy, name: str) -> str:
    """The unit of a name of a policy, in words; for a list, that of its items."""
    if name in policy.tables:
        return f"表，每行为{policy.tables[name][0].unit.label}"
    rules = {rule.name: rule for rule in policy.rules}
    known = policy.inputs.get(name) or policy.parameters.get(name) or rules[name]
    is_list = name in policy.inputs and policy.inputs[name].many
    return f"列表，每项为{'、'.join(policy.inputs[name].fields) or known.unit.label}" if is_list else known.unit.label


def culprit(law: Law, tree: Node) -> Node:
    """The smallest part of an expression whose units clash; the expression itself where none is smaller."""
    for part in children(tree):
        if not isinstance(part, Element):
            try:
                if not isinstance(tree, Fold) or part is not tree.items:
                    unit_of(law, part)
            except FormulaError:
                return culprit(law, part)
    return tree


def _arithmetic(operator: str, left: Unit | None, right: Unit | None, by_twelve: bool) -> Unit | None:
    if untold := next((one for one in (left, right) if one in (Text, Bool)), None):
        raise FormulaError(f"{untold.label}不能加减乘除")
    if operator in "+-":
        if left and right and right.key in SPANS.get(left.key, ()):
            return left
        if operator == "+" and left and right and left.key in SPANS.get(right.key, ()):
            return right
        if operator == "-" and left and right and left.key == right.key and left.key in ("month", "day"):
            return None
        return _same(left, right, "加减")
    if by_twelve and left in (Month, Months, Age):
        return {"/": Years, "//": Count, "%": Count, "*": left}[operator]
    if by_twelve and left is Years and operator == "*":
        return None  # months
    if left is None or left.key in FREE:
        return (right if operator == "*" else None) or left
    if right is None or right.key in FREE:
        return left
    if operator in ("/", "//", "%") and left.key == right.key:
        return Ratio if operator == "/" else Count
    raise FormulaError(f"{left.label}与{right.label}不能相乘或相除")
