"""What the contracts on record tell leaders. By the employer's county."""

from collections.abc import Callable

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from renshe.apps.relations.models import LabourContract
from renshe.apps.relations.terms import ContractKind
from renshe.kernel.common.divisions import prefix
from renshe.kernel.indicators.declaration import SETTLED, Indicator, Parts, Rows
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.privacy import masks

TITLES = ("劳动者", "单位", "区划", "合同类型", "起始", "终止", "解除或终止")


def running(period: Period) -> QuerySet[LabourContract]:
    """Labour contracts in force at the end of a period; other agreements are not labour contracts."""
    day = period.as_of(timezone.localdate())
    return LabourContract.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=day), Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day
    ).exclude(kind=ContractKind.AGREEMENT)


def ending(period: Period) -> QuerySet[LabourContract]:
    """Contracts whose agreed last day lies in a period and that were not ended before."""
    return LabourContract.objects.filter(ends_on__gte=period.first, ends_on__lt=period.until, ended_on=None)


def _by_county(rows: QuerySet[LabourContract]) -> QuerySet[LabourContract, dict[str, object]]:
    return rows.annotate(county=Substr("organisation__division", 1, 6)).order_by().values("county")


def counted(rows: Callable[[Period], QuerySet[LabourContract]]) -> Callable[[Period], dict[str, Parts]]:
    """How many, by county."""
    return lambda period: {row["county"]: Parts(row["n"]) for row in _by_county(rows(period)).annotate(n=Count("pk"))}


def open_ended(period: Period) -> dict[str, Parts]:
    """Of the contracts in force, those without an end."""
    rows = _by_county(running(period)).annotate(n=Count("pk", filter=Q(kind=ContractKind.OPEN_ENDED)), of=Count("pk"))
    return {row["county"]: Parts(row["n"], row["of"]) for row in rows}


def listed(rows: Callable[[Period], QuerySet[LabourContract]]) -> Rows:
    """Contracts as rows, names masked."""
    def find(division: str, period: Period) -> QuerySet[LabourContract]:
        found = rows(period).filter(organisation__division__startswith=prefix(division))
        return found.select_related("person", "organisation").order_by("-id")
    return Rows(TITLES, find, _cells)


def _cells(row: LabourContract) -> tuple[object, ...]:
    return (masks.name(row.person.name), row.organisation.name, territory().name_of(row.organisation.division), ContractKind(row.kind).label,
            row.starts_on, row.ends_on or "", row.ended_on or "")


INDICATORS = (
    Indicator(
        "relations.running", "在册劳动合同", "份", Theme.RELATIONS, "期末有效的已备案劳动合同数。", "劳动合同备案",
        watches=SETTLED, compute=counted(running), rows=listed(running), rank=20,
    ),
    Indicator(
        "relations.open_ended", "无固定期限合同占比", "%", Theme.RELATIONS, "期末有效的已备案劳动合同中，无固定期限的占比。", "劳动合同备案",
        per=100, places=1, is_share=True, watches=SETTLED, compute=open_ended, rows=listed(running), rank=30,
    ),
    Indicator(
        "relations.ending", "本期到期合同", "份", Theme.RELATIONS, "约定终止日在本期内、尚未解除的劳动合同数。", "劳动合同备案",
        watches=SETTLED, compute=counted(ending), rows=listed(ending), rank=40,
    ),
)
