"""Looking up a person: with a purpose, logged, and shown to that person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.apps.card.queries import card_of
from renshe.apps.insurance import queries as insurance
from renshe.apps.relations.queries import contracts_of_person
from renshe.kernel.access import actions as access
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.queries import open_override
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import queries as cases
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import masks
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.queries import restrictions_of
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import search_persons
from renshe.portals import listing

PURPOSES = ("窗口答复本人咨询", "办理办件", "核查投诉举报", "稽核")


@requires(Permission.HANDLE)
def search(request: HttpRequest) -> HttpResponse:
    """Find a person by whole citizen ID, or by name within the jurisdiction. Search text never stands in an address."""
    page: dict[str, object] = {"purposes": PURPOSES, "q": "", "purpose": ""}
    if request.method == "POST":
        text, purpose = request.POST.get("q", "").strip(), request.POST.get("purpose", "")
        page.update(q=text, purpose=purpose)
        if purpose not in PURPOSES:
            page["fault"] = "请选择查询目的；目的会告诉被查的人。"
        else:
            found = list(search_persons(text, request.actor)[: listing.PAGE])  # type: ignore[attr-defined]
            log_readings(
                request.actor, [one.pk for one in found], purpose=purpose, what="查询结果列表"  # type: ignore[attr-defined]
            )
            request.session["purpose"] = purpose
            page.update(found=found, searched=True)
    return render(request, "desk/persons.html", page, status=422 if "fault" in page else 200)


@requires(Permission.HANDLE)
def one(request: HttpRequest, person_id: int) -> HttpResponse:
    """A person's record, for the purpose named in the search."""
    actor = request.actor  # type: ignore[attr-defined]
    purpose = request.session.get("purpose")
    if purpose not in PURPOSES:
        return redirect("desk:person")
    person = get_object_or_404(Person, pk=person_id)
    if _beyond(person, actor):
        override = open_override(person.pk, actor)
        if override is None:
            return redirect("desk:emergency", person.pk)
        purpose = f"应急查阅：{override.reason}"[:60]
    log_readings(actor, [person.pk], purpose=purpose, what="参保、合同与社保卡记录")
    kept = {one.item: one for one in restrictions_of(person.pk)}  # stored only: seen within a case, not by looking a person up
    return render(request, "desk/person.html", {
        "person": person, "kept": kept, "card": None if "card" in kept else card_of(person.pk),
        "spells": [] if "insurance" in kept else insurance.enrolments_of_person(person.pk),
        "contracts": [] if "contracts" in kept else contracts_of_person(person.pk), "cases": cases.of_person(person.pk)[:20], "purpose": purpose,
    })


def _beyond(person: Person, actor: Actor) -> bool:
    return bool(person.division) and not actor.covers(person.division)


@requires(Permission.HANDLE)
def emergency(request: HttpRequest, person_id: int) -> HttpResponse:
    """A record beyond the jurisdiction: through a case, or in an emergency with a reason that others will read."""
    actor = request.actor  # type: ignore[attr-defined]
    person = get_object_or_404(Person, pk=person_id)
    if not _beyond(person, actor):
        return redirect("desk:person_record", person.pk)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            access.break_glass(person.pk, reason=request.POST.get("reason", ""), actor=actor)
            request.session["purpose"] = request.session.get("purpose") or PURPOSES[0]
            return redirect("desk:person_record", person.pk)
        except Refused as fault:
            reasons = fault.reasons
    page = {"person": person, "whose": masks.name(person.name), "reasons": reasons, "given": request.POST, "minutes": settings.RENSHE_OVERRIDE_MINUTES}
    return render(request, "desk/emergency.html", page, status=422 if reasons else 200)
