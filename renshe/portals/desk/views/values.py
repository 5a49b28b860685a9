"""Values of law nobody knows yet: what to obtain, entry with its document, confirmation by a second officer."""

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy import actions, queries
from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.registry import policies
from renshe.kernel.privacy import retention
from renshe.portals import listing

PLACE = "330800"


@requires(Permission.SET_VALUES)
def listed(request: HttpRequest) -> HttpResponse:
    """Missing and unsure values, the entry form, what was entered."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _do(request)
            return redirect("desk:values")
        except Refused as fault:
            reasons = fault.reasons
        except (EnteredValue.DoesNotExist, ValueError):
            reasons = (Reason("bad_request", "没有这一条录入"),)
    today = timezone.localdate()
    parameters = {name: one.label for policy in policies().values() for name, one in policy.parameters.items()}
    page = {
        "unknown": queries.unknown(today, PLACE), "reasons": reasons, "parameters": parameters.items(),
        "uncertain": [
            (title, parameter, parameter.unit.show(value.value), value)
            for title, parameter, value in queries.uncertain(today, PLACE)
        ],
        "awaited": retention.awaited(), "small": settings.RENSHE_SMALL_CELL,
        **listing.listed(request, queries.entries()), "given": request.POST,
    }
    for row in page["rows"]:  # type: ignore[attr-defined]
        row.label = parameters.get(row.parameter, row.parameter)
    return render(request, "desk/values.html", page, status=422 if reasons else 200)


def _do(request: HttpRequest) -> None:
    actor, deed = request.actor, request.POST.get("deed")  # type: ignore[attr-defined]
    if deed == "confirm":
        if not actor.may(Permission.REVIEW):
            raise Refused(Reason("no_review", "复核须由复核人员办理", article="平台规则：录入与复核分离"))
        actions.confirm(int(request.POST.get("entry", "")), actor=actor)
    elif deed == "withdraw":
        actions.withdraw(int(request.POST.get("entry", "")), actor=actor)
    else:
        try:
            valid_from = datetime.date.fromisoformat(request.POST.get("valid_from", ""))
        except ValueError:
            raise Refused(Reason("bad_date", "请填写起始日", field="valid_from")) from None
        actions.enter(
            parameter=request.POST.get("parameter", ""), place=PLACE, valid_from=valid_from,
            value=request.POST.get("value", "")[:40], document=request.POST.get("document", "")[:200],
            article=request.POST.get("article", "")[:60], actor=actor,
        )
