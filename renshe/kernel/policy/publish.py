"""The public contract of policies: what each takes and gives, and one evaluation, as JSON."""

import datetime
from typing import Any

from django.utils import timezone

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.explain import CONFIDENCE
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies


def described(policy: Policy) -> dict[str, Any]:
    """A policy's inputs, outputs, articles and dated values."""
    rules = policy.rules_on(timezone.localdate())
    return {
        "policy": policy.name, "title": policy.title, "basis": policy.basis, "digest": policy.digest,
        "inputs": [
            {"name": one.name, "label": one.label, "type": one.unit.key, "unit": one.unit.label,
             "choices": [{"value": value, "label": label} for value, label in one.choices.items()]}
            for one in policy.inputs.values()
        ],
        "outputs": [
            {"name": name, "label": rules[name].label, "type": rules[name].unit.key,
             "unit": rules[name].unit.label, "article": rules[name].article}
            for name in policy.outputs if name in rules
        ],
        "values": [
            {"name": one.name, "label": one.label, "unit": one.unit.label, "article": one.article,
             "document": one.document,
             "values": [
                 {"from": value.since.isoformat(), "value": str(one.unit.write(value.value)),
                  "source": value.source, "confidence": value.confidence,
                  "confidence_label": CONFIDENCE[value.confidence]}
                 for value in one.values
             ]}
            for one in policy.parameters.values()
        ],
    }


def evaluated(request: object, *, place: str) -> dict[str, Any]:
    """`{"policy", "on", "inputs"}` to `{"outputs", "steps", "version", "missing"}`. Raises BadInput."""
    if not isinstance(request, dict):
        raise BadInput("每行应为一个JSON对象：{\"policy\": …, \"on\": …, \"inputs\": {…}}")
    name = request.get("policy")
    if not isinstance(name, str) or name not in policies():
        raise BadInput(f"policy：没有“{str(name)[:40]}”这一政策，可用：{'、'.join(policies())}")
    inputs = request.get("inputs")
    if not isinstance(inputs, dict):
        raise BadInput("inputs：应为JSON对象，键为输入名")
    inputs = dict(inputs)
    place = str(inputs.pop("place", place)) if "place" not in policies()[name].inputs else place
    on = request.get("on")
    if on is None:
        day = timezone.localdate()
    else:
        try:
            day = datetime.date.fromisoformat(str(on))
        except ValueError:
            raise BadInput(f"on：“{str(on)[:40]}”不是日期，应如 2026-11-24") from None
    try:
        found = evaluate(policies()[name], inputs, on=day, place=place, entered=entered(place))
        return {
            "outputs": found.outputs, "steps": [step.as_json() for step in found.steps],
            "version": found.version, "missing": {key: str(fault) for key, fault in found.missing.items()},
            "unmet": [{"name": one.name, "text": one.text, "article": one.article, "then": one.then}
                      for one in found.unmet],
        }
    except (FormulaError, OverflowError, ValueError) as fault:
        if isinstance(fault, BadInput):
            raise
        raise BadInput(f"{policies()[name].title}：输入超出可计算的范围") from None
