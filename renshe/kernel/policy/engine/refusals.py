"""What is said of a formula that is not one: where, what is not allowed, what would be accepted."""

import ast

from renshe.kernel.policy.engine.tree import FormulaError

FULL_WIDTH = "，。；：（）【】“”‘’＋－×÷＝＜＞！"
NOT_ALLOWED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Attribute: ("不能用点号取属性", "政策值.in_year(年份)、.in_month(月份)、.on_day(日期)"),
    ast.IfExp: ("不能写 甲 if 条件 else 乙", "when(条件, 甲, 乙)"),
    ast.BoolOp: ("不能写 and、or", "(条件甲) & (条件乙)，(条件甲) | (条件乙)"),
    ast.Not: ("不能写 not", "~(条件)"),
    ast.Compare: ("不能连写比较", "(甲 <= 乙) & (乙 <= 丙)"),
    ast.Pow: ("没有乘方", "连乘，如 甲 * 甲"),
    ast.USub: ("负号只能写在整数前", "0 - 甲"),
    ast.UAdd: ("不必写正号", "去掉正号"),
    ast.Call: ("只能按名称调用引擎的函数", "when、least、greatest、rounded 等"),
    ast.If: ("不能写 if 语句", "when(条件, 甲, 乙)"),
    ast.For: ("不能写循环", "total、count、largest、smallest、each、running"),
    ast.While: ("不能写循环", "total、count、largest、smallest、each、running"),
    ast.Import: ("不能引入别的程序", "政策里的名称和引擎的函数"),
    ast.ImportFrom: ("不能引入别的程序", "政策里的名称和引擎的函数"),
    ast.Assign: ("只能给一个名称起名", "甲 = 计算式"),
    ast.AugAssign: ("不能写 += 之类", "甲 = 乙 + 丙"),
    ast.AnnAssign: ("不能标注类型", "甲 = 计算式"),
    ast.NamedExpr: ("不能写 :=", "另起一行：甲 = 计算式"),
    ast.JoinedStr: ("不能拼文字", "带引号的文字"),
    ast.Slice: ("不能取一段", "表[键]"),
    ast.Is: ("不能写 is", "甲 == 乙"),
    ast.IsNot: ("不能写 is not", "甲 != 乙"),
    ast.In: ("不能写 in", "(甲 == 乙) | (甲 == 丙)"),
    ast.NotIn: ("不能写 not in", "(甲 != 乙) & (甲 != 丙)"),
    ast.BitXor: ("不能用 ^", "连乘，如 甲 * 甲"),
    ast.ListComp: ("不能写 [… for …]", "each(列表, lambda 项: 计算式)"),
    ast.GeneratorExp: ("不能写 (… for …)", "total(列表, lambda 项: 计算式)"),
    ast.List: ("不能写列表", "政策里的列表输入"),
    ast.Tuple: ("不能并列几个结果", "每个结果各写一个规则"),
    ast.Dict: ("不能写字典", "政策里的表"),
    ast.Expr: ("这一行没有用处", "甲 = 计算式，或 return 计算式"),
}


class TextFault(FormulaError):
    """A text that is not a formula: line and column from one, what is wrong, what would be accepted."""

    def __init__(self, line: int, column: int, says: str, accepts: str = "") -> None:
        self.line, self.column, self.says, self.accepts = line, column, says, accepts
        super().__init__(f"第{line}行第{column}列：{says}" + (f"。可以写：{accepts}" if accepts else ""))


def _kind(part: ast.AST) -> ast.AST:
    return part.op if isinstance(part, ast.UnaryOp) else part


def refusal(part: ast.AST) -> str:
    """What is not allowed about a part."""
    return NOT_ALLOWED.get(type(_kind(part)), (f"公式里不能有这种写法（{type(_kind(part)).__name__}）", ""))[0]


def hint(part: ast.AST) -> str:
    """What to write instead."""
    return NOT_ALLOWED.get(type(_kind(part)), ("", "四则运算、比较、when、least、greatest、表[键]"))[1]


def unreadable(fault: SyntaxError, text: str) -> TextFault:
    """A text that Python cannot take apart."""
    lines = text.splitlines() or [""]
    line = min(max(fault.lineno or 1, 1), len(lines))
    column = max(fault.offset or 1, 1)
    here = lines[line - 1]
    strange = [place for place, sign in enumerate(here, 1) if sign in FULL_WIDTH]
    if strange:
        return TextFault(line, strange[0], f"用了全角符号“{here[strange[0] - 1]}”", "半角的 , ( ) : + - * / \" 等")
    if isinstance(fault, IndentationError):
        return TextFault(line, column, "缩进不对", "def 以下各行都缩进四个空格")
    words = {"was never closed": "括号没有配对", "unmatched": "括号没有配对", "unterminated string": "引号没有配对", "expected ':'": "缺少冒号"}
    says = next((say for word, say in words.items() if word in (fault.msg or "")), "写法不完整")
    return TextFault(line, min(column, len(here) + 1), says, "检查括号、引号、冒号、运算符是否齐全")
