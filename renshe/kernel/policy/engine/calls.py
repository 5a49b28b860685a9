"""The functions that a formula written as text may call, and what each takes."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn, Protocol

from renshe.kernel.policy.engine import tree
from renshe.kernel.policy.engine.refusals import TextFault
from renshe.kernel.policy.engine.tree import Fact, FormulaError, Node
from renshe.kernel.policy.engine.units import BadInput, Exact, exact

LARGEST = 10**15  # the largest whole number written in a formula


class Reading(Protocol):
    """What reads the parts of a formula."""

    def term(self, part: ast.expr, scope: Mapping[str, Any]) -> Any: ...
    def number(self, part: ast.expr, scope: Mapping[str, Any]) -> Any: ...
    def constant(self, part: ast.expr, value: object) -> Exact: ...
    def function(self, definition: ast.FunctionDef, scope: Mapping[str, Any]) -> Any: ...
    def refuse(self, part: ast.AST, says: str, accepts: str = "") -> NoReturn: ...


@dataclass(frozen=True)
class Call:
    """A function of the engine as text may call it: how many terms, and where a list or a formula of items stands."""

    function: Callable[..., Node]
    least: int
    most: int
    items: int | None = None
    each: tuple[int, int] | None = None  # where the formula of items stands, and how many names it takes
    empty: bool = False


CALLS: dict[str, Call] = {
    "when": Call(tree.when, 3, 3), "least": Call(tree.least, 2, 20), "greatest": Call(tree.greatest, 2, 20),
    "rounded": Call(tree.rounded, 2, 2), "month_of": Call(tree.month_of, 1, 1), "year_of": Call(tree.year_of, 1, 1),
    "total": Call(tree.total, 2, 2, 0, (1, 1)), "count": Call(tree.count, 2, 2, 0, (1, 1)),
    "each": Call(tree.each, 2, 2, 0, (1, 1)), "largest": Call(tree.largest, 2, 2, 0, (1, 1), empty=True),
    "smallest": Call(tree.smallest, 2, 2, 0, (1, 1), empty=True), "running": Call(tree.running, 3, 3, 1, (2, 2)),
}
NAMED = {one.function: one for one in CALLS.values()}


@dataclass(frozen=True)
class Closure:
    """A small function inside a formula, with the names it could see where it was written."""

    arguments: tuple[str, ...]
    body: ast.expr | ast.FunctionDef
    scope: Mapping[str, Any]
    reader: Reading

    def __call__(self, *given: Any) -> Any:
        scope = {**self.scope, **dict(zip(self.arguments, given, strict=True))}
        if isinstance(self.body, ast.FunctionDef):
            return self.reader.function(self.body, scope)
        return self.reader.number(self.body, scope)


def engine_call(
    reader: Reading, part: ast.expr, name: str, one: Call, arguments: list[ast.expr], keywords: list[ast.keyword], scope: Mapping[str, Any]
) -> Node:
    """A function of the engine, with what it takes checked."""
    asked = [key.arg for key in keywords]
    if asked != (["empty"] if one.empty else []) or not one.least <= len(arguments) <= one.most:
        many = f"{one.least}项" if one.least == one.most else f"{one.least}到{one.most}项"
        more = "，另写 empty=没有时的结果" if one.empty else ""
        reader.refuse(part, f"{name} 要{many}{more}", usage(name))
    given: list[Any] = []
    for place, argument in enumerate(arguments):
        if one.each and place == one.each[0]:
            given.append(of_items(reader, argument, one.each[1], scope))
        elif place == one.items:
            found = reader.number(argument, scope)
            if not isinstance(found, Fact):
                reader.refuse(argument, f"{name} 的这一项应是一个列表的名称", "列表输入，或每项各有结果的规则")
            given.append(found)
        else:
            given.append(reader.number(argument, scope))
    if one.function is tree.rounded and not isinstance(given[1], str):
        reader.refuse(arguments[1], "取整方式应是带引号的文字", "\"half_up\"、\"up\" 或 \"down\"，可加小数位数")
    empty = {"empty": reader.number(keywords[0].value, scope)} if one.empty else {}
    try:
        return one.function(*given, **empty)
    except TextFault:
        raise
    except (FormulaError, ValueError) as fault:
        reader.refuse(part, str(fault))


def of_items(reader: Reading, part: ast.expr, names: int, scope: Mapping[str, Any]) -> Closure:
    """The formula of an item: `lambda 项: …`, or a small function named before."""
    found = reader.term(part, scope)
    if not isinstance(found, Closure) or len(found.arguments) != names:
        reader.refuse(part, f"这里应是对每项的算法，带{names}个名称", "lambda 项: 计算式" if names == 1 else "lambda 到此为止, 项: 计算式")
    return found


def fraction(reader: Reading, part: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]) -> Fraction:
    """An exact number: `Fraction(8, 100)` or `Fraction("0.08")`."""
    given = [reader.constant(one, one.value) for one in arguments if isinstance(one, ast.Constant)]
    whole = len(given) == 2 and all(type(one) is int for one in given) and given[1]
    if len(given) == len(arguments) and not keywords and (whole or (len(given) == 1 and isinstance(given[0], str))):
        try:
            found = Fraction(*given) if whole else exact(given[0])  # type: ignore[arg-type]
            if max(abs(found.numerator), found.denominator) <= LARGEST:
                return found
        except BadInput:
            pass
    reader.refuse(part, "分数的写法不对", "Fraction(8, 100) 或 Fraction(\"0.08\")")


def usage(name: str) -> str:
    """How a function of the engine is written."""
    return {
        "when": "when(条件, 成立时, 不成立时)", "rounded": "rounded(计算式, \"half_up\")", "running": "running(起始, 列表, lambda 到此为止, 项: 计算式)",
        "largest": "largest(列表, lambda 项: 计算式, empty=0)", "smallest": "smallest(列表, lambda 项: 计算式, empty=0)",
        "month_of": "month_of(日期)", "year_of": "year_of(月份)", "least": "least(甲, 乙)", "greatest": "greatest(甲, 乙)",
    }.get(name, f"{name}(列表, lambda 项: 计算式)")
