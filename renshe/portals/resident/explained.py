"""Automated decisions put into plain words and frozen: what the platform found of a benefit, what it settled by itself."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from renshe.apps.insurance.rules import retirement_group
from renshe.apps.rights.terms import Decision
from renshe.journeys.base_change import BASE_CHANGE
from renshe.journeys.hire import HIRE
from renshe.journeys.offers import JOURNEYS
from renshe.kernel.cases import kinds
from renshe.kernel.cases import queries as cases
from renshe.kernel.cases.actions import declared
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Deed
from renshe.kernel.common import calendar
from renshe.kernel.common.identifiers import birth_on, sex_code
from renshe.kernel.common.money import yuan
from renshe.kernel.policy.engine.evaluate import Evaluation, weigh
from renshe.kernel.policy.engine.units import Month, month_index
from renshe.kernel.policy.engine.why import Judged
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.kernel.subjects.models import Person
from renshe.portals.resident import facts
from renshe.portals.resident.benefits import ENTITLED, NOT_YET, Standing, benefits, inputs, standing

SAYS = {ENTITLED: "可以享受", NOT_YET: "现在还不能享受"}


def of_benefit(stands: Standing, known: Mapping[str, str], answers: Mapping[str, str]) -> Decision:
    """What the platform answered about one benefit, with the facts it took and those the person gave."""
    law = stands.law
    given = inputs(stands.benefit, known)
    taken = [[law.inputs[name].label, text, "平台的记录"] for name, text in given.items() if name in law.inputs and name not in answers]
    taken += [[law.inputs[name].label, text, "您答的"] for name, text in answers.items() if name in law.inputs and text.strip()]
    return Decision(
        f"benefit:{law.name}", stands.benefit.title, SAYS.get(stands.state, "还不能判断，缺少情况"),
        f"{timezone.localdate()}", f"{law.name}@{stands.evaluation.version[:12]}", law.basis, taken,
        [_condition(one) for one in stands.conditions], [step.as_json() for step in stands.evaluation.steps],
    )


def _condition(one: Judged) -> dict[str, str]:
    holds = {True: "达到", False: "没有达到", None: "还缺情况"}[one.holds]
    return {"label": one.label, "holds": holds, "text": "" if one.holds else one.text, "have": one.have, "need": one.need, "article": one.article}


def settled_by_rule(cases: Any) -> Any:
    """Of some cases those that no officer decided."""
    return cases.filter(kind__in=JOURNEYS, events__deed=Deed.SETTLE).distinct()


def of_case(case: Case) -> Decision:
    """What the platform settled by itself: the same policies asked again, with what was declared, as of that day."""
    found = _asked_again(case)
    kind, opened = kinds.kind(case.kind), timezone.localtime(case.opened_at)
    versions = " ".join(f"{one.law.policy.name}@{one.version[:12]}" for one in found)
    taken = [[label, text, "单位申报"] for label, text in kind.present(case)]
    if found and set(versions.split()) - set(case.policy_version.split()):
        taken.append(["政策版本", "办结以后政策值有过更新，下面按现在登记的当日政策重新列出", "平台"])
    employer = case.organisation.name if case.organisation else ""
    return Decision(
        f"case:{case.number}", f"{kind.label}（{employer}，{opened:%Y年%m月%d日}）", "符合条件，系统即时办结", f"{opened:%Y-%m-%d}",
        case.policy_version, kind.basis, taken, [_condition(one) for law in found for one in law.conditions],
        [step.as_json() for law in found for step in law.steps],
    )


def _asked_again(case: Case) -> list[Evaluation]:
    """The evaluations behind a settled hire or change of base; leaving a job needs none."""
    declaration, _ = JOURNEYS[case.kind].declaration.parse(declared(case))
    if declaration is None or case.organisation is None:
        return []
    place, opened = case.organisation.division, timezone.localdate(case.opened_at)

    def ask(name: str, given: Mapping[str, object], on: datetime.date) -> Evaluation:
        return weigh(policy(name), given, on=on, place=place, entered=entered(place))

    if case.kind == BASE_CHANGE.key:
        return [ask("contribution", {"wage": yuan(declaration.wage)}, calendar.month_start(declaration.valid_from))]  # type: ignore[attr-defined]
    if case.kind != HIRE.key:
        return []
    return _hire(declaration, opened, ask)


def _hire(hire: Any, opened: datetime.date, ask: Any) -> list[Evaluation]:
    born = birth_on(hire.citizen_id)
    retirement = ask("retirement_age", {
        "group": retirement_group(sex_code(hire.citizen_id), hire.post), "birth": Month.write(month_index(born)),
    }, opened)
    return [
        retirement,
        ask("enrolment", {
            "kind": str(hire.kind), "age_years": max(calendar.full_years(born, hire.hired_on), 0), "deceased": "false",
            "hired_month": Month.write(month_index(hire.hired_on)), "retire_month": Month.write(int(retirement.results["retire_month"])),
        }, opened),
        ask("registration_duty", {"hired": hire.hired_on.isoformat(), "declared": opened.isoformat()}, opened),
        ask("contribution", {"wage": yuan(hire.wage)}, calendar.month_start(hire.hired_on)),
    ]


def decision(person: Person, kind: str, name: str, answers: Mapping[str, str]) -> Decision:
    """One decision about a person, frozen now. Raises Http404, BadInput."""
    if kind == "case":
        return of_case(get_object_or_404(settled_by_rule(cases.of_person(person.pk)), number=name))
    if kind != "benefit" or name not in benefits():
        raise Http404("没有这一决定")
    life = facts.life(person, "", timezone.localdate())
    known = facts.known(person, life)
    return of_benefit(standing(benefits()[name], life, known, answers), known, answers)
