"""Asks about cases."""

import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import kinds, rules
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import Deed, Light, State
from renshe.kernel.common import calendar
from renshe.kernel.common.divisions import prefix

PARTIES = {"employer": "单位申报", "person": "个人申请"}
TURNED = (Light.YELLOW, Light.RED)
WARN_SHARE = 5  # yellow from a fifth of the limit (a common scheme; no national threshold is published)


def light(case: Case, today: datetime.date) -> Light:
    """Green, yellow (one working day or a fifth of the limit left), red, stopped, without a day, or done."""
    if case.state not in rules.OPEN:
        return Light.DONE
    if case.stopped_on:
        return Light.STOPPED
    if case.due_on is None:
        return Light.UNSET
    if today > case.due_on:
        return Light.RED
    left = calendar.working_days_between(today, case.due_on)
    limit = kinds.kind(case.kind).limit_days() or 0
    return Light.YELLOW if left <= 1 or left * WARN_SHARE <= limit else Light.GREEN


def turned(today: datetime.date) -> list[Case]:
    """Open cases whose light is yellow or red and whose officers have not been reminded of it."""
    longest = max((kind.limit_days() or 0 for kind in kinds.kinds()), default=0)
    soon = calendar.due_on(today, max(longest // WARN_SHARE, 1), "working")
    cases = Case.objects.filter(
        state__in=(State.SUBMITTED, State.ACCEPTED, State.REVIEW), stopped_on=None, due_on__lte=soon
    ).order_by("due_on", "id")
    notes = set(
        CaseEvent.objects.filter(deed=Deed.REMIND, case__in=cases).order_by("id").values_list("case_id", "note")
    )
    lights = [(case, light(case, today)) for case in cases]
    return [case for case, now in lights if now in TURNED and (case.pk, reminder(case, now)) not in notes]


def reminder(case: Case, light: Light) -> str:
    """What a reminder says; the same words are not said twice of one case."""
    return f"{light.label}：应于{case.due_on:%Y年%m月%d日}前办结"


def is_reminded(case: Case, note: str) -> bool:
    """Whether its officers were told just this."""
    return CaseEvent.objects.filter(case=case, deed=Deed.REMIND, note=note).exists()


def covered(actor: Actor) -> QuerySet[Case]:
    """Cases within an officer's jurisdiction."""
    cases = Case.objects.select_related("person", "organisation", "holder", "first_officer", "applicant")
    return cases.filter(division__startswith=prefix(actor.division)) if actor.division else cases.none()


def queue(actor: Actor, *, show: str = "open", kind: str = "", party: str = "", text: str = "") -> QuerySet[Case]:
    """The desk's list: `show` is open, mine, unheld, review, overdue or closed; soonest due first, those without a day last.

    `party` is employer or person: who asked.
    """
    cases = covered(actor)
    today = timezone.localdate()
    if show == "closed":
        cases = cases.exclude(state__in=rules.OPEN)
    else:
        cases = cases.filter(state__in=rules.OPEN)
    if show == "mine":
        cases = cases.filter(holder_id=actor.account_id)
    elif show == "unheld":
        cases = cases.filter(holder=None)
    elif show == "review":
        cases = cases.filter(state=State.REVIEW).exclude(first_officer_id=actor.account_id)
    elif show == "overdue":
        cases = cases.filter(due_on__lt=today, stopped_on=None)
    if kind:
        cases = cases.filter(kind=kind)
    if party in PARTIES:
        cases = cases.filter(organisation__isnull=party == "person")
    if text:
        cases = cases.filter(
            Q(number__icontains=text) | Q(person__name__startswith=text) | Q(organisation__name__icontains=text)
        )
    return cases.order_by("-id") if show == "closed" else cases.order_by(F("due_on").asc(nulls_last=True), "id")


def newest(division: str, count: int) -> QuerySet[Case]:
    """The newest cases of a division and those below it, without persons: for a wall that shows that work goes on."""
    return Case.objects.filter(division__startswith=prefix(division)).order_by("-id")[:count]


def of_organisation(organisation_id: int) -> QuerySet[Case]:
    """An employer's cases, newest first."""
    return Case.objects.select_related("person", "holder").filter(organisation_id=organisation_id).order_by("-id")


def own_of_person(person_id: int) -> QuerySet[Case]:
    """What a person asked for themself, newest first."""
    return Case.objects.select_related("person", "holder").filter(person_id=person_id, organisation=None).order_by("-id")


def of_person(person_id: int) -> QuerySet[Case]:
    """Cases about a person, newest first."""
    return Case.objects.select_related("organisation").filter(person_id=person_id).order_by("-id")
