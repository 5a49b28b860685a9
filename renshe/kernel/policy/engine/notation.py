"""A formula written as text, read into the same tree as a function of formula.py. It is taken apart, never run.

The language is closed: the arithmetic and comparisons of `tree`, its functions by name, the names the policy has, names
given to parts of the formula. No attribute but a value's `in_year`, `in_month` and `on_day`, no call but the engine's own
functions and those of the same formula.py (read the same way), no loop, no import, no text that becomes code. Length,
depth and work are bounded before anything is judged, so whatever is written is a tree or a refusal with its place.
"""

import ast
import inspect
import operator
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NoReturn

from renshe.kernel.policy.engine import tree
from renshe.kernel.policy.engine.calls import (
    CALLS,
    LARGEST,
    NAMED,
    Closure,
    engine_call,
    fraction,
)
from renshe.kernel.policy.engine.limits import DEEPEST
from renshe.kernel.policy.engine.limits import fault as too_much
from renshe.kernel.policy.engine.refusals import TextFault, hint, refusal, unreadable
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.tree import Element, Node, Quantity, Table
from renshe.kernel.policy.engine.units import Exact

LONGEST = 4000  # characters
MOST_STEPS = 5000  # parts looked at, those of called functions each time
OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}
TIMES = ("in_year", "in_month", "on_day")


@dataclass(frozen=True)
class Formula:
    """A formula read from text; called with symbols it gives its tree, as a function of formula.py does."""

    text: str
    definition: ast.FunctionDef
    around: Mapping[str, Any]  # the module of the formula it replaces: its constants and its small functions
    policy_names: Mapping[str, str]  # what the policy has, with its label: for saying what might have been meant
    places: dict[int, tuple[Node, int, int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(one.arg for one in self.definition.args.args)

    def __call__(self, *symbols: Any) -> Node:
        self.places.clear()
        reader = Reader(self)
        found = reader.function(self.definition, dict(zip(self.arguments, symbols, strict=True)))
        found = reader.node(self.definition, found)
        if says := too_much(found):
            reader.refuse(self.definition, says)
        return found

    def place(self, part: Node) -> str:
        """Where a part of the tree stands in the text, in words; empty for a part that is not in it."""
        found = self.places.get(id(part))
        return f"第{found[1]}行第{found[2]}列：" if found else ""


def read(text: str, rule: Rule, policy_names: Mapping[str, str]) -> Formula:
    """The text of a rule's formula. Raises TextFault with line and column; calling it may raise the same."""
    if len(text) > LONGEST:
        raise TextFault(1, 1, f"公式有{len(text)}个字符，最多{LONGEST}个")
    try:
        module = ast.parse(text)
    except SyntaxError as fault:
        raise unreadable(fault, text) from None
    except (ValueError, MemoryError, RecursionError):
        raise TextFault(1, 1, "公式套得太深或含有不能识别的字符") from None
    if _depth(module) > DEEPEST:
        raise TextFault(1, 1, f"公式套得太深，最多{DEEPEST}层：请给中间结果起名（如 甲 = …），或减少括号")
    definitions = [one for one in module.body if isinstance(one, ast.FunctionDef)]
    if len(module.body) != 1 or not definitions:
        raise TextFault(1, 1, "应恰好是一个公式", f"第一行写 def {spoken(rule)}(用到的名称):，以下缩进，最后一行写 return …")
    definition, around = definitions[0], getattr(rule.formula, "__globals__", None) or getattr(rule.formula, "around", {})
    if definition.name != spoken(rule):
        raise TextFault(definition.lineno, 5, f"公式的名称不能改为“{definition.name}”", f"def {spoken(rule)}(…):")
    made = Formula(text, definition, around, policy_names)
    for one in _plain(Reader(made), definition):
        if one.arg not in policy_names:
            raise TextFault(one.lineno, _column(text, one), f"这项政策没有“{one.arg}”", _meant(one.arg, policy_names))
    return made


def spoken(rule: Rule) -> str:
    """The name after `def` in the formula of a rule."""
    return rule.formula.definition.name if isinstance(rule.formula, Formula) else rule.formula.__name__


def formula_text(rule: Rule) -> str:
    """The text of a rule's formula from `def` on."""
    if isinstance(rule.formula, Formula):
        return rule.formula.text
    source = textwrap.dedent(inspect.getsource(rule.formula))
    definition = ast.parse(source).body[0]
    return "\n".join(source.splitlines()[definition.lineno - 1 :]) + "\n"


class Reader:
    """Reads the parts of a formula one by one; what is not of the language is refused where it stands."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.steps = 0
        self.depth = 0
        self.elsewhere: tuple[str, ast.AST] | None = None  # the function of formula.py that is read, and where it is called

    def function(self, definition: ast.FunctionDef, scope: Mapping[str, Any]) -> Any:
        """The statements of a function: names for parts of it, then what it returns."""
        scope, given = dict(scope), {one.arg for one in definition.args.args}
        for number, line in enumerate(definition.body, 1):
            match line:
                case ast.Expr(ast.Constant(str())) if number == 1:
                    continue
                case ast.Return(ast.expr() as value) if number == len(definition.body):
                    return self.number(value, scope)
                case ast.Assign([ast.Name(name)], value):
                    if name in given:
                        self.refuse(line, f"“{name}”是参数，不能另作他用", "换一个名称")
                    scope[name] = self.term(value, scope)
                case ast.FunctionDef(name):
                    scope[name] = Closure(tuple(one.arg for one in _plain(self, line)), line, dict(scope), self)
                case ast.Return():
                    self.refuse(line, "return 应在最后一行，并写明结果", "return 计算式")
                case _:
                    self.refuse(line, refusal(line), hint(line))
        self.refuse(definition, "公式没有结果", "最后一行写 return 计算式")

    def term(self, part: ast.expr, scope: Mapping[str, Any]) -> Any:
        """One expression: a node, a constant, a table or a small function."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            self.refuse(part, "公式过长，展开后的部分太多", "请分成几个规则")
        found = self._term(part, scope)
        if isinstance(found, Node) and not self.elsewhere:
            line, column = part.lineno, _column(self.formula.text, part)
            self.formula.places.setdefault(id(found), (found, line, column))
        return found

    def _term(self, part: ast.expr, scope: Mapping[str, Any]) -> Any:
        match part:
            case ast.Constant(value):
                return self.constant(part, value)
            case ast.Name(name):
                return self.named(part, name, scope)
            case ast.BinOp(left, sign, right):
                return self.joined(part, sign, self.number(left, scope), self.number(right, scope))
            case ast.Compare(left, [sign], [right]):
                return self.joined(part, sign, self.number(left, scope), self.number(right, scope))
            case ast.UnaryOp(ast.Invert(), inner):
                found = self.number(inner, scope)
                return ~found if isinstance(found, Node) else self.refuse(part, "~ 后面应是条件", "~(甲 > 乙)")
            case ast.UnaryOp(ast.USub(), ast.Constant(int() as value)) if not isinstance(value, bool):
                return -self.constant(part, value)  # type: ignore[operator]
            case ast.Lambda(arguments, body):
                names = tuple(one.arg for one in _arguments(self, part, arguments))
                return Closure(names, body, scope, self)
            case ast.Subscript(of, key):
                return self.row(part, self.term(of, scope), key, scope)
            case ast.Call(ast.Attribute(ast.Name(name), way), [key], []) if way in TIMES:
                found = scope.get(name)
                if not isinstance(found, Quantity):
                    self.refuse(part, f"只有政策值可以取另一时间的值，“{name}”不是", "政策值.in_year(年份)")
                return getattr(found, way)(self.node(key, self.term(key, scope)))
            case ast.Call(ast.Name(name), arguments, keywords):
                return self.called(part, name, arguments, keywords, scope)
        self.refuse(part, refusal(part), hint(part))

    def constant(self, part: ast.expr, value: object) -> Exact:
        """A number or text written in the formula."""
        if isinstance(value, float):
            written = ast.get_source_segment(self.formula.text, part) or str(value)
            self.refuse(part, f"不能写小数 {written[:20]}（小数在计算机里不精确）", f"Fraction(\"{written[:20]}\")，或改政策值")
        if isinstance(value, bool | str):
            return value
        if not isinstance(value, int):
            self.refuse(part, f"不能写 {str(value)[:20]}", "整数、带引号的文字、True、False")
        if abs(value) > LARGEST:
            self.refuse(part, "数太大", "不超过15位的整数")
        return value

    def named(self, part: ast.expr, name: str, scope: Mapping[str, Any]) -> Any:
        """What a name stands for: an argument, a part named before, a constant or small function of formula.py."""
        if name in scope:
            return scope[name]
        value = self.formula.around.get(name)
        if isinstance(value, int | str | Fraction) and not name.startswith("__"):
            return value
        if name in self.formula.policy_names and not self.elsewhere:
            label = self.formula.policy_names[name]
            self.refuse(part, f"“{name}”（{label}）没有写进公式的参数", f"第1行的括号里加上 {name}")
        self.refuse(part, f"不认识的名称“{name[:40]}”", _meant(name, {**dict.fromkeys(scope, ""), **self.formula.policy_names}))

    def number(self, part: ast.expr, scope: Mapping[str, Any]) -> Any:
        """A term that is a node or a constant: neither a whole table nor a function."""
        found = self.term(part, scope)
        if isinstance(found, Table):
            self.refuse(part, f"“{found.name}”是一张表，不能直接参加计算", f"{found.name}[键]")
        if not isinstance(found, Node | int | str | bool | Fraction):
            self.refuse(part, "这里要一个数或条件，不是函数", "函数名(…)")
        return found

    def node(self, part: ast.AST, found: Any) -> Node:
        """A term as a node."""
        if not isinstance(found, Node | int | str | bool | Fraction):
            self.refuse(part, "这里要一个数或条件", "计算式")
        return tree.node(found)

    def joined(self, part: ast.expr, sign: ast.AST, left: Any, right: Any) -> Any:
        """Two terms with a sign between them; of two numbers written out, their result."""
        made = OPERATORS.get(type(sign))
        if made is None:
            self.refuse(part, refusal(sign), hint(sign))
        told = any(isinstance(one, bool | str) for one in (left, right))  # a text or a truth written out
        if (told and not isinstance(sign, ast.Eq | ast.NotEq)) or (told and not isinstance(left, Node) and not isinstance(right, Node)):
            self.refuse(part, "文字和真假只能与政策里的名称比较是否相同", "名称 == \"文字\"")
        if isinstance(left, Node) or isinstance(right, Node):
            plain = isinstance(sign, ast.FloorDiv | ast.Mod | ast.BitAnd | ast.BitOr)  # no turned-round form of these
            return made(tree.node(left) if plain else left, right)
        if isinstance(sign, ast.BitAnd | ast.BitOr):
            self.refuse(part, "& 和 | 的两边应是条件", "(条件甲) & (条件乙)")
        if isinstance(sign, ast.Div | ast.FloorDiv | ast.Mod) and not right:
            self.refuse(part, "除数是零")
        if isinstance(sign, ast.Div) and isinstance(left, int) and isinstance(right, int):
            self.refuse(part, "两个整数相除不精确", f"Fraction({left}, {right})")
        found = made(left, right)
        if abs(Fraction(found)) > LARGEST:
            self.refuse(part, "数太大", "不超过15位的整数")
        return found

    def row(self, part: ast.expr, of: Any, key: ast.expr, scope: Mapping[str, Any]) -> Node:
        """A row of a table, or a field of an item."""
        if isinstance(of, Table):
            return of[self.number(key, scope)]
        if isinstance(of, Element) and isinstance(key, ast.Constant) and isinstance(key.value, str):
            return of[key.value]
        self.refuse(part, "只有表可以取行（表[键]），列表的一项可以取字段（项[\"字段\"]）", "表[键] 或 项[\"字段\"]")

    def called(
        self, part: ast.expr, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], scope: Mapping[str, Any]
    ) -> Any:
        """A function of the engine, of this formula, or of the formula.py around it."""
        if starred := next((one for one in (*arguments, *keywords) if isinstance(one, ast.Starred) or (isinstance(one, ast.keyword) and one.arg is None)), None):
            self.refuse(starred, "不能用 * 展开", "逐个写出")
        around = self.formula.around.get(name)
        own = scope.get(name)
        if own is None and name == "Fraction":
            return fraction(self, part, arguments, keywords)
        engine = CALLS.get(name) or (NAMED.get(around) if inspect.isfunction(around) else None)
        if own is None and engine is not None:
            return engine_call(self, part, name, engine, arguments, keywords, scope)
        if own is None and inspect.isfunction(around) and around.__module__ == self.formula.around.get("__name__"):
            own = _of_module(around, self)
        if not isinstance(own, Closure):
            self.refuse(part, f"不能调用“{name[:40]}”", f"可用的函数：{'、'.join(CALLS)}")
        if keywords or len(arguments) != len(own.arguments):
            self.refuse(part, f"“{name}”要{len(own.arguments)}项", f"{name}({', '.join(own.arguments)})")
        given = [self.term(one, scope) for one in arguments]
        outer, self.depth = self.elsewhere, self.depth + 1
        if self.depth > DEEPEST:
            self.refuse(part, "函数套得太深")
        self.elsewhere = outer or (None if name in scope else (name, part))
        found = own(*given)
        self.elsewhere, self.depth = outer, self.depth - 1
        return found

    def refuse(self, part: ast.AST, says: str, accepts: str = "") -> NoReturn:
        """Refuse a part where it stands; inside a function of formula.py that is where it is called."""
        if self.elsewhere:
            name, part = self.elsewhere
            says = f"调用 {name} 时：{says}"
        raise TextFault(getattr(part, "lineno", 1), _column(self.formula.text, part), says, accepts)


def _of_module(function: Callable[..., Any], reader: Reader) -> Closure:
    """A small function of the formula.py around, read as text is."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    return Closure(tuple(one.arg for one in definition.args.args), definition, {}, reader)


def _plain(reader: Reader, definition: ast.FunctionDef) -> list[ast.arg]:
    """The arguments of a function that is nothing but names and lines."""
    if definition.decorator_list or definition.returns:
        reader.refuse(definition, "def 前不能有 @，后面不能标注结果的类型", "def 名称(甲, 乙):")
    return _arguments(reader, definition, definition.args)


def _arguments(reader: Reader, part: ast.AST, found: ast.arguments) -> list[ast.arg]:
    """Plain names only."""
    if found.posonlyargs or found.kwonlyargs or found.vararg or found.kwarg or found.defaults or any(one.annotation for one in found.args):
        reader.refuse(part, "括号里只写名称，不能有默认值、* 或类型", "def 名称(甲, 乙):")
    if len({one.arg for one in found.args}) < len(found.args):
        reader.refuse(part, "括号里有重复的名称")
    return found.args


def _depth(root: ast.AST) -> int:
    """How deeply a text is nested, counted without recursion."""
    deepest, waiting = 0, [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth > DEEPEST:
            return depth
        below = depth + isinstance(part, ast.expr | ast.stmt)
        waiting.extend((one, below) for one in ast.iter_child_nodes(part))
    return deepest


def _column(text: str, part: ast.AST) -> int:
    """The column in characters, from one; `ast` counts bytes from zero."""
    lines, line = text.splitlines(), getattr(part, "lineno", 1)
    source = lines[line - 1].encode() if line <= len(lines) else b""
    return len(source[: getattr(part, "col_offset", 0)].decode("utf-8", "replace")) + 1


def _meant(name: str, known: Mapping[str, str]) -> str:
    """Names near to one that is not known."""
    near = get_close_matches(name, known, 3, 0.5) or sorted(known)[:12]
    return "、".join(f"{one}（{known[one]}）" if known[one] else one for one in near)
