"""The public contract of policies: what each takes and gives, and one evaluation, as JSON."""

import datetime
import json
from collections.abc import Callable
from typing import Any, NoReturn

from django.utils import timezone

from renshe.kernel.policy.engine.evaluate import Entered, evaluate, written
from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.places import code
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.rounding import rounding_words
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.engine.values import DatedTable, Parameter
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies


def described(policy: Policy) -> dict[str, Any]:
    """A policy's inputs, outputs, articles and dated values.

    `columns` says whether it can be run over the whole city at once; with list inputs it is judged one by one.
    """
    rules = {rule.name: rule for rule in sorted(policy.rules, key=lambda rule: rule.since)}
    return {
        "policy": policy.name, "title": policy.title, "topic": policy.topic, "basis": policy.basis, "digest": policy.digest,
        "dated_by": policy.dated_by, "inputs": [_input(one) for one in policy.inputs.values()],
        "outputs": [
            {"name": policy.called(name), "label": rules[name].label, "type": rules[name].unit.key,
             "unit": rules[name].unit.label, "article": rules[name].article,
             "choices": [{"value": value, "label": label} for value, label in rules[name].choices.items()]}
            for name in policy.outputs
        ],
        "rules": [
            {"name": one.name, "label": one.label, "article": one.article,
             "rounding": rounding_words(one.rounding, one.unit.key),
             "since": one.since.isoformat() if one.since.year > 1 else ""}
            for one in policy.rules
        ],
        "columns": not any(one.many for one in policy.inputs.values()),
        "values": [_parameter(one) for one in policy.parameters.values()],
        "tables": [_table(one) for versions in policy.tables.values() for one in versions],
    }


def _input(one: Input) -> dict[str, Any]:
    default = None if one.default is None else written(one.unit, one.default)
    return {
        "name": one.name, "label": one.label, "type": one.unit.key, "unit": one.unit.label, "list": one.many,
        "accepts": one.accepts, "default": default, "grows": one.grows,
        "choices": [{"value": value, "label": label} for value, label in one.choices.items()],
        "fields": [_input(field) for field in one.fields.values()],
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "type": one.unit.key, "unit": one.unit.label, "article": one.article,
        "document": one.document, "scope": one.scope,
        "values": [
            {"from": value.since.isoformat(), "until": value.until.isoformat() if value.until else None,
             "value": str(one.unit.write(value.value)), "place": value.place, "source": value.source,
             "confidence": value.confidence, "confidence_label": value.certainty, "note": value.note,
             "unread": value.unread}
            for value in one.values
        ],
    }


def _table(one: DatedTable) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "type": one.unit.key, "unit": one.unit.label, "article": one.article,
        "from": one.since.isoformat(), "place": one.place, "source": one.source, "confidence": one.confidence,
        "confidence_label": one.certainty, "note": one.note, "unread": one.unread,
        "rows": {str(key): one.unit.write(value) for key, value in one.rows.items()},
    }


def parsed(text: str | bytes) -> object:
    """JSON as exact values: a number with a point becomes its own text, never a binary float. Raises BadInput."""
    try:
        return json.loads(text, parse_float=str, parse_constant=_not_a_number)
    except json.JSONDecodeError as fault:
        raise BadInput(f"不是合法的JSON：{fault.msg}（第{fault.colno}列）") from None
    except UnicodeDecodeError:
        raise BadInput("不是UTF-8编码的文本") from None
    except RecursionError:
        raise BadInput("JSON嵌套过深") from None
    except ValueError as fault:  # an integer of thousands of digits
        raise fault if isinstance(fault, BadInput) else BadInput("JSON中有过长的数字") from None


def _not_a_number(text: str) -> NoReturn:
    raise BadInput(f"JSON中不能有{text}")


def problem(request: object, fault: BadInput) -> dict[str, Any]:
    """A refusal as the public contract carries it: what is wrong, of which field, by which rule, what is accepted."""
    found: dict[str, Any] = {"error": str(fault)}
    if fault.field:
        found["field"] = fault.field
        found["accepts"] = fault.accepts
        name = request.get("policy") if isinstance(request, dict) else None
        if isinstance(name, str) and name in policies():
            users = [rule for rule in policies()[name].rules if fault.field in rule.arguments]
            found["rules"] = [{"name": rule.name, "label": rule.label, "article": rule.article} for rule in users]
            if users:
                found["error"] += f"（用于{users[0].label}，依据：{users[0].article}）"
    return found


def evaluated(
    request: object, *, place: str, confirmed: Callable[[str], Entered] = entered
) -> dict[str, Any]:
    """`{"policy", "on", "inputs"}` to `{"outputs", "steps", "version", "missing"}`. Raises BadInput.

    `confirmed` tells the values that officers entered for a place.
    """
    if not isinstance(request, dict):
        raise BadInput("每行应为一个JSON对象：{\"policy\": …, \"on\": …, \"inputs\": {…}}")
    name = request.get("policy")
    if not isinstance(name, str) or name not in policies():
        known = "、".join(policies())
        raise BadInput(f"policy：没有“{str(name)[:40]}”这一政策，可用：{known}", field="policy", accepts=known)
    inputs = request.get("inputs")
    if not isinstance(inputs, dict):
        raise BadInput("inputs：应为JSON对象，键为输入名", field="inputs", accepts="JSON对象，键为输入名")
    inputs = dict(inputs)
    place = code(str(inputs.pop("place", place)))
    on = request.get("on")
    if on is None:
        day = timezone.localdate()
    else:
        try:
            day = datetime.date.fromisoformat(str(on))
        except ValueError:
            raise BadInput(f"on：“{str(on)[:40]}”不是日期，应如 2026-11-24", field="on", accepts="日期，如 2026-11-24") from None
    try:
        found = evaluate(policies()[name], inputs, on=day, place=place, entered=confirmed(place))
        return {
            "outputs": found.outputs, "steps": [step.as_json() for step in found.steps],
            "version": found.version, "missing": {key: str(fault) for key, fault in found.missing.items()},
            "unmet": [one.as_json() for one in found.unmet],
        }
    except (FormulaError, OverflowError, ValueError) as fault:
        if isinstance(fault, BadInput):
            raise
        raise BadInput(f"{policies()[name].title}：输入超出可计算的范围") from None
