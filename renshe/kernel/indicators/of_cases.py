"""What the cases say of the service: how many, how fast, how well rated. By the division of the case."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr, TruncDate
from django.utils import timezone

from renshe.kernel.cases import kinds, rules
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import Channel, Deed, State
from renshe.kernel.common.divisions import prefix
from renshe.kernel.indicators.declaration import Parts, Rows
from renshe.kernel.indicators.periods import Period
from renshe.kernel.ledger.models import Leaf

GOOD = 4  # of five grades: 满意 and 非常满意
IN_TIME = Q(due_on=None) | Q(closed_day__lte=F("due_on"))
TITLES = ("办件编号", "事项", "单位", "状态", "渠道", "提交", "期限", "办结", "评价")


def opened(period: Period) -> QuerySet[Case]:
    """Cases submitted within a period."""
    return Case.objects.annotate(opened_day=TruncDate("opened_at")).filter(
        opened_day__gte=period.first, opened_day__lt=period.until
    )


def closed(period: Period) -> QuerySet[Case]:
    """Cases decided or refused within a period."""
    return Case.objects.filter(state__in=(State.DECIDED, State.REFUSED)).annotate(closed_day=TruncDate("closed_at")).filter(
        closed_day__gte=period.first, closed_day__lt=period.until
    )


def rated(period: Period) -> QuerySet[Case]:
    """Cases rated within a period."""
    return Case.objects.exclude(rating=None).annotate(rated_day=TruncDate("rated_at")).filter(
        rated_day__gte=period.first, rated_day__lt=period.until
    )


def open_now(period: Period) -> QuerySet[Case]:
    """Cases not yet closed today."""
    return Case.objects.filter(state__in=rules.OPEN)


def overdue(period: Period) -> QuerySet[Case]:
    """Open cases past their day, their clock running."""
    return open_now(period).filter(due_on__lt=timezone.localdate(), stopped_on=None)


def at_once(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those the platform settled itself, without an officer."""
    return cases.filter(Exists(CaseEvent.objects.filter(case=OuterRef("pk"), deed=Deed.SETTLE)))


def _by_county(cases: QuerySet[Case]) -> QuerySet[Case, dict[str, object]]:
    return cases.annotate(county=Substr("division", 1, 6)).order_by().values("county")


def counted(cases: QuerySet[Case]) -> dict[str, Parts]:
    """How many, by county."""
    return {row["county"]: Parts(row["n"]) for row in _by_county(cases).annotate(n=Count("pk"))}


def shared(cases: QuerySet[Case], which: Q) -> dict[str, Parts]:
    """How many of them are so, by county."""
    rows = _by_county(cases).annotate(n=Count("pk", filter=which), of=Count("pk"))
    return {row["county"]: Parts(row["n"], row["of"]) for row in rows}


def settled_at_once(period: Period) -> dict[str, Parts]:
    """Of the cases closed, those settled by the platform itself."""
    everything, own = counted(closed(period)), counted(at_once(closed(period)))
    return {county: Parts(own[county].numerator if county in own else 0, all_.numerator) for county, all_ in everything.items()}


def in_time(period: Period) -> dict[str, Parts]:
    """Of the cases closed, those closed by their day."""
    return shared(closed(period), IN_TIME)


def well_rated(period: Period) -> dict[str, Parts]:
    """Of the cases rated, those rated four or five."""
    return shared(rated(period), Q(rating__gte=GOOD))


def rated_share(period: Period) -> dict[str, Parts]:
    """Of the cases closed, those whose applicant rated them."""
    return shared(closed(period), ~Q(rating=None))


def overdue_share(period: Period) -> dict[str, Parts]:
    """Of the cases open now, those past their day."""
    return shared(open_now(period), Q(due_on__lt=timezone.localdate(), stopped_on=None))


def cited(period: Period) -> dict[str, Parts]:
    """Of the cases closed, those that name the version of the law they were judged by."""
    return shared(closed(period), ~Q(policy_version=""))


def recorded(period: Period) -> dict[str, Parts]:
    """Of the cases closed, those with an entry in the public ledger."""
    return shared(closed(period), Q(Exists(Leaf.objects.filter(case_number=OuterRef("number")))))


def without_counter(period: Period) -> dict[str, Parts]:
    """Of the cases submitted, those that came by form, program or roster."""
    return shared(opened(period), ~Q(channel=Channel.COUNTER))


def listed(which: object) -> Rows:
    """Cases as rows: no names of persons, no identity numbers."""

    def find(division: str, period: Period) -> QuerySet[Case]:
        cases: QuerySet[Case] = which(period)  # type: ignore[operator]
        return cases.filter(division__startswith=prefix(division)).select_related("organisation").order_by("-id")

    return Rows(TITLES, find, _cells)


def _cells(case: Case) -> tuple[object, ...]:
    return (
        case.number, kinds.kind(case.kind).label, case.organisation.name if case.organisation else "个人",
        State(case.state).label, Channel(case.channel).label, timezone.localdate(case.opened_at), case.due_on or "",
        timezone.localdate(case.closed_at) if case.closed_at else "", case.rating or "",
    )
