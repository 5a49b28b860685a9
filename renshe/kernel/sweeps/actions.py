"""Propose a draft of law, weigh what waits, discard. Nothing here changes the law."""

import datetime
import time
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from polars.exceptions import PolarsError

from renshe.kernel.access.actor import Actor
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.frames.reading import Absent, Damaged
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.policy.engine.places import code
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies
from renshe.kernel.store.deed import deed
from renshe.kernel.sweeps import queries, running
from renshe.kernel.sweeps.facts import ready
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import DraftFault, DraftState
from renshe.kernel.sweeps.weighing import Change, versions, weigh

LEFT_AFTER = timedelta(seconds=60)  # a draft whose worker has said nothing for so long is taken up anew
TELL_EVERY = 0.4  # seconds between two words of progress
FAULTS = (Absent, Damaged, OSError, PolarsError, ValueError, LookupError)


def _refuse(fault: DraftFault, text: str, *, field: str = "", then: str = "") -> Refused:
    return Refused(Reason(fault, text, article="平台规则：试算", then=then, field=field))


def propose(
    *, title: str, policy: str, output: str, place: str, valid_from: str, actor: Actor, parameter: str = "", value: str = "",
    rule: str = "", rule_since: str = "",
) -> Draft:
    """Save a draft and have it weighed. Raises Refused, naming the field."""
    if not title.strip():
        raise _refuse(DraftFault.BAD_TITLE, "请给草案起一个名称", field="title")
    if running.published() is None:
        raise _refuse(DraftFault.NO_SWEEP, "还没有测算过，没有可用的事实", then="请运行人员先运行 renshe sweep")
    if policy not in policies() or output not in dict(queries.amounts(policies()[policy])):
        raise _refuse(DraftFault.NO_OUTPUT, "请选择一项可以测算的政策和一个金额结果", field="output")
    known = policies()[policy]
    try:
        place, day = code(place), datetime.date.fromisoformat(valid_from)
    except BadInput as fault:
        raise _refuse(DraftFault.BAD_DAY, str(fault), field="place") from None
    except ValueError:
        raise _refuse(DraftFault.BAD_DAY, "请填写起始日，如 2027-01-01", field="valid_from") from None
    since = _checked(known, parameter, value, rule, rule_since)
    now = timezone.now()
    with deed():
        draft = Draft.objects.create(
            title=title.strip()[:80], policy=policy, output=output, parameter=parameter, place=place, valid_from=day,
            value=value.strip(), rule=rule, rule_since=since, created_by_id=actor.account_id, created_at=now, touched_at=now,
        )
        ledger.record("whatif.propose", "", _facts(draft, actor))
    return draft


def _checked(known: Policy, parameter: str, value: str, rule: str, rule_since: str) -> datetime.date | None:
    """The first day of the formula switched to, None for a value. Raises Refused."""
    if bool(parameter) == bool(rule):
        raise _refuse(DraftFault.NO_CHANGE, "请改一个政策值，或换一个公式（二者选一）", field="parameter")
    if parameter:
        if parameter not in known.parameters:
            raise _refuse(DraftFault.NO_PARAMETER, f"{known.title}没有“{parameter}”这一政策值", field="parameter")
        try:
            known.parameters[parameter].unit.read(value)
        except BadInput as fault:
            raise _refuse(DraftFault.BAD_VALUE, f"{known.parameters[parameter].label}：{fault}", field="value") from None
        return None
    for name, _, since in versions(known):
        if (name, since.isoformat()) == (rule, rule_since):
            return since
    raise _refuse(DraftFault.NO_PARAMETER, "没有这一天的公式", field="rule", then="可选的公式见页面所列")


def discard(draft_id: int, *, actor: Actor) -> None:
    """Delete a draft. Safe to repeat."""
    with deed():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if draft is not None:
            ledger.record("whatif.discard", "", _facts(draft, actor))
            draft.delete()


def weigh_waiting() -> bool:
    """Weigh the oldest draft that waits, or was left by a worker that died; False when there is none."""
    with deed():
        left = Q(state=DraftState.RUNNING, touched_at__lt=timezone.now() - LEFT_AFTER)
        draft = Draft.objects.select_for_update().filter(Q(state=DraftState.WAITING) | left).order_by("id").first()
        if draft is None:
            return False
        Draft.objects.filter(pk=draft.pk).update(state=DraftState.RUNNING, touched_at=timezone.now(), done=0)
    start = time.monotonic()
    try:
        change: dict[str, Any] = {"result": _weighed(draft), "state": DraftState.DONE, "fault": ""}
    except FAULTS as fault:
        change = {"state": DraftState.FAILED, "fault": str(fault)[:400]}
    with deed():
        Draft.objects.filter(pk=draft.pk).update(
            **change, finished_at=timezone.now(), touched_at=timezone.now(), took_ms=round((time.monotonic() - start) * 1000),
        )
    return True


def _weighed(draft: Draft) -> dict[str, Any]:
    said = running.published()
    if said is None:
        raise LookupError("还没有测算过，没有可用的事实")
    on = datetime.date.fromisoformat(said["on"])
    policy, told = policies()[draft.policy], [0.0]
    one = ready(policy, on, said["place"], entered(said["place"]))
    value = policy.parameters[draft.parameter].unit.read(draft.value) if draft.parameter else None
    change = Change(draft.place, draft.valid_from, draft.parameter, value, draft.rule, draft.rule_since)

    def progress(done: int, of: int) -> None:
        if time.monotonic() - told[0] >= TELL_EVERY:
            told[0] = time.monotonic()
            with deed():
                Draft.objects.filter(pk=draft.pk).update(done=done, of=of, touched_at=timezone.now(), sweep=said["key"])

    found = weigh(said["key"], one, change, draft.output, on, entered, progress)
    return {**found, "sweep": said["key"], "on": said["on"], "version": policy.law(on, said["place"], entered(said["place"])).version}


def _facts(draft: Draft, actor: Actor) -> dict[str, str]:
    return {
        "draft": str(draft.pk), "policy": draft.policy, "output": draft.output, "parameter": draft.parameter, "place": draft.place,
        "from": draft.valid_from.isoformat(), "value": draft.value, "rule": draft.rule, "by": str(actor.account_id),
    }
