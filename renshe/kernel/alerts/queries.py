"""Asks about alerts."""

import datetime
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone

from renshe.kernel.access.terms import Finding
from renshe.kernel.alerts.limits import limits
from renshe.kernel.alerts.models import Alert, Guarded
from renshe.kernel.alerts.terms import AlertKind, AlertLevel, AlertState
from renshe.kernel.common import calendar
from renshe.kernel.privacy.models import Reading


def alerts(*, text: str = "", kind: str = "", state: str = "", holder: int | None = None) -> QuerySet[Alert]:
    """Alerts, of one `holder` or of nobody (0) if asked: open ones first, grave ones first, then newest first."""
    rows = Alert.objects.all()
    if text:
        rows = rows.filter(Q(reader_name__icontains=text) | Q(words__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    if holder is not None:
        rows = rows.filter(holder_id=holder or None)
    if state:
        rows = rows.filter(state=state)
    grave = Case(*(When(level=one, then=Value(at)) for at, one in enumerate(AlertLevel)), default=Value(9))
    return rows.order_by("-state", grave, "-id")


def readings(alert: Alert) -> QuerySet[Reading]:
    """The readings an alert is about, as far as retention has left them."""
    return Reading.objects.filter(pk__in=alert.evidence).order_by("at", "id")


def questions_of(person_id: int) -> dict[int, Alert]:
    """What a person has questioned, by reading."""
    rows = Alert.objects.filter(kind=AlertKind.QUESTION, person_id=person_id).order_by("id")
    return {int(one.scope): one for one in rows}


def due(kind: AlertKind, on: datetime.date | None = None) -> datetime.date:
    """By when an auditor answers."""
    return calendar.due_on(on or timezone.localdate(), limits()[kind].days, "working")


def guarded() -> QuerySet[Guarded]:
    """The list of people guarded especially, what waits for a second auditor first."""
    return Guarded.objects.order_by(Case(When(state__in=("waiting", "ending"), then=Value(0)), default=Value(1)), "-id")


@dataclass(frozen=True)
class Precision:
    """How often one kind of alert was right."""

    kind: AlertKind
    open: int
    handled: int
    misuse: int
    basis: str

    @property
    def share(self) -> int | None:
        """Percent of the handled ones that were misuse; None before the first finding."""
        return round(100 * self.misuse / self.handled) if self.handled else None


def precision() -> list[Precision]:
    """Each kind with its findings so far."""
    counted = {
        row["kind"]: row for row in Alert.objects.order_by().values("kind").annotate(
            open=Count("id", filter=Q(state=AlertState.OPEN)), handled=Count("id", filter=Q(state=AlertState.HANDLED)),
            misuse=Count("id", filter=Q(finding=Finding.UNJUSTIFIED)),
        )
    }
    empty = {"open": 0, "handled": 0, "misuse": 0}
    return [
        Precision(kind, *(counted.get(kind, empty)[name] for name in empty), basis=limits()[kind].basis)
        for kind in AlertKind
    ]
