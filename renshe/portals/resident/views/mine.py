"""A resident's own record: the card, the insurance, the notices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from renshe.apps.card.queries import card_of
from renshe.apps.insurance import queries as insurance
from renshe.apps.insurance.terms import Scheme
from renshe.apps.relations.queries import contracts_of_person
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan_label
from renshe.kernel.notices import actions
from renshe.kernel.notices import queries as notices
from renshe.kernel.privacy.queries import readings_of
from renshe.kernel.subjects.models import Person
from renshe.portals.listing import listed
from renshe.portals.premiums import shown
from renshe.portals.resident.doorway import own


def _schemes(person: Person) -> list[dict[str, object]]:
    """Each scheme with the coverage in force, if any."""
    spells = list(insurance.enrolments_of_person(person.pk))
    found = []
    for scheme in Scheme:
        now = next((
            (spell, coverage) for spell in spells for coverage in spell.schemes
            if coverage.scheme == scheme and coverage.until is None
        ), None)
        base = now[0].base_history[0].base_fen if now and now[0].base_history else None
        found.append({
            "label": scheme.label, "spell": now[0] if now else None, "since": now[1].since if now else None,
            "base": yuan_label(base) if base else "",
        })
    return found


@requires(Permission.OWN_RECORD)
@reads
def home(request: HttpRequest) -> HttpResponse:
    """The card, the four schemes, what is new."""
    person = own(request)
    inbox = notices.inbox(person_id=person.pk)
    return render(request, "resident/home.html", {
        "person": person, "card": card_of(person.pk), "schemes": _schemes(person), "notices": inbox[:3],
        "unread": inbox.filter(read_at=None).count(), "readings": readings_of(person.pk).count(),
    })


@requires(Permission.OWN_RECORD)
@reads
def insurance_page(request: HttpRequest) -> HttpResponse:
    """Insured for what, by whom, since when, on what base; each premium explained; the history."""
    person = own(request)
    spells = list(insurance.enrolments_of_person(person.pk))
    for spell in spells:
        spell.premiums = shown(insurance.premiums(spell, timezone.localdate())) if spell.until is None else []
        spell.base = yuan_label(spell.base_history[0].base_fen) if spell.base_history else ""
    return render(request, "resident/insurance.html", {
        "person": person, "schemes": _schemes(person), "spells": spells,
        "contracts": contracts_of_person(person.pk),
    })


@requires(Permission.OWN_RECORD)
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices; opening the page marks what it shows as read."""
    person = own(request)
    page = listed(request, notices.inbox(person_id=person.pk))
    response = render(request, "resident/inbox.html", page)
    for notice in page["rows"]:
        if notice.read_at is None:
            actions.mark_read(notice)
    return response
