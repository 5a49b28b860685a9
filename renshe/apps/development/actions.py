"""Enter a weight with its document, have a second officer confirm it, withdraw it."""

import datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from renshe.apps.development.models import WeightEntry
from renshe.apps.development.terms import Dimension, WeightFault
from renshe.kernel.access.actor import Actor
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.store.deed import deed

PERCENT = Decimal(10) ** 2


def _refuse(code: WeightFault, text: str, *, field: str = "", then: str = "") -> Refused:
    return Refused(Reason(code, text, article="平台规则：录入与复核分离", then=then, field=field))


def enter(*, dimension: str, valid_from: datetime.date, value: str, document: str, actor: Actor) -> WeightEntry:
    """Propose a weight. It counts once somebody else confirms it. Raises Refused."""
    if dimension not in set(Dimension):
        raise _refuse(WeightFault.UNKNOWN_DIMENSION, f"没有“{dimension}”这一维度", field="dimension")
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= PERCENT or number != round(number, 2):
        raise _refuse(WeightFault.BAD_VALUE, f"“{value}”不是权重；应为0到100之间的数，最多两位小数", field="value")
    if not document.strip():
        raise _refuse(WeightFault.NO_DOCUMENT, "请写明依据文件的名称和文号", field="document")
    with deed():
        entry = WeightEntry.objects.create(
            dimension=dimension, valid_from=valid_from, value=number, document=document.strip(),
            entered_by_id=actor.account_id, entered_at=timezone.now(),
        )
        ledger.record("development.enter", "", _facts(entry, actor))
        return entry


def confirm(entry_id: int, *, actor: Actor) -> WeightEntry:
    """A second officer confirms. Raises Refused. Safe to repeat."""
    with deed():
        entry = WeightEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.withdrawn_at:
            raise _refuse(WeightFault.WITHDRAWN, "这一权重已撤回，不能复核")
        if entry.confirmed_by_id:
            return entry
        apart(Duty.APPROVE, actor.account_id, "权重", {Duty.ENTER: entry.entered_by_id}).or_raise()
        entry.confirmed_by_id, entry.confirmed_at = actor.account_id, timezone.now()
        entry.save(update_fields=["confirmed_by_id", "confirmed_at"])
        ledger.record("development.confirm", "", _facts(entry, actor))
        return entry


def withdraw(entry_id: int, *, actor: Actor) -> WeightEntry:
    """Take a weight back; the one before it counts again. Safe to repeat."""
    with deed():
        entry = WeightEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.withdrawn_at is None:
            entry.withdrawn_at = timezone.now()
            entry.save(update_fields=["withdrawn_at"])
            ledger.record("development.withdraw", "", _facts(entry, actor))
        return entry


def _facts(entry: WeightEntry, actor: Actor) -> dict[str, str]:
    return {
        "dimension": entry.dimension, "from": entry.valid_from.isoformat(), "value": str(entry.value),
        "document": entry.document, "by": str(actor.account_id),
    }
