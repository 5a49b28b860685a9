"""What the cards tell leaders. By the county the holder lives in."""

from collections.abc import Callable

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from renshe.apps.card.models import Card
from renshe.apps.card.terms import CardState
from renshe.kernel.common.divisions import prefix
from renshe.kernel.indicators.declaration import SETTLED, Indicator, Parts, Rows
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Sense, Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.privacy import masks

MOVES = (*SETTLED, "card.*")
TITLES = ("持卡人", "居住区划", "状态", "申领日", "发卡日")


def held(period: Period) -> QuerySet[Card]:
    """Cards in use that were issued by the end of a period."""
    return Card.objects.filter(state=CardState.ACTIVE, issued_on__lte=period.as_of(timezone.localdate()))


def waiting(period: Period) -> QuerySet[Card]:
    """Cards applied for and not yet issued."""
    return Card.objects.filter(state=CardState.APPLIED)


def counted(rows: Callable[[Period], QuerySet[Card]]) -> Callable[[Period], dict[str, Parts]]:
    """How many, by county."""
    def compute(period: Period) -> dict[str, Parts]:
        found = rows(period).annotate(county=Substr("person__division", 1, 6)).order_by().values("county")
        return {row["county"]: Parts(row["n"]) for row in found.annotate(n=Count("pk"))}
    return compute


def listed(rows: Callable[[Period], QuerySet[Card]]) -> Rows:
    """Cards as rows: no numbers, names masked."""
    def find(division: str, period: Period) -> QuerySet[Card]:
        found = rows(period).filter(person__division__startswith=prefix(division))
        return found.select_related("person").order_by("-id")
    return Rows(TITLES, find, _cells)


def _cells(row: Card) -> tuple[object, ...]:
    return (masks.name(row.person.name), territory().name_of(row.person.division), CardState(row.state).label, row.applied_on, row.issued_on or "")


INDICATORS = (
    Indicator(
        "card.held", "社会保障卡持卡", "张", Theme.SERVICE, "期末已发卡并在用的社会保障卡数，一人一张。", "社会保障卡登记",
        watches=MOVES, compute=counted(held), rows=listed(held), rank=110,
    ),
    Indicator(
        "card.waiting", "待发卡", "张", Theme.SERVICE, "已申领还没有发卡的社会保障卡数。", "社会保障卡登记", sense=Sense.CEILING,
        dated=False, watches=MOVES, compute=counted(waiting), rows=listed(waiting), rank=120,
    ),
)
