"""I ask to have something put right: choose it among what the register says, write what is right, add a photograph."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from renshe.apps.rights import queries
from renshe.apps.rights.actions import corrections
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import evidence
from renshe.kernel.cases.corrections import correctables
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Reason, Refused
from renshe.portals.resident.doorway import once, own
from renshe.portals.uploads import received


@requires(Permission.OWN_RECORD)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """What the register says that one may ask to have put right."""
    text = request.GET.get("q", "").strip()
    found = [
        (one, [held for held in rows if not text or text in held.label or text in held.value])
        for one, rows in queries.correctable_of(own(request))
    ]
    return render(request, "resident/corrections.html", {"found": found, "q": text})


@requires(Permission.OWN_RECORD)
def ask(request: HttpRequest, field: str) -> HttpResponse:
    """One value: what is registered, what it should be, why, and the proof."""
    person, chosen = own(request), correctables().get(field)
    ref = (request.POST or request.GET).get("ref", "").strip()
    if chosen is None:
        raise Http404("没有这一项")
    try:
        held = queries.held_now(person, field, "" if chosen.asks else ref)
    except LookupError as fault:
        raise Http404(str(fault.args[0])) from None
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            case = corrections.ask(
                person, field=field, ref=ref, right=request.POST.get("right", ""), reason=request.POST.get("reason", ""),
                uploads=received(request), actor=request.actor, channel=Channel.FORM,  # type: ignore[attr-defined]
                key=once(request),
            )
            return redirect("resident:request", case.number)
        except Refused as fault:
            reasons = fault.reasons
    return render(request, "resident/correction.html", {
        "chosen": chosen, "held": held, "ref": ref, "reasons": reasons, "given": request.POST, "options": chosen.options(),
        "once": request.POST.get("once") or get_random_string(24), "most": evidence.MOST,
        "largest": evidence.LARGEST // 1024 // 1024, "faults": {reason.field: reason.text for reason in reasons},
    }, status=422 if reasons else 200)
