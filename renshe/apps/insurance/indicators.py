"""What the insurance register tells leaders: who is insured, on what base, who came and who left. By the employer's county."""

import datetime
from collections.abc import Callable
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils import timezone

from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.terms import HireKind, Scheme
from renshe.kernel.common.divisions import prefix
from renshe.kernel.indicators.declaration import SETTLED, Indicator, Parts, Rows
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Sense, Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.privacy import masks

FEN = Decimal(100)
MOST_YUAN = 40_000  # no base of a month is more


def _held_on(day: datetime.date, *, since: str = "since", until: str = "until") -> Q:
    return Q(**{f"{since}__lte": day}) & (Q(**{until: None}) | Q(**{f"{until}__gt": day}))


def _day(period: Period) -> datetime.date:
    return period.as_of(timezone.localdate())


def insured(scheme: Scheme) -> Callable[[Period], QuerySet[Coverage]]:
    """Coverages of a scheme in force at the end of a period."""
    return lambda period: Coverage.objects.filter(_held_on(_day(period)), scheme=scheme)


def staff(period: Period) -> QuerySet[Enrolment]:
    """Enrolments in force at the end of a period."""
    return Enrolment.objects.filter(_held_on(_day(period)))


def came(period: Period) -> QuerySet[Enrolment]:
    """Enrolments of people taken on within a period."""
    return Enrolment.objects.filter(hired_on__gte=period.first, hired_on__lt=period.until)


def left(period: Period) -> QuerySet[Enrolment]:
    """Enrolments whose last month lies in a period: they end with the first day of the month after."""
    return Enrolment.objects.filter(until__gt=period.first, until__lte=period.until)


def persons(rows: Callable[[Period], QuerySet[Coverage]]) -> Callable[[Period], dict[str, Parts]]:
    """How many different persons, by county."""
    def compute(period: Period) -> dict[str, Parts]:
        found = rows(period).annotate(county=Substr("enrolment__organisation__division", 1, 6)).order_by()
        return {row["county"]: Parts(row["n"]) for row in found.values("county").annotate(n=Count("person_id", distinct=True))}
    return compute


def spells(rows: Callable[[Period], QuerySet[Enrolment]], what: str = "person_id") -> Callable[[Period], dict[str, Parts]]:
    """How many different persons or employers the enrolments name, by county."""
    def compute(period: Period) -> dict[str, Parts]:
        found = rows(period).annotate(county=Substr("organisation__division", 1, 6)).order_by()
        return {row["county"]: Parts(row["n"]) for row in found.values("county").annotate(n=Count(what, distinct=True))}
    return compute


def average_base(period: Period) -> dict[str, Parts]:
    """Yuan of all bases in force, and how many they are, by county."""
    bases = BasePeriod.objects.filter(_held_on(_day(period), since="valid_from", until="valid_until"))
    found = bases.annotate(county=Substr("enrolment__organisation__division", 1, 6)).order_by().values("county")
    return {row["county"]: Parts(row["fen"] / FEN, row["n"]) for row in found.annotate(fen=Sum("base_fen"), n=Count("pk"))}


SPELL_TITLES = ("人员", "单位", "区划", "用工形式", "用工之日", "参保起", "参保止")
COVERAGE_TITLES = ("人员", "单位", "区划", "险种", "起", "止")


def _spell(row: Enrolment) -> tuple[object, ...]:
    return (masks.name(row.person.name), row.organisation.name, territory().name_of(row.organisation.division), HireKind(row.kind).label,
            row.hired_on, row.since, row.until or "")


def _coverage(row: Coverage) -> tuple[object, ...]:
    organisation = row.enrolment.organisation
    return (masks.name(row.person.name), organisation.name, territory().name_of(organisation.division), Scheme(row.scheme).label, row.since,
            row.until or "")


def spell_rows(rows: Callable[[Period], QuerySet[Enrolment]]) -> Rows:
    """Enrolments as rows, names masked."""
    def find(division: str, period: Period) -> QuerySet[Enrolment]:
        found = rows(period).filter(organisation__division__startswith=prefix(division))
        return found.select_related("person", "organisation").order_by("-id")
    return Rows(SPELL_TITLES, find, _spell)


def coverage_rows(rows: Callable[[Period], QuerySet[Coverage]]) -> Rows:
    """Coverages as rows, names masked."""
    def find(division: str, period: Period) -> QuerySet[Coverage]:
        found = rows(period).filter(enrolment__organisation__division__startswith=prefix(division))
        return found.select_related("person", "enrolment__organisation").order_by("-id")
    return Rows(COVERAGE_TITLES, find, _coverage)


def _insured(key: str, scheme: Scheme, rank: int) -> Indicator:
    return Indicator(
        key, f"{scheme.label}参保人数", "人", Theme.INSURANCE,
        f"期末{scheme.label}在保的人数，只数经单位参保的；同一人在两县（市、区）参保的各计一次。", "参保登记的险种参保记录",
        watches=SETTLED, compute=persons(insured(scheme)), rows=coverage_rows(insured(scheme)), rank=rank,
    )


INDICATORS = (
    Indicator(
        "employment.staff", "参保用工人数", "人", Theme.EMPLOYMENT, "期末由单位参保的在岗人数，一人在两县（市、区）的各计一次。",
        "参保登记", watches=SETTLED, compute=spells(staff), rows=spell_rows(staff), rank=10,
    ),
    Indicator(
        "employment.came", "本期新增用工", "人", Theme.EMPLOYMENT, "用工之日在本期内的参保人数。口径为参保登记，不等于“城镇新增就业”。",
        "参保登记的用工之日", watches=SETTLED, compute=spells(came), rows=spell_rows(came), rank=20,
    ),
    Indicator(
        "employment.left", "本期减少用工", "人", Theme.EMPLOYMENT, "参保到本期为止的人数。", "参保登记的终止月", sense=Sense.CEILING,
        watches=SETTLED, compute=spells(left), rows=spell_rows(left), rank=30,
    ),
    Indicator(
        "employment.employers", "参保用工单位", "家", Theme.EMPLOYMENT, "期末至少有一人在保的单位数。", "参保登记",
        watches=SETTLED, compute=spells(staff, "organisation_id"), rows=spell_rows(staff), rank=40,
    ),
    _insured("insurance.pension", Scheme.PENSION, 10),
    _insured("insurance.unemployment", Scheme.UNEMPLOYMENT, 20),
    _insured("insurance.injury", Scheme.INJURY, 30),
    _insured("insurance.medical", Scheme.MEDICAL, 40),
    Indicator(
        "insurance.average_base", "平均缴费基数", "元/月", Theme.INSURANCE, "期末有效的缴费基数合计除以其个数。", "参保登记的缴费基数",
        watches=SETTLED, compute=average_base, rows=spell_rows(staff), is_share=True, grain=(MOST_YUAN, 1), rank=50,
    ),
)
