"""The law by program: list, describe, evaluate. Open to everybody."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.publish import described, evaluated, parsed, problem
from renshe.kernel.policy.registry import policies
from renshe.portals.open.api.door import PROBLEMS

router = Router(tags=["政策"], auth=None)
PLACE = "330800"
MOST = 64 * 1024


class Evaluated(Schema):
    """Outputs with their steps, the policy's version, and what is missing or unmet."""

    outputs: dict[str, Any]
    steps: list[dict[str, Any]]
    version: str
    missing: dict[str, str]
    unmet: list[dict[str, str]]


@router.get("", response={200: list[dict[str, Any]]}, summary="所有政策")
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """Every policy with inputs, outputs, articles and values."""
    return [described(one) for one in policies().values()]


LINE = {"requestBody": {"required": True, "content": {"application/json": {"schema": {
    "type": "object", "required": ["policy", "inputs"],
    "properties": {
        "policy": {"type": "string"}, "on": {"type": "string", "format": "date"}, "inputs": {"type": "object"},
    },
}}}}}


@router.post("/evaluate", response={200: Evaluated, **PROBLEMS}, openapi_extra=LINE, summary="测算（与命令行逐行格式相同）")
def evaluate_line(request: HttpRequest) -> dict[str, Any]:
    """One line of `renshe policy evaluate`: `{"policy", "on", "inputs"}`."""
    return _evaluated(_body(request))


@router.get("/{name}", response={200: dict[str, Any], **PROBLEMS}, summary="一项政策")
def one(request: HttpRequest, name: str) -> dict[str, Any]:
    """One policy."""
    if name not in policies():
        raise Http404("没有这一政策")
    return described(policies()[name])


BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {
    "type": "object", "required": ["inputs"],
    "properties": {"on": {"type": "string", "format": "date"}, "inputs": {"type": "object"}},
}}}}}


@router.post("/{name}/evaluate", response={200: Evaluated, **PROBLEMS}, openapi_extra=BODY, summary="测算")
def evaluate(request: HttpRequest, name: str) -> dict[str, Any]:
    """Evaluate a policy: `{"on", "inputs"}`."""
    if name not in policies():
        raise Http404("没有这一政策")
    return _evaluated({**_body(request), "policy": name})


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MOST:
        raise HttpError(413, "请求体超过64KB")
    try:
        raw = parsed(request.body)
    except BadInput as fault:
        raise HttpError(400, f"请求体{fault}") from None
    if not isinstance(raw, dict):
        raise HttpError(400, "请求体应为一个JSON对象")
    return raw


def _evaluated(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return evaluated(request, place=PLACE)
    except BadInput as fault:
        found = problem(request, fault)
        rules = found.get("rules") or [{"article": ""}]
        accepts = f"可填：{fault.accepts}" if fault.accepts else ""
        raise Refused(
            Reason("bad_input", found["error"], article=rules[0]["article"], then=accepts, field=fault.field or "inputs")
        ) from None
