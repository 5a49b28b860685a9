"""What is held by my consent alone: since when, for what; withdrawn by one press."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from renshe.apps.rights import queries
from renshe.apps.rights.actions import consents
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals.resident.doorway import once, own


@requires(Permission.OWN_RECORD)
def page(request: HttpRequest) -> HttpResponse:
    """Each consent with its purpose and its day; a POST withdraws one and leads to its receipt."""
    person = own(request)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            case = consents.withdraw(
                person, item=request.POST.get("item", ""), actor=request.actor, channel=Channel.FORM, key=once(request),  # type: ignore[attr-defined]
            )
            return redirect("resident:request", case.number)
        except Refused as fault:
            reasons = fault.reasons
    return render(request, "resident/consents.html", {
        "consents": queries.consents_of(person), "reasons": reasons, "once": get_random_string(24),
    }, status=422 if reasons else 200)
