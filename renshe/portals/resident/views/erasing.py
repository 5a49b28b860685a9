"""I ask to have something deleted: what may go, what a law keeps and which."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from renshe.apps.rights import queries
from renshe.apps.rights.actions import erasures
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy.queries import restrictions_of
from renshe.portals.resident.doorway import once, own


@requires(Permission.OWN_RECORD)
def ask(request: HttpRequest) -> HttpResponse:
    """Each piece that is held, whether it may be deleted, and why; what is stored only already."""
    person = own(request)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            case = erasures.ask(
                person, items=request.POST.getlist("items"), reason=request.POST.get("reason", ""),
                actor=request.actor, channel=Channel.FORM, key=once(request),  # type: ignore[attr-defined]
            )
            return redirect("resident:request", case.number)
        except Refused as fault:
            reasons = fault.reasons
    held = queries.erasable_of(person)
    return render(request, "resident/erasure.html", {
        "may": [pair for pair in held if pair[0].erase], "kept": [pair for pair in held if not pair[0].erase],
        "stored_only": {one.item for one in restrictions_of(person.pk)}, "reasons": reasons, "given": request.POST,
        "chosen": request.POST.getlist("items"), "once": request.POST.get("once") or get_random_string(24),
    }, status=422 if reasons else 200)
