"""The same deed written plainly: a form's worth of checks, then one save() for each row."""

import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from renshe.apps.card.models import Card
from renshe.apps.insurance import queries as insurance
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.terms import Scheme
from renshe.apps.relations.models import LabourContract
from renshe.journeys.hire import Hire
from renshe.kernel.access import tokens
from renshe.kernel.cases.actions import case_row, event_row
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import Channel, Deed, State
from renshe.kernel.common.calendar import month_start
from renshe.kernel.ledger.actions import leaf
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.actions import notice_row
from renshe.kernel.notices.models import Notice
from renshe.kernel.privacy import sealing
from renshe.kernel.subjects.actions import person_row
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import CITIZEN_ID, organisation_of


def kept(model, **values):
    row = model(**values)
    row.save(force_insert=True)
    return row


@csrf_exempt
def hire(request: HttpRequest) -> JsonResponse:
    actor = tokens.actor_for.__wrapped__(request.headers["Authorization"].removeprefix("Bearer "))
    organisation = organisation_of.__wrapped__(actor)
    declared, faults = Hire.parse(json.loads(request.body))
    if faults:
        return JsonResponse({"faults": len(faults)}, status=422)
    now, today = timezone.now(), timezone.localdate()
    with transaction.atomic():
        index = sealing.blind(CITIZEN_ID, declared.citizen_id)
        person = Person.objects.filter(citizen_id_index=index).first() or kept(Person, **person_row(
            name=declared.name, citizen_id=declared.citizen_id, phone=declared.phone, division="330802", at=now))
        if insurance.open_coverages([person.pk]).exists():
            return JsonResponse({"outcome": "refuse"}, status=422)
        law = insurance.hire_law(today, month_start(declared.hired_on), organisation.division)
        base = law.contribution.run(wage=declared.wage)["base"]
        case = kept(Case, **case_row(
            kind="hire", state=State.DECIDED, channel=Channel.API, person_id=person.pk, organisation_id=organisation.pk,
            applicant_id=actor.account_id, division=organisation.division, declared=declared.as_declared(), findings=[{}],
            policy_version=insurance.hire_version(today, organisation.division), at=now))
        kept(CaseEvent, **event_row(case.pk, Deed.SETTLE, to=State.DECIDED, actor=actor, at=now))
        since = month_start(declared.hired_on)
        enrolment = kept(Enrolment, person=person, organisation=organisation, kind="employee",
                         hired_on=declared.hired_on, since=since, case=case)
        kept(BasePeriod, enrolment=enrolment, valid_from=since, wage_fen=declared.wage, base_fen=base, case=case)
        for scheme in Scheme:
            kept(Coverage, enrolment=enrolment, person=person, scheme=str(scheme), since=since)
        kept(LabourContract, person=person, organisation=organisation, kind="1", starts_on=declared.hired_on,
             ends_on=declared.contract_ends_on, position=declared.position, case=case)
        kept(Card, person=person, state="applied", applied_on=today, case=case)
        kept(Leaf, **leaf("hire.settle", case.number, {"base": base}, now))
        kept(Notice, **notice_row("hire", "您已参加社会保险", "……", person_id=person.pk, case_number=case.number, at=now))
    return JsonResponse({"case": case.number}, status=201)
