"""What only several apps together can tell leaders: employees with a written contract."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from renshe.apps.insurance.indicators import SPELL_TITLES, spell_rows, staff
from renshe.apps.insurance.models import Enrolment
from renshe.apps.insurance.terms import HireKind
from renshe.apps.relations.models import LabourContract
from renshe.apps.relations.terms import ContractKind
from renshe.kernel.indicators.declaration import SETTLED, Indicator, Parts, Rows
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Sense, Theme


def employees(period: Period) -> QuerySet[Enrolment]:
    """Employees insured at the end of a period, marked with whether a contract of theirs runs on that day."""
    day = period.as_of(timezone.localdate())
    contract = LabourContract.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=day), Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day,
        person=OuterRef("person"), organisation=OuterRef("organisation"),
    ).exclude(kind=ContractKind.AGREEMENT)
    return staff(period).filter(kind=HireKind.EMPLOYEE).annotate(contracted=Exists(contract))


def contracted(period: Period) -> dict[str, Parts]:
    """Of the employees, those with a contract on record."""
    found = employees(period).annotate(county=Substr("organisation__division", 1, 6)).order_by().values("county")
    rows = found.annotate(n=Count("pk", filter=Q(contracted=True)), of=Count("pk"))
    return {row["county"]: Parts(row["n"], row["of"]) for row in rows}


def _rows() -> Rows:
    base = spell_rows(employees)
    return Rows(
        (*SPELL_TITLES, "合同备案"),
        lambda division, period: base.find(division, period).order_by("contracted", "-id"),
        lambda row: (*base.cells(row), "有" if row.contracted else "没有"),
    )


INDICATORS = (
    Indicator(
        "relations.contracted", "劳动合同签订率", "%", Theme.RELATIONS,
        "期末以劳动合同用工参保的人员中，同一单位有有效备案劳动合同的占比。", "参保登记与劳动合同备案", sense=Sense.FLOOR,
        per=100, places=1, is_share=True, watches=SETTLED, compute=contracted, rows=_rows(), rank=10,
    ),
)
