"""Looking up a person: with a purpose and the case it is for, logged, and shown to that person."""

import itertools

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

FOR_A_CASE = "办理办件"
PURPOSES = ("窗口答复本人咨询", FOR_A_CASE, "核查投诉举报", "稽核")
NO_CASE = "目的是办理办件的，请写明您管辖内的办件编号；被查的人会看到是哪一件。"


@requires(Permission.HANDLE)
def search(request: HttpRequest) -> HttpResponse:
    """Find a person by whole citizen ID, or by name within the jurisdiction. Search text never stands in an address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page: dict[str, object] = {"purposes": PURPOSES, "for_a_case": FOR_A_CASE, "q": "", "purpose": "", "number": ""}
    if request.method == "POST":
        text, purpose, number = (request.POST.get(name, "").strip() for name in ("q", "purpose", "number"))
        page.update(q=text, purpose=purpose, number=number)
        case = cases.covered(actor).filter(number=number).first() if number else None
        if purpose not in PURPOSES:
            page["fault"] = "请选择查询目的；目的会告诉被查的人。"
        elif case is None and (number or purpose == FOR_A_CASE):
            page["fault"] = NO_CASE
        else:
            found = list(search_persons(text, actor)[: listing.PAGE])
            for about, those in itertools.groupby(found, lambda one: case is not None and one.pk == case.person_id):
                log_readings(actor, [one.pk for one in those], purpose=purpose, what="查询结果列表", case_number=number if about else "")
            request.session["purpose"], request.session["for_case"] = purpose, number
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
    number = request.session.get("for_case", "")
    if number and not cases.covered(actor).filter(number=number, person=person).exists():
        if purpose == FOR_A_CASE:
            fault = f"办件 {number} 说的不是这个人。请从这个人的办件里打开，或换一个目的重新查。"
            page = {"purposes": PURPOSES, "for_a_case": FOR_A_CASE, "purpose": purpose, "number": number, "fault": fault}
            return render(request, "desk/persons.html", page, status=422)
        number = ""
    if _beyond(person, actor):
        override = open_override(person.pk, actor)
        if override is None:
            return redirect("desk:emergency", person.pk)
        purpose = f"应急查阅：{override.reason}"[:60]
    log_readings(actor, [person.pk], purpose=purpose, what="参保、合同与社保卡记录", case_number=number)
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
