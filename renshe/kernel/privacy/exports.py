"""Taking lists of class 3 out of the platform: a purpose always, a second person where they are big, a trace for good.

An approval is for one list with one filter by one person and lasts a day. What one person takes out alone within a day counts
together, and so do rows that came to a list after it was asked for: many small lists are a big one.
"""

import datetime

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from renshe.kernel.common.divisions import prefix
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy.actions import Reader
from renshe.kernel.privacy.models import Export
from renshe.kernel.privacy.terms import ExportRefusal, ExportState
from renshe.kernel.store.deed import deed

SHORTEST_REASON = 4
LASTS = datetime.timedelta(days=1)
ARTICLE = "个人信息保护法 第六条、第五十一条"


def _refuse(code: ExportRefusal, text: str, then: str = "", field: str = "") -> Refused:
    return Refused(Reason(code, text, article=ARTICLE, then=then, field=field))


def ask(
    reader: Reader, *, listing: str, title: str, query: str, reason: str, count: int, division: str, alone: bool
) -> Export:
    """Ask for a list. It may be taken at once when small or one's own (`alone`), else it waits. Raises Refused."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise _refuse(ExportRefusal.NO_REASON, "请写明用途", "例如：核对三季度新增参保人员", "reason")
    with deed():
        free = alone or count <= _left_alone(reader.account_id)
        export = Export.objects.create(
            listing=listing, title=title, query=query[:500], reason=reason.strip()[:200], count=count, alone=alone,
            account_id=reader.account_id, account_name=reader.name, division=division,
            state=ExportState.APPROVED if free else ExportState.WAITING, asked_at=timezone.now(),
        )
        ledger.record("privacy.export", "", _facts(export))
    return export


def _left_alone(account_id: int) -> int:
    """How many rows an account may still take out today without a second person."""
    since = timezone.now() - LASTS
    own = Export.objects.filter(
        account_id=account_id, asked_at__gt=since, decided_by_id=None, alone=False, state__in=(ExportState.APPROVED, ExportState.TAKEN)
    )
    return int(settings.RENSHE_EXPORT_ALONE - (own.aggregate(rows=Sum("count"))["rows"] or 0))


def hold_to(export: Export, count: int) -> None:
    """Hold a list to what was asked for, before its rows go out. Raises Refused when it has grown beyond what goes alone."""
    grown = count - export.count
    if export.alone or grown <= 0:
        return
    with deed():
        if grown > _left_alone(export.account_id):
            raise _refuse(ExportRefusal.GROWN, f"申请时有{export.count}行，现在有{count}行", "请回到列表重新申请")
        Export.objects.filter(pk=export.pk).update(count=count)


def decide(export_id: int, *, reader: Reader, agree: bool) -> Export:
    """The second person lets a big list go, or not. Raises Refused for one's own. Safe to repeat."""
    with deed():
        export = Export.objects.select_for_update(of=("self",)).get(pk=export_id)
        apart(Duty.APPROVE, reader.account_id, "导出", {Duty.APPLY: export.account_id}).or_raise()
        if export.state == ExportState.WAITING:
            export.state = ExportState.APPROVED if agree else ExportState.REFUSED
            export.decided_by_id, export.decided_by_name = reader.account_id, reader.name
            export.decided_at = timezone.now()
            export.save(update_fields=["state", "decided_by_id", "decided_by_name", "decided_at"])
            ledger.record("privacy.export_decided", "", {**_facts(export), "by": str(reader.account_id)})
    return export


def take(export: Export, digest: str) -> None:
    """Note that the file was handed over. Raises Refused: not approved, or approved more than a day ago."""
    with deed():
        held = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
        if held.state not in (ExportState.APPROVED, ExportState.TAKEN):
            raise _refuse(ExportRefusal.NOT_APPROVED, f"这份导出{ExportState(held.state).label}", "请等另一位复核或审计人员批准")
        if timezone.now() - (held.decided_at or held.asked_at) > LASTS:
            raise _refuse(ExportRefusal.OUT_OF_TIME, "批准已超过一天", "请重新申请")
        held.state, held.taken_at, held.digest = ExportState.TAKEN, timezone.now(), digest
        held.save(update_fields=["state", "taken_at", "digest"])
        ledger.record("privacy.export_taken", "", {**_facts(held), "sha256": digest})


def of_account(account_id: int) -> QuerySet[Export]:
    """One's own exports, newest first."""
    return Export.objects.filter(account_id=account_id).order_by("-id")


def to_decide(account_id: int, division: str) -> QuerySet[Export]:
    """Exports of others within a jurisdiction that wait for a second person, oldest first."""
    waiting = Export.objects.filter(state=ExportState.WAITING).exclude(account_id=account_id)
    return waiting.filter(Q(division__startswith=prefix(division))).order_by("id") if division else waiting.none()


def _facts(export: Export) -> dict[str, object]:
    return {
        "export": str(export.pk), "listing": export.listing, "count": export.count, "state": export.state,
        "account": str(export.account_id), "reason": export.reason,
    }
