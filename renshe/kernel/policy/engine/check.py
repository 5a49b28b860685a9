"""What is wrong with a folder of law, found before anybody is judged by it."""

import datetime
from fractions import Fraction

from renshe.kernel.policy.engine.lines import FRACTIONAL, constant, opened
from renshe.kernel.policy.engine.notation import Formula
from renshe.kernel.policy.engine.policy import Entered, Law, Policy
from renshe.kernel.policy.engine.tree import FormulaError, dated, names
from renshe.kernel.policy.engine.typed import culprit, fits, unit_of
from renshe.kernel.policy.engine.units import BadInput, Bool, Exact, Text, Unit
from renshe.kernel.policy.engine.values import CONFIDENCES, DatedValue, is_source
from renshe.kernel.policy.engine.write import Writer


def _rule_findings(law: Law) -> list[str]:
    findings = []
    writer = Writer(law)
    for name, declared in law.policy.inputs.items():
        writer.known[name] = opened(name, False) if declared.many else constant(_placeholder(declared.unit))
    for name, parameter in law.policy.parameters.items():
        writer.known[name] = constant(_placeholder(parameter.unit))
    for name, tree in law.trees.items():
        if name in law.missing:  # a table it needs was not in force yet: it is looked at on a later day
            continue
        rule = law.rules[name]
        if not rule.article:
            findings.append(f"规则 {name} 没有写依据条款")
        try:
            unit = unit_of(law, tree)
            if unit is not None and not fits(unit, rule.unit):
                findings.append(f"规则 {name} 声明单位为{rule.unit.label}，公式得出{unit.label}")
        except FormulaError as fault:
            where = rule.formula.place(culprit(law, tree)) if isinstance(rule.formula, Formula) else ""
            findings.append(f"规则 {name}：{where}{fault}")
            writer.known[name] = opened(name, False) if law.is_list(name) else constant(_placeholder(rule.unit))
            continue
        pair = writer.expression(tree)
        if rule.rounding and not law.is_list(name):
            pair = writer.rounded(pair, rule.rounding)
        elif rule.unit.key not in FRACTIONAL and pair.bottom != 1:
            findings.append(f"规则 {name} 的结果不一定是整数{rule.unit.label}，须声明取整方式")
        writer.known[name] = pair
    return findings


def _input_findings(policy: Policy) -> list[str]:
    findings = []
    rules = {rule.name: rule for rule in policy.rules}
    for name, declared in policy.inputs.items():
        if name in rules and rules[name].unit.key != declared.unit.key:
            findings.append(f"输入 {name} 与同名规则单位不同")
        if name in policy.parameters or name in policy.tables:
            findings.append(f"输入 {name} 与政策值或表同名")
    if policy.dated_by and (
        policy.dated_by not in policy.inputs or policy.inputs[policy.dated_by].unit.key not in ("day", "month", "count")
    ):
        findings.append(f"dated_by 须是日期、月份或年份的输入，不是 {policy.dated_by}")
    return findings


def _value_findings(policy: Policy) -> list[str]:
    findings = []
    for parameter in policy.parameters.values():
        if not parameter.article:
            findings.append(f"政策值 {parameter.name} 没有写依据条款")
        if not parameter.values and not parameter.document:
            findings.append(f"政策值 {parameter.name} 没有值，也没有说明应取得的文件")
        for value in parameter.values:
            if not value.source or value.confidence not in CONFIDENCES:
                findings.append(f"政策值 {parameter.name} 自{value.since}起的值没有来源或把握程度")
            elif value.confidence != "entered" and not is_source(value.source):
                findings.append(f"政策值 {parameter.name} 自{value.since}起的来源应写文件的名称（把握程度写 confidence，说明写 note）：{value.source}")
    for versions in policy.tables.values():
        for table in versions:
            if not table.article or not table.source or table.confidence not in CONFIDENCES:
                findings.append(f"表 {table.name} 自{table.since}起的一版没有依据条款、来源或把握程度")
            elif not is_source(table.source):
                findings.append(f"表 {table.name} 自{table.since}起的来源应写文件的名称：{table.source}")
    return findings


def check(policy: Policy, on: datetime.date) -> list[str]:
    """Everything wrong with a policy as it stands on a day; empty when it may be used. Formulas of every date count."""
    findings = [*_value_findings(policy), *_input_findings(policy)]
    used: set[str] = set()
    for day in sorted({on, *(rule.since for rule in policy.rules if rule.since > datetime.date.min)}):
        try:
            law = policy.law(day, "", _filler(policy))
        except (FormulaError, BadInput) as fault:
            return [*findings, str(fault)]
        findings += _rule_findings(law)
        used = used.union(*(names(tree) | dated(tree) for tree in law.trees.values()))
        used |= {name for name, rule in law.rules.items() if rule.is_condition}
    known = {rule.name for rule in policy.rules}
    for name in (*policy.inputs, *policy.parameters, *policy.tables, *sorted(known)):
        if name not in used | {*policy.outputs, policy.dated_by}:
            findings.append(f"{name} 没有用到")
    findings += [f"输出 {name} 没有对应的规则" for name in policy.outputs if name not in known]
    for number, case in enumerate(policy.cases, 1):
        if not case.get("article"):
            findings.append(f"第{number}个算例没有写所证明的条款")
    if not policy.cases:
        findings.append("没有算例")
    return list(dict.fromkeys(findings))


def faults(policy: Policy, on: datetime.date, place: str) -> list[str]:
    """What is wrong with the formulas in force on a day in a place: names, circles, units, rounding. For drafts, in which
    something may well be no longer used."""
    law = policy.law(on, place, _filler(policy))
    return _rule_findings(law)


def _filler(policy: Policy) -> Entered:
    """A value for everything the law sets: units are looked at, not amounts."""
    return tuple(
        (name, DatedValue(_placeholder(parameter.unit), datetime.date.min, None, "核查", "high"))
        for name, parameter in policy.parameters.items()
    )


def _placeholder(unit: Unit) -> Exact:
    if unit is Bool:
        return True
    return "x" if unit is Text else Fraction(1) if unit.key in FRACTIONAL else 1
