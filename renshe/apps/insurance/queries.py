"""Asks what the law says today, who is insured, and what is paid for whom."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment, MonthCorrection
from renshe.apps.insurance.rules import HireFacts, HireLaw, judge_hire
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.common import calendar
from renshe.kernel.common.identifiers import birth_on, sex_code
from renshe.kernel.common.money import yuan
from renshe.kernel.frames import manifest, reading
from renshe.kernel.policy.engine.compile import compiled
from renshe.kernel.policy.engine.evaluate import Evaluation, evaluate
from renshe.kernel.policy.engine.explain import Step
from renshe.kernel.policy.engine.policy import Entered
from renshe.kernel.policy.engine.units import month_index
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.kernel.subjects.models import Organisation

UNIT, PERSON = "单位", "个人"
MOST_MONTHS = 24  # estimated at most; what is older needs the payroll in hand
ENROLMENT_INPUTS = frozenset({"kind", "age_years", "hired_month", "retire_month", "deceased"})


@dataclass(frozen=True)
class Premium:
    """What one payer pays for one scheme each month, or the value of law that is missing."""

    scheme: Scheme
    payer: str
    amount_fen: int | None
    missing: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class InsuredMonth:
    """A month of one scheme: months since year 0, the base in fen. `paid`: from payment records, else from the register."""

    month: int
    base_fen: int
    employer: str
    paid: bool


@dataclass(frozen=True)
class Arrear:
    """One month owed: its premiums, how many days late, the surcharge on them (the employer bears it)."""

    month: datetime.date
    premiums: tuple[Premium, ...]
    days: int
    late_fee_fen: int
    steps: tuple[Step, ...]

    def owed_fen(self, payer: str) -> int:
        return sum(one.amount_fen or 0 for one in self.premiums if one.payer == payer)


@dataclass(frozen=True)
class Arrears:
    """What is owed for the months before a late hire.

    `earlier` months are too old to estimate; `assumed` is the document that would say by when premiums were due.
    """

    months: tuple[Arrear, ...]
    earlier: int
    assumed: str

    @property
    def missing(self) -> tuple[str, ...]:
        """Premiums that wait for a value of law, and so are not in the sums."""
        return tuple(dict.fromkeys(
            f"{one.scheme.label}（{one.payer}）" for month in self.months for one in month.premiums if one.missing
        ))


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


def months_of_person(person_id: int, scheme: Scheme, on: datetime.date) -> list[InsuredMonth]:
    """Every month a person is insured in a scheme up to that of `on`, oldest first; of two spells in a month, the later.

    Payment records (pensions only) reach back before the register; what the register knows of a month wins, and what
    officers corrected wins over both.
    """
    paid = _paid_months(person_id) if scheme == Scheme.PENSION else {}
    found = {month: InsuredMonth(month, base, "", True) for month, base in paid.items() if month <= month_index(on)}
    for spell in reversed(enrolments_of_person(person_id)):
        covered = [one for one in spell.schemes if one.scheme == scheme]
        for coverage in covered:
            day = calendar.month_start(coverage.since)
            while day <= on and (coverage.until is None or day < coverage.until):
                base = next((one.base_fen for one in spell.base_history if calendar.month_start(one.valid_from) <= day), 0)
                found[month_index(day)] = InsuredMonth(month_index(day), base, spell.organisation.name, month_index(day) in paid)
                day = calendar.next_month(day)
    for month, base in corrected_months(person_id, scheme).items():
        before = found.pop(month, None)
        if base and month <= month_index(on):
            found[month] = InsuredMonth(month, base, before.employer if before else "", True)
    return [found[month] for month in sorted(found)]


def corrected_months(person_id: int, scheme: Scheme) -> dict[int, int]:
    """Months that officers corrected on a person's request, with the base found, 0 for a month not paid."""
    rows = MonthCorrection.objects.filter(person_id=person_id, scheme=scheme).order_by("id")
    return dict(rows.values_list("month", "base_fen"))


def _paid_months(person_id: int) -> dict[int, int]:
    """Month to base in the payment records of the columnar city; empty where it has none."""
    if not manifest.manifest("persons").parts:
        return {}
    row = reading.scan("persons", ["person", "id"]).filter(pl.col("id") == person_id).collect()
    if row.is_empty():
        return {}
    number, found = int(row["person"][0]), {}
    for one in reading.overlapping("contributions", number, number + 1):
        for file in one.files:
            rows = pl.scan_parquet(file, glob=False).filter(pl.col("person") == number).select("month", "base").collect()
            found.update(rows.iter_rows())
    return found


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
    covered = {Scheme(coverage.scheme) for coverage in coverages if coverage.until is None}
    return _premiums(enrolment.organisation, history[0].wage_fen, covered, on)


def _premiums(organisation: Organisation, wage_fen: int, covered: Collection[Scheme], on: datetime.date) -> list[Premium]:
    """The premiums of one month, by the law of `on`."""
    place, known = organisation.division, entered(organisation.division)
    contribution = evaluate(policy("contribution"), {"wage": yuan(wage_fen)}, on=on, place=place, entered=known)
    found = []
    for scheme, stem in ((Scheme.PENSION, "pension"), (Scheme.UNEMPLOYMENT, "unemployment"), (Scheme.MEDICAL, "medical")):
        if scheme in covered:
            found.append(_premium(scheme, UNIT, contribution, f"{stem}_unit"))
            found.append(_premium(scheme, PERSON, contribution, f"{stem}_person"))
    if Scheme.INJURY in covered and "base" in contribution.results:
        inputs = {
            "payroll": yuan(int(contribution.results["base"])), "risk_class": organisation.risk_class,
            "float_factor": str(organisation.injury_float),
        }
        injury = evaluate(policy("injury_premium"), inputs, on=on, place=place, entered=known)
        lead = [step for step in contribution.steps if step.name == "base"]
        one = _premium(Scheme.INJURY, UNIT, injury, "premium")
        found.append(Premium(one.scheme, one.payer, one.amount_fen, one.missing, (*lead, *one.steps)))
    return found


def arrears(organisation: Organisation, hire: Any, on: datetime.date) -> Arrears:
    """What is owed for a hire (a declaration: `kind`, `post`, `citizen_id`, `hired_on`, `wage`) if it is paid on `on`.

    An estimate of the months that have ended; the agency settles the amount.
    """
    first = calendar.month_start(hire.hired_on)
    schemes = judge_hire(hire_law(on, first, organisation.division), HireFacts(
        kind=hire.kind, post=hire.post, sex=sex_code(hire.citizen_id), birth_on=birth_on(hire.citizen_id), deceased=False,
        hired_on=hire.hired_on, declared_on=on, wage_fen=hire.wage, insured_here=False, insured_elsewhere=False,
    )).schemes
    months = []
    while first < calendar.month_start(on):
        months.append(first)
        first = calendar.next_month(first)
    counted = months[-MOST_MONTHS:]
    known = entered(organisation.division)
    assumed = "premium_due" in policy("premium_due").law(on, organisation.division, known).missing
    return Arrears(
        tuple(_arrear(organisation, hire.wage, schemes, month, on, known, assumed) for month in counted),
        len(months) - len(counted), policy("premium_due").parameters["premium_grace_days"].document if assumed else "",
    )


def _arrear(
    organisation: Organisation, wage_fen: int, schemes: Collection[Scheme], month: datetime.date, on: datetime.date,
    known: Entered, assumed: bool,
) -> Arrear:
    """One month's; where nobody knows by when it was due, the days count from its end."""
    paid = tuple(_premiums(organisation, wage_fen, schemes, month))
    owed = sum(one.amount_fen or 0 for one in paid)
    inputs = {"month_end": str(calendar.next_month(month) - calendar.ONE), "paid": str(on)}
    due = evaluate(
        policy("premium_due"), {**inputs, "premium_grace_days": 0} if assumed else inputs, on=on,
        place=organisation.division, entered=known,
    )
    days = int(due.results["owed_days"])
    fee = evaluate(
        policy("late_fee"), {"owed": yuan(owed), "days": days}, on=on, place=organisation.division, entered=known
    )
    return Arrear(month, paid, days, int(fee.results["late_fee"]), (*due.steps, *fee.steps))


def _premium(scheme: Scheme, payer: str, evaluation: Evaluation, name: str) -> Premium:
    if name in evaluation.missing:
        return Premium(scheme, payer, None, str(evaluation.missing[name]), ())
    wanted = {name, "base", "rate"}
    steps = tuple(step for step in evaluation.steps if step.name in wanted)
    return Premium(scheme, payer, int(evaluation.results[name]), "", steps)
