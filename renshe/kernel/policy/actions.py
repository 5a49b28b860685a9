"""Enter a value of law that the folder leaves empty, have a second officer confirm it, withdraw it."""

import datetime

from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.policy import queries
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.registry import policies
from renshe.kernel.store.deed import deed


def _refuse(code: str, text: str, *, field: str = "", then: str = "") -> Refused:
    return Refused(Reason(code, text, article="平台规则：录入与复核分离", then=then, field=field))


def enter(
    *, parameter: str, place: str, valid_from: datetime.date, value: str, document: str, article: str, actor: Actor
) -> EnteredValue:
    """Propose a value with its document. It applies once somebody else confirms it. Raises Refused."""
    known = {name: one for policy in policies().values() for name, one in policy.parameters.items()}
    if parameter not in known:
        raise _refuse("unknown_parameter", f"没有“{parameter}”这一政策值", field="parameter")
    if not document.strip():
        raise _refuse("no_document", "请写明依据文件的名称和文号", field="document")
    try:
        known[parameter].unit.read(value)
    except BadInput as fault:
        raise _refuse("bad_value", f"{known[parameter].label}：{fault}", field="value") from None
    with deed():
        entry = EnteredValue.objects.create(
            parameter=parameter, place=place, valid_from=valid_from, value=value.strip(), document=document.strip(),
            article=article.strip(), entered_by_id=actor.account_id, entered_at=timezone.now(),
        )
        ledger.record("policy.enter", "", _facts(entry, actor))
    return entry


def confirm(entry_id: int, *, actor: Actor) -> EnteredValue:
    """A second officer confirms; from then on the value is law here. Raises Refused. Safe to repeat."""
    with deed():
        entry = EnteredValue.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.withdrawn_at:
            raise _refuse("withdrawn", "该值已撤回，不能复核")
        if entry.confirmed_by_id:
            return entry
        apart(Duty.APPROVE, actor.account_id, "政策值", {Duty.ENTER: entry.entered_by_id}).or_raise()
        entry.confirmed_by_id, entry.confirmed_at = actor.account_id, timezone.now()
        entry.save(update_fields=["confirmed_by_id", "confirmed_at"])
        ledger.record("policy.confirm", "", _facts(entry, actor))
    queries.forget()
    return entry


def withdraw(entry_id: int, *, actor: Actor) -> EnteredValue:
    """Take a value back; decisions already taken keep the version they used. Safe to repeat."""
    with deed():
        entry = EnteredValue.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.withdrawn_at is None:
            entry.withdrawn_at = timezone.now()
            entry.save(update_fields=["withdrawn_at"])
            ledger.record("policy.withdraw", "", _facts(entry, actor))
    queries.forget()
    return entry


def _facts(entry: EnteredValue, actor: Actor) -> dict[str, str]:
    return {
        "parameter": entry.parameter, "place": entry.place, "from": entry.valid_from.isoformat(),
        "value": entry.value, "document": entry.document, "article": entry.article, "by": str(actor.account_id),
    }
