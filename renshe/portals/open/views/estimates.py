"""Anybody may check an estimate on paper: its code holds the figures, and the policy reckons them again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.policy.registry import policies
from renshe.portals import estimates


@requires(Permission.OPEN)
@reads
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Genuine or not; the inputs and the figures as printed; whether today's law still gives them."""
    text = request.GET.get("c", "")
    one = estimates.read(text) if text else None
    shown: dict[str, object] = {"one": one, "forged": bool(text) and one is None}
    if one and one.policy in policies():
        policy = policies()[one.policy]
        shown |= {
            "policy": policy, "same": estimates.same_law(one),
            "inputs": [(policy.inputs[name].label, _said(policy.inputs[name], value)) for name, value in one.inputs.items() if name in policy.inputs],
            "outputs": [(rule.label, rule.unit.show(rule.unit.read(one.outputs[rule.name]))) for rule in policy.rules if rule.name in one.outputs],
        }
    return render(request, "open/estimate.html", shown, status=404 if shown["forged"] else 200)


def _said(declared: object, value: object) -> str:
    exact = declared.read(value)  # type: ignore[attr-defined]
    return str(declared.choices.get(exact) or declared.unit.show(exact))  # type: ignore[attr-defined]
