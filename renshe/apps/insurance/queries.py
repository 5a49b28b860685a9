"""Asks what the law says today, who is insured, and what is paid for whom."""

import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.rules import HireLaw
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.policy.engine.compile import compiled
from renshe.kernel.policy.engine.evaluate import Entered, Evaluation, evaluate
from renshe.kernel.policy.engine.explain import Step
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.kernel.subjects.models import Organisation

ENROLMENT_INPUTS = frozenset({"kind", "age_years", "hired_month", "retire_month", "deceased"})


@dataclass(frozen=True)
class Premium:
    """What one payer pays for one scheme each month, or the value of law that is missing."""

    scheme: Scheme
    payer: str
    amount_fen: int | None
    missing: str
    steps: tuple[Step, ...]


def hire_law(on: datetime.date, month: datetime.date, place: str) -> HireLaw:
    """The policies a hire declared on a day and counting from a month is judged by."""
    return _hire_law(on, month, place, entered(place))


@lru_cache(maxsize=256)
def _hire_law(on: datetime.date, month: datetime.date, place: str, known: Entered) -> HireLaw:
    enrolment = policy("enrolment").law(on, place, known)
    duty = policy("registration_duty").law(on, place, known)
    contribution = policy("contribution").law(month, place, known)
    conditions = {
        name: rule for law in (enrolment, duty) for name, rule in law.rules.items() if rule.is_condition
    }
    missing = contribution.missing.get("base")
    return HireLaw(
        retirement=compiled(policy("retirement_age").law(on, place, known), frozenset({"group", "birth"})),
        enrolment=compiled(enrolment, ENROLMENT_INPUTS),
        duty=compiled(duty, frozenset({"hired", "declared"})), conditions=conditions,
        contribution=compiled(contribution, frozenset({"wage"})), missing_base=str(missing or ""),
    )


def hire_version(on: datetime.date, place: str) -> str:
    """The versions of the policies that judge a hire, as a case stores them."""
    return _hire_version(on, place, entered(place))


@lru_cache(maxsize=256)
def _hire_version(on: datetime.date, place: str, known: Entered) -> str:
    names = ("enrolment", "retirement_age", "registration_duty", "contribution")
    return " ".join(f"{name}@{policy(name).law(on, place, known).version[:12]}" for name in names)


def open_coverages(person_ids: list[int]) -> QuerySet[Coverage]:
    """Coverages in force for these persons."""
    return Coverage.objects.filter(person_id__in=person_ids, until=None)


def open_enrolments(organisation: Organisation, person_ids: list[int]) -> dict[int, Enrolment]:
    """This employer's open spells by person."""
    rows = Enrolment.objects.filter(organisation=organisation, person_id__in=person_ids, until=None)
    return {row.person_id: row for row in rows}


def open_bases(enrolment_ids: list[int]) -> dict[int, BasePeriod]:
    """The base now in force, by enrolment."""
    rows = BasePeriod.objects.filter(enrolment_id__in=enrolment_ids, valid_until=None)
    return {row.enrolment_id: row for row in rows}


def enrolments_of_person(person_id: int) -> QuerySet[Enrolment]:
    """A person's spells, newest first, with coverages and bases."""
    return detailed(Enrolment.objects.filter(person_id=person_id)).order_by("-since", "-id")


def staff(organisation: Organisation, *, text: str = "", show: str = "open", scheme: str = "") -> QuerySet[Enrolment]:
    """An employer's people: `show` is open, left or all; filtered by name, masked number or scheme. See `detailed`."""
    rows = Enrolment.objects.filter(organisation=organisation)
    if show == "open":
        rows = rows.filter(until=None)
    elif show == "left":
        rows = rows.exclude(until=None)
    if text:
        rows = rows.filter(Q(person__name__startswith=text) | Q(person__citizen_id_mask__endswith=text))
    if scheme:
        rows = rows.filter(coverages__scheme=scheme)
    return rows.order_by("-since", "-id")


def summed_up(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """What a list shows of each spell, in one statement: the person, the newest base, how many schemes."""
    newest = BasePeriod.objects.filter(enrolment=OuterRef("pk")).order_by("-valid_from")
    schemes = Coverage.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    return rows.select_related("person").only(
        "since", "until", "person__name", "person__citizen_id_mask"
    ).annotate(
        base_fen=Subquery(newest.values("base_fen")[:1]),
        schemes=Coalesce(Subquery(schemes.annotate(count=Count("pk")).values("count")), 0),
    )


def detailed(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Each spell with its employer, case, coverages (`schemes`) and bases, newest first (`base_history`)."""
    return rows.select_related("person", "organisation", "case").prefetch_related(
        Prefetch("coverages", Coverage.objects.order_by("scheme"), to_attr="schemes"),
        Prefetch("bases", BasePeriod.objects.order_by("-valid_from"), to_attr="base_history"),
    )


def premiums(enrolment: Enrolment, on: datetime.date) -> list[Premium]:
    """What is paid each month for an enrolment (as `detailed` gives it), each explained."""
    history: list[BasePeriod] = enrolment.base_history  # type: ignore[attr-defined]
    coverages: list[Coverage] = enrolment.schemes  # type: ignore[attr-defined]
    if not history:
        return []
    place, known = enrolment.organisation.division, entered(enrolment.organisation.division)
    wage = {"wage": f"{history[0].wage_fen // 100}.{history[0].wage_fen % 100:02d}"}
    contribution = evaluate(policy("contribution"), wage, on=on, place=place, entered=known)
    covered = {Scheme(coverage.scheme) for coverage in coverages if coverage.until is None}
    found = []
    for scheme, stem in ((Scheme.PENSION, "pension"), (Scheme.UNEMPLOYMENT, "unemployment"), (Scheme.MEDICAL, "medical")):
        if scheme in covered:
            found.append(_premium(scheme, "单位", contribution, f"{stem}_unit"))
            found.append(_premium(scheme, "个人", contribution, f"{stem}_person"))
    if Scheme.INJURY in covered:
        organisation = enrolment.organisation
        base = int(contribution.results.get("base", 0))
        inputs = {
            "payroll": f"{base // 100}.{base % 100:02d}", "risk_class": organisation.risk_class,
            "float_factor": str(organisation.injury_float),
        }
        injury = evaluate(policy("injury_premium"), inputs, on=on, place=place, entered=known)
        lead = [step for step in contribution.steps if step.name == "base"]
        one = _premium(Scheme.INJURY, "单位", injury, "premium")
        found.append(Premium(one.scheme, one.payer, one.amount_fen, one.missing, (*lead, *one.steps)))
    return found


def _premium(scheme: Scheme, payer: str, evaluation: Evaluation, name: str) -> Premium:
    if name in evaluation.missing:
        return Premium(scheme, payer, None, str(evaluation.missing[name]), ())
    wanted = {name, "base", "rate"}
    steps = tuple(step for step in evaluation.steps if step.name in wanted)
    return Premium(scheme, payer, int(evaluation.results[name]), "", steps)
