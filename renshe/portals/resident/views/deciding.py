"""What a program decided about me: have it explained as it stood, and have a human look at it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string

from renshe.apps.rights import queries
from renshe.apps.rights.actions import decisions
from renshe.apps.rights.terms import Request
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import evidence, kinds
from renshe.kernel.cases import queries as cases
from renshe.kernel.cases.corrections import correctables
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy.engine.units import BadInput
from renshe.portals import listing
from renshe.portals.resident import benefits, explained, facts
from renshe.portals.resident.doorway import once, own
from renshe.portals.uploads import received

ABOUT = ("enrolment_since", "enrolment_until", "wage")


@requires(Permission.OWN_RECORD)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Everything a program decided about me: benefits it judged, declarations it settled; what humans found of them since."""
    person = own(request)
    life = facts.life(person, "", timezone.localdate())
    known, found = facts.known(person, life), queries.findings(person.pk)
    judged = [benefits.standing(one, life, known, {}) for one in benefits.benefits().values()]
    settled = listing.listed(request, explained.settled_by_rule(cases.of_person(person.pk)))
    for case in settled["rows"]:
        case.label, case.finding = kinds.kind(case.kind).label, found.get(f"case:{case.number}")
    return render(request, "resident/decisions.html", {
        **settled, "judged": [(one, explained.SAYS[one.state], found.get(f"benefit:{one.law.name}")) for one in judged if one.state != benefits.OPEN],
    })


@requires(Permission.OWN_RECORD)
def explain(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """The explanation before one asks, and after a POST: frozen, with a number and a receipt."""
    person = own(request)
    answers = {key: text for key, text in (request.POST or request.GET).items() if key not in ("csrfmiddlewaretoken", "once", "q")}
    try:
        found = explained.decision(person, kind, name, answers)
    except BadInput as fault:
        raise Http404(str(fault)) from None
    if request.method == "POST":
        case = decisions.explain(
            person, found, actor=request.actor, channel=Channel.FORM, key=once(request),  # type: ignore[attr-defined]
        )
        return redirect("resident:request", case.number)
    return render(request, "resident/decision.html", {
        "case": cases.of_person(person.pk).filter(number=name).first() if kind == "case" else None, "decision": found, "answers": answers, "once": get_random_string(24), "finding": queries.finding(person.pk, found.key),
    })


@requires(Permission.OWN_RECORD)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a human to look at an explained decision: why, and, of a declaration, which registered value is wrong."""
    person = own(request)
    case = get_object_or_404(cases.own_of_person(person.pk).filter(kind=Request.EXPLANATION), number=number)
    found = queries.decision_of(case)
    about = [
        (f"{field}:{held.ref}", f"{held.label}（登记为{held.value}）") for field in ABOUT for held in correctables()[field].held(person)
    ] if found.key.startswith("case:") else []
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        field, _, ref = request.POST.get("about", "").partition(":")
        right = (field, ref, request.POST.get("right", "")) if field else None
        try:
            asked = decisions.ask_review(
                case, reason=request.POST.get("reason", ""), right=right, uploads=received(request),
                actor=request.actor, channel=Channel.FORM, key=once(request),  # type: ignore[attr-defined]
            )
            return redirect("resident:request", asked.number)
        except Refused as fault:
            reasons = fault.reasons
    return render(request, "resident/review.html", {
        "case": case, "decision": found, "about": about, "reasons": reasons, "given": request.POST,
        "once": request.POST.get("once") or get_random_string(24), "days": queries.answer_days(), "most": evidence.MOST,
        "largest": evidence.LARGEST // 1024 // 1024,
    }, status=422 if reasons else 200)
