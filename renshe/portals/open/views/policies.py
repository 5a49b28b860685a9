"""The law in the open: every policy with its values and sources, and a trial calculation with its steps."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies
from renshe.portals import trial

PLACE = "330800"
TOPICS = ("参保缴费", "养老保险", "失业保险", "工伤保险", "就业技能", "劳动工资", "基金监督", "个人信息")


@requires(Permission.OPEN)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Every policy, under the heading where people look for it."""
    text = request.GET.get("q", "").strip()
    found = [one for one in policies().values() if text in one.title + one.basis + one.name + one.topic]
    topics = sorted({one.topic for one in found}, key=lambda topic: (*TOPICS, topic).index(topic))
    groups = [(topic, [one for one in found if one.topic == topic]) for topic in topics]
    return render(request, "open/policies.html", {"groups": groups, "q": text})


@requires(Permission.OPEN)
@reads
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One policy, its rules and values, and a trial when inputs are given."""
    if name not in policies():
        raise Http404("没有这一政策")
    policy = policies()[name]
    words = {key: label for one in policy.inputs.values() for key, label in one.choices.items()}
    page: dict[str, object] = {
        "policy": policy, "rules": policy.rules_on(timezone.localdate()).values(),
        "boxes": trial.boxes(policy, request.GET), "on": request.GET.get("on", ""),
        "values": [
            (parameter, [(value, parameter.unit.show(value.value)) for value in reversed(parameter.values)])
            for parameter in policy.parameters.values()
        ],
        "tables": [
            (versions[-1], [(words.get(str(key), key), versions[-1].unit.show(value)) for key, value in versions[-1].rows.items()])
            for versions in policy.tables.values()
        ],
    }
    if any(value.strip() for key, value in request.GET.items() if key in policy.inputs or key == "on"):
        try:
            day = trial.day(request.GET, timezone.localdate())
            found = evaluate(policy, trial.given(policy, request.GET), on=day, place=PLACE, entered=entered(PLACE))
            steps = found.steps
            page.update(
                steps=steps, answers=sorted(
                    (step for step in steps if step.name in policy.outputs), key=lambda step: policy.outputs.index(step.name)
                ),
                missing=found.missing.values(), unmet=found.unmet, version=found.version,
            )
        except BadInput as fault:
            page["fault"] = str(fault)
    return render(request, "open/policy.html", page, status=422 if "fault" in page else 200)
