"""A formula as text is the same tree as in formula.py, or a refusal with its place: it never runs and never hangs."""

import ast
import builtins
import dataclasses
import datetime
import importlib.util
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine import notation
from renshe.kernel.policy.engine.calls import CALLS
from renshe.kernel.policy.engine.cases import answered, compared
from renshe.kernel.policy.engine.draft import (
    Change,
    DraftError,
    change,
    drafted,
    formula_lines,
    labels,
    reach,
    table_rows,
)
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.notation import formula_text, read
from renshe.kernel.policy.engine.policy import Policy, _tree
from renshe.kernel.policy.engine.refusals import TextFault
from renshe.kernel.policy.engine.tree import Element, FormulaError, Node
from renshe.kernel.policy.engine.uses import joined
from renshe.kernel.policy.registry import folders, policies

PLACE, NEXT = "330800", datetime.date(2027, 1, 1)
RULES = [(one, rule) for one in policies().values() for rule in one.rules]
UNTYPED = {"reason", "fault"}  # the check of identity numbers: a function over letters, which no draft writes


def alike(one: object, other: object, elements: dict[int, int]) -> bool:
    """Whether two trees are the same, part by part."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Element):
        elements.setdefault(id(one), id(other))
        return elements[id(one)] == id(other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(alike(left, right, elements) for left, right in zip(one, other, strict=True))
    if not isinstance(one, Node):
        return one == other
    return all(alike(getattr(one, field.name), getattr(other, field.name), elements) for field in dataclasses.fields(one))


def test_every_formula_of_the_law_reads_as_it_runs():
    """The text of each formula, read, is the tree that the function itself makes."""
    apart = []
    for policy, rule in RULES:
        if "applied(" in formula_text(rule):
            continue
        formula = read(formula_text(rule), rule, labels(policy))
        found = _tree(policy, dataclasses.replace(rule, formula=formula, arguments=formula.arguments))
        if not alike(found, _tree(policy, rule), {}):
            apart.append(f"{policy.name}.{rule.name}")
    assert apart == []
    assert sum("applied(" not in formula_text(rule) for _, rule in RULES) >= len(RULES) - 2


def of_base(body: str, arguments: str = "wage, base_floor, base_cap") -> str:
    return f"def base({arguments}):\n    {body}\n"


def refused(text: str, name: str = "contribution", rule: str = "base") -> DraftError:
    with pytest.raises(DraftError) as fault:
        drafted(folders(), name, [Change("formula", rule, text=text)], PLACE, NEXT)
    return fault.value


@pytest.mark.parametrize(("text", "line", "column", "says", "accepts"), [
    (of_base("return wage * 0.9"), 2, 19, "小数", 'Fraction("0.9")'),
    (of_base("return wage if wage > 1 else 2"), 2, 12, "if", "when("),
    (of_base("return wage and base_cap"), 2, 12, "and", "&"),
    (of_base("return not wage"), 2, 12, "not", "~"),
    (of_base("return when(1 < wage < 3, 1, 2)"), 2, 17, "连写", "&"),
    (of_base("return wage ** 9"), 2, 12, "乘方", "连乘"),
    (of_base("return -wage"), 2, 12, "负号", "0 - "),
    (of_base("return wage.real"), 2, 12, "点号", "in_year"),
    (of_base("return wage.in_year(2026)"), 2, 12, "政策值", "in_year"),
    (of_base("return wages"), 2, 12, "不认识的名称“wages”", "wage（"),
    (of_base("return wage", "wages"), 1, 10, "没有“wages”", "wage（"),
    (of_base("return base_floor", "wage"), 2, 12, "没有写进公式的参数", "第1行"),
    (of_base("return eval('1')"), 2, 12, "不能调用“eval”", "when"),
    (of_base("return wage * __builtins__"), 2, 19, "__builtins__", ""),
    (of_base("return (lambda: 1)()"), 2, 12, "引擎的函数", "when"),
    (of_base("return wage.__class__.__mro__"), 2, 12, "点号", ""),
    (of_base("return [wage for wage in base_cap]"), 2, 12, "for", "each("),
    (of_base("return f'{wage}'"), 2, 12, "拼文字", ""),
    (of_base("return '%s' % wage"), 2, 12, "比较是否相同", ""),
    (of_base("return wage * 10000000000000000"), 2, 19, "数太大", ""),
    (of_base("return 1 / 3 * wage"), 2, 12, "不精确", "Fraction(1, 3)"),
    (of_base("return Fraction(1, 0) * wage"), 2, 12, "分数", ""),
    (of_base("return wage + 1 // (3 - 3)"), 2, 19, "除数是零", ""),
    (of_base("for one in wage: pass"), 2, 5, "循环", "total"),
    (of_base("import os"), 2, 5, "引入", ""),
    (of_base("wage += 1"), 2, 5, "+=", ""),
    (of_base("wage = 1\n    return wage"), 2, 5, "是参数", ""),
    (of_base("return"), 2, 5, "写明结果", "return"),
    (of_base("甲 = wage"), 1, 1, "没有结果", "return"),
    (of_base("return when(wage > 1, 2)"), 2, 12, "when 要3项", "when(条件"),
    (of_base("return total(wage, lambda one: one)"), 0, 0, "须针对列表", ""),
    (of_base("return rounded(wage, 'near')"), 2, 12, "取整方式", "") ,
    (of_base("return wage * wage"), 2, 12, "不能相乘", ""),
    (of_base("return wage + 甲"), 2, 19, "甲", ""),
    (of_base("return wage", "wage=1"), 1, 1, "默认值", ""),
    (of_base("return wage", "*wage"), 1, 1, "默认值", ""),
    ("def base(wage)：\n    return wage", 1, 15, "全角", "半角"),
    ("def base(wage):\n    return (wage", 2, 12, "配对", ""),
    ("def base(wage):\nreturn wage", 2, 1, "缩进", "四个空格"),
    ("def other(wage):\n    return wage", 1, 5, "不能改为", "def base"),
    ("@rule\ndef base(wage):\n    return wage", 2, 1, "@", ""),
    ("wage", 1, 1, "恰好是一个公式", "def base"),
    ("", 1, 1, "恰好是一个公式", "def base"),
    ("x" * 5000, 1, 1, "最多4000个", ""),
    (of_base("return wage * Fraction('0.9')"), 0, 0, "取整方式", ""),
    ("def base(pension_person):\n    return pension_person", 0, 0, "成环", ""),
])
def test_a_refusal_says_where_what_and_what_instead(text, line, column, says, accepts):
    fault = refused(text)
    assert says in str(fault) and accepts in fault.accepts
    if line and fault.line:
        assert (fault.line, fault.column) == (line, column)
    elif line:
        assert f"第{line}行第{column}列" in str(fault)


HOSTILE = [
    "(" * 1900 + "wage" + ")" * 1900, "~" * 3900 + "wage", "-" * 3900 + "1", "wage" + "+wage" * 700, "wage" + "*wage" * 700,
    "not " * 900 + "wage", "lambda: " * 480 + "wage", "wage" + ".real" * 780, "wage" + "[0]" * 1200, "9" * 3900, "0x" + "f" * 3900,
    "9**9**9**9", "'x' * 999999999999", "wage * '" + "x" * 3000 + "'", "\"\\ud800\" == wage", "wage" + "()" * 1900, "[" * 3900, "{" * 90, "f'{" * 150,
    "when(" * 700 + "1", "wage\x00", "\ud800", "#" * 3900, "when(wage > 1, " * 250 + "1" + ", 2)" * 250,
    "wage if " * 480 + "1", "1" + " if 1 else 1" * 300, "wage; " * 600,
    "\n    ".join(["a = wage + base_floor", *["a = a + a"] * 250, "return a"]),
    "\n    ".join(["a = wage + base_floor", *["a = when(a > base_cap, a, a + a)"] * 90, "return a"]),
    "\n    ".join([f"def f{n}(x): return " + (f"f{n - 1}(x) + f{n - 1}(x)" if n else "x + x") for n in range(80)] + ["return f79(wage)"]),
    "def f(x): return f(x)\n    return f(wage)", "def f(x): return g(x)\n    def g(x): return f(x)\n    return g(wage)",
    "\n    ".join(["f = lambda x: x + x", *["f = lambda x: f(x)"] * 100, "return f(wage)"]),
    "return __import__('os').system('touch /tmp/renshe-was-here')", "return open('/etc/passwd').read()", "return exec('raise SystemExit')",
    "return (lambda: [*().__class__.__base__.__subclasses__()])()", "return getattr(wage, '__init__')", "return wage.in_year.__globals__",
    "return base_cap.in_year(wage.__class__)", "return breakpoint()", "global wage; return wage", "yield wage", "await wage", "raise SystemExit",
    "return ( yield wage )", "return (wage := 1)", "del wage", "assert False", "with wage: pass", "try: pass\n    except: pass", "class A: pass",
    "return when.__globals__", "return least.__code__", "return rounded(wage, wage)", "return each", "return total(lambda: 1, lambda: 1)",
    "return Fraction('1e999999999')", "return Fraction(10**999, 3)", "return Fraction(True, True)", "return applied('x', eval, wage)",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_refused_at_once(body):
    text = of_base(body if "return" in body or body.startswith("a = ") else f"return {body}")
    begin = time.process_time()
    fault = refused(text)
    assert str(fault) and time.process_time() - begin < 60  # seconds of work: what is not bounded takes years
    assert not Path("/tmp/renshe-was-here").exists()


@pytest.mark.parametrize(("name", "rule", "text", "says"), [
    ("account_interest", "closing_balance", "running(balance, years, lambda held, year: held * held)", "无限增大"),
    ("account_interest", "closing_balance", "running(balance, years, lambda held, year: 1 / held)", "无限增大"),
    ("account_interest", "closing_balance", "running(balance, years, lambda held, year: running(held, rows, lambda all, row: all * held))", "无限增大"),
    ("account_interest", "credited", "total(rows, lambda a: total(rows, lambda b: total(rows, lambda c: 1)))", "最多套2层"),
    ("account_interest", "credited", "total(rows, lambda a: total(rows, lambda b: " + " + ".join(["a['base'] // 3"] * 50) + "))", "工作量太大"),
])
def test_what_grows_without_end_is_refused(name, rule, text, says):
    arguments = "balance, years, rows" if rule == "closing_balance" else "rows"
    assert says in str(refused(f"def {rule}({arguments}):\n    return {text}\n", name, rule))


def test_numbers_cannot_grow_from_rule_to_rule():
    """Each rule multiplies the one before nineteen times with itself: after a few no memory would hold the number."""
    changes, before = [], "wage"
    for name in ("pension_unit", "pension_person", "unemployment_unit"):
        text = f"def {name}({before}):\n    return {before} * " + " * ".join([f"({before} // {before})"] * 18) + "\n"
        changes.append(Change("formula", name, text=text))
        before = name
    drafted(folders(), "contribution", changes[:2], PLACE, NEXT)
    with pytest.raises(DraftError, match="大得无法计算"):
        drafted(folders(), "contribution", changes, PLACE, NEXT)


NAMES = ("wage", "base_floor", "base_cap", "payer", "pension_rate_person", "rows", "甲")
TOKENS = [*NAMES, *CALLS, "Fraction", "return", "lambda", "if", "else", "and", "not", "in", "==", "<", "+", "-", "*", "/", "//", "%", "**", "&", "|", "~",
          "(", ")", "[", "]", ",", ":", "=", ".", ".in_year", "1", "0", "2026", "0.5", "'half_up'", "\n    ", "\n", "@", "__class__", "{", "}", "#", "eval", "，"]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(TOKENS), max_size=40).map(" ".join).map(lambda body: of_base(f"return {body}")),
    st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join), st.binary(max_size=80).map(lambda raw: of_base(f"return {raw.decode('latin-1')}")),
))
def test_any_text_is_a_tree_or_a_refusal(text):
    _, rule = next(pair for pair in RULES if pair[1].name == "base")
    try:
        found = _tree(policies()["contribution"], _with(rule, text))
    except FormulaError as fault:
        assert isinstance(fault, TextFault) and fault.line >= 1 and fault.column >= 1 and fault.says
    else:
        assert isinstance(found, Node)


def _with(rule, text):
    formula = read(text, rule, labels(policies()["contribution"]))
    return dataclasses.replace(rule, formula=formula, arguments=formula.arguments)


terms = st.recursive(
    st.sampled_from(["wage", "base_floor", "base_cap", "100", "3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda one: f"({one[0]} {one[1]} {one[2]})"),
        st.tuples(inner, inner).map(lambda one: f"least({one[0]}, {one[1]})"), st.tuples(inner, inner).map(lambda one: f"greatest({one[0]}, {one[1]})"),
        st.tuples(inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner, inner).map(lambda one: f"when({one[0]} {one[1]} {one[2]}, {one[3]}, {one[4]})"),
        st.tuples(inner, st.integers(1, 99)).map(lambda one: f"({one[0]} * {one[1]} // 100)"),
        st.tuples(inner, st.integers(1, 99)).map(lambda one: f"rounded({one[0]} * Fraction({one[1]}, 100), \"half_up\")"),
    ), max_leaves=12,
)


def edited(name: str, text: str) -> Policy:
    """The policy with its folder's formula.py edited, and run as formula.py is."""
    near = {one: folders()[one] for one in reach(folders(), "contribution")}
    source = near["contribution"]
    rule = next(rule for rule in source.rules if rule.name == name)
    lines = Path(importlib.util.find_spec(rule.formula.__module__).origin).read_text(encoding="utf-8")
    changed = lines.replace(formula_text(rule).rstrip("\n"), text.rstrip("\n"), 1)
    assert text.rstrip("\n") in changed
    scope: dict[str, object] = {"__name__": "edited", "Fraction": Fraction, "rounded": CALLS["rounded"].function}
    exec(compile(changed, "formula.py", "exec"), scope)
    return joined({**near, "contribution": dataclasses.replace(source, rules=scope["RULES"], _shelves={})})["contribution"]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(terms, st.integers(0, 6_000_000))
def test_a_draft_says_what_the_edited_folder_says(term, wage):
    """Whatever is written: every worked case and any wage come out as with formula.py edited to the same text."""
    text = of_base(f"return {term}", "wage, base_floor, base_cap")
    try:
        draft = drafted(folders(), "contribution", [Change("formula", "base", text=text)], PLACE, NEXT).policy
    except DraftError as fault:
        assert "单位" in str(fault) or "超出" in str(fault) or "取整" in str(fault), fault
        return
    real = edited("base", text)
    for on in (NEXT, datetime.date(2027, 12, 31)):
        inputs = {"wage": f"{wage // 100}.{wage % 100:02d}", "base_floor": "4986", "base_cap": "25299"}
        assert evaluate(draft, inputs, on=on, place=PLACE).outputs == evaluate(real, inputs, on=on, place=PLACE).outputs
    assert draft.rules_on(NEXT)["base"].since == NEXT
    always = drafted(folders(), "contribution", [Change("formula", "base", text=text)], PLACE, datetime.date.min).policy
    assert [answered(always, case, PLACE) for case in real.cases] == [answered(real, case, PLACE) for case in real.cases]


def test_the_worked_cases_say_what_a_draft_does_to_known_persons():
    changes = [Change("value", "pension_rate_person", value="0.09")]
    found = compared(
        policies()["contribution"], lambda day: drafted(folders(), "contribution", changes, PLACE, day, is_checked=False), PLACE, lambda place: (),
    )
    first = next(one for one in found if one.name == "工资在上下限之间，按工资缴")
    assert [(one.label, one.before, one.after) for one in first.differences] == [("基本养老保险个人缴费", "520.00元", "585.00元")]
    assert first.inputs[0][1] == "6500" and len(found) == len(policies()["contribution"].cases)


def test_rows_of_a_table_changed_added_and_removed():
    """The payout months of another folder that the pension stands on: checked, cited as a draft, and felt by the pension."""
    old = policies()["employee_pension"].tables["months_at_age"][0]
    rows = {str(key): str(old.unit.write(value)) for key, value in old.rows.items()}
    rows = {key: value for key, value in rows.items() if key != "40"} | {"60": "130", "71": "50"}
    made = drafted(folders(), "employee_pension", [change({"kind": "table", "name": "months_at_age", "rows": rows})], PLACE, NEXT)
    new = made.policy.law(NEXT, PLACE).tables["months_at_age"]
    assert [(one.sign, one.key, one.article) for one in table_rows(old, new) if one.sign != "same"] == [
        ("removed", "40", "草案"), ("changed", "60", "草案"), ("added", "71", "草案")]
    assert new.article.startswith("草案") and old.article in new.article
    inputs = {"retire_age": "60y0m", "account_balance": "130000", "base": "8433", "avg_index": "1", "months": 360}
    assert evaluate(made.policy, inputs, on=NEXT, place=PLACE).outputs["account"] == "1000.00"
    assert evaluate(made.policy, inputs, on=datetime.date(2026, 12, 31), place=PLACE).outputs["account"] == "935.25"
    steps = evaluate(made.policy, inputs, on=NEXT, place=PLACE).steps
    assert any(source.confidence == "草案，尚未施行" for step in steps for source in step.sources)
    assert evaluate(made.policy, inputs, on=NEXT, place="330100").outputs["account"] == "935.25", "a draft for Quzhou is Quzhou's"


@pytest.mark.parametrize(("raw", "field"), [
    ({"kind": "table", "name": "months_at_age", "rows": {}}, "rows"), ({"kind": "table", "name": "months_at_age", "rows": {"六十": "1"}}, "rows.六十"),
    ({"kind": "table", "name": "months_at_age", "rows": {"60": "多"}}, "rows.60"), ({"kind": "table", "name": "nothing", "rows": {"60": "1"}}, "name"),
    ({"kind": "table", "name": "months_at_age", "rows": {str(one): "1" for one in range(401)}}, "rows"),
    ({"kind": "value", "name": "nothing", "value": "1"}, "name"), ({"kind": "value", "name": "rate_per_year", "value": "一"}, "value"),
    ({"kind": "switch", "name": "total", "since": "1999-01-01"}, "since"), ({"kind": "formula", "name": "nothing", "text": ""}, "name"),
    ({"kind": "law", "name": "total"}, "kind"),
])
def test_a_change_that_cannot_be_made_names_its_field(raw, field):
    with pytest.raises(DraftError) as fault:
        drafted(folders(), "employee_pension", [change(raw)], PLACE, NEXT)
    assert fault.value.field == field


def test_side_by_side():
    lines = formula_lines("def a(b):\n    return b\n", "def a(b):\n    c = b\n    return c + 1\n")
    assert [one.sign for one in lines] == ["same", "changed", "added"] or {one.sign for one in lines} == {"same", "changed", "added"}
    assert "\n".join(one.after for one in lines if one.sign != "removed") == "def a(b):\n    c = b\n    return c + 1"


def test_the_reader_asks_python_for_nothing_but_the_text_taken_apart():
    """No exec, eval, compile, getattr with a name from the text, or import in the reader; what runs is the engine's own list."""
    source = ast.parse(Path(notation.__file__).read_text(encoding="utf-8"))
    called = {ast.unparse(one.func) for one in ast.walk(source) if isinstance(one, ast.Call)}
    assert not called & {"exec", "eval", "compile", "__import__", "import_module", "globals", "vars"}
    assert all(one.function.__module__ == "renshe.kernel.policy.engine.tree" for one in CALLS.values())
    assert not set(CALLS) & set(dir(builtins))


def test_a_crash_of_the_interpreter_would_be_seen():
    """The deepest texts once more in a process of their own, without the frames of the test."""
    code = "import sys\nfrom renshe.kernel.policy.engine.notation import read, formula_text\n" \
        "from renshe.apps.insurance.policies.contribution.formula import base\n" \
        "for text in eval(sys.stdin.read()):\n    try:\n        read('def base(wage):\\n    return ' + text, base, {'wage': ''})(1)\n    except TypeError:\n        pass\nprint('sound')"
    deep = [one for one in HOSTILE if "\n" not in one and "\ud800" not in one]
    done = subprocess.run([sys.executable, "-c", code], input=repr(deep), capture_output=True, text=True, check=False)
    assert done.stdout == "sound\n", done.stderr[-500:]
