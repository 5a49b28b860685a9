"""Propose a draft of law, change it, have it weighed, discard it. Nothing here changes the law."""

import datetime
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from polars.exceptions import PolarsError

from renshe.kernel.access.actor import Actor
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.frames.reading import Absent, Damaged
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.policy.engine.draft import DraftError, change, drafted, without
from renshe.kernel.policy.engine.places import code
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import folders, policies
from renshe.kernel.store.deed import deed
from renshe.kernel.sweeps import queries, running
from renshe.kernel.sweeps.facts import ready
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import DraftFault, DraftState
from renshe.kernel.sweeps.trying import unswept
from renshe.kernel.sweeps.weighing import weigh

LEFT_AFTER = timedelta(seconds=60)  # a draft whose worker has said nothing for so long is taken up anew
TELL_EVERY = 0.4  # seconds between two words of progress
RULE = "平台规则：试算"
FAULTS = (Absent, Damaged, OSError, PolarsError, ValueError, LookupError, FormulaError)


def _refuse(fault: DraftFault, text: str, *, field: str = "", then: str = "") -> Refused:
    return Refused(Reason(fault, text, article=RULE, then=then, field=field))


def propose(
    *, title: str, policy: str, output: str, place: str, valid_from: str, actor: Actor, changes: Sequence[Mapping[str, Any]] = (),
) -> Draft:
    """Save a draft, to be changed further or weighed. Raises Refused, naming the field."""
    if policy not in policies():
        raise _refuse(DraftFault.NO_POLICY, "请选择一项可以测算的政策", field="policy")
    head = _head(policy, title, output, place, valid_from)
    now = timezone.now()
    draft = Draft(policy=policy, **head, created_by_id=actor.account_id, created_at=now, touched_at=now)
    draft.changes = _made(draft, changes)
    with deed():
        draft = Draft.objects.create(**{field.attname: getattr(draft, field.attname) for field in Draft._meta.concrete_fields})
        ledger.record("whatif.propose", "", _facts(draft, actor))
    return draft


def revise(
    draft_id: int, *, actor: Actor, changes: Sequence[Mapping[str, Any]] | None = None, put: Mapping[str, Any] | None = None,
    drop: tuple[str, str] | None = None, **head: str,
) -> Draft:
    """Change a draft: its head (`title`, `output`, `valid_from`), all its changes, or one put in or dropped (kind, name).

    What it came to before is forgotten. Raises Refused, naming the field, and Draft.DoesNotExist.
    """
    with deed():
        draft = Draft.objects.select_for_update().get(pk=draft_id)
        if draft.state == DraftState.RUNNING:
            raise _refuse(DraftFault.BUSY, "这份草案正在试算，算完后再改", then="请稍候")
        known = {name: str(getattr(draft, name)) for name in ("title", "output", "place", "valid_from")}
        for name, value in _head(draft.policy, **{**known, **head}).items():
            setattr(draft, name, value)
        gone = drop or ((str(put.get("kind")), str(put.get("name"))) if put else ("", ""))
        wanted = without(draft.changes if changes is None else changes, *gone)
        draft.changes = _made(draft, [*wanted, *([put] if put else [])])
        draft.state, draft.result, draft.fault, draft.touched_at = DraftState.EDITING, None, "", timezone.now()
        Draft.objects.filter(pk=draft.pk).update(**{
            name: getattr(draft, name)
            for name in ("title", "output", "place", "valid_from", "changes", "state", "result", "fault", "touched_at")
        })
        ledger.record("whatif.revise", "", _facts(draft, actor))
    return draft


def have_weighed(draft_id: int, *, actor: Actor) -> Draft:
    """Have a draft weighed in the background. Safe to repeat. Raises Refused where there is nothing to weigh or no facts."""
    with deed():
        draft = Draft.objects.select_for_update().get(pk=draft_id)
        if draft.state in (DraftState.WAITING, DraftState.RUNNING):
            return draft
        if running.published() is None:
            raise _refuse(DraftFault.NO_SWEEP, "还没有测算过，没有可用的事实", then="请运行人员先运行 renshe sweep")
        if not draft.changes:
            raise _refuse(DraftFault.NO_CHANGE, "这份草案还没有改动", field="changes", then="请先改一个政策值、公式或表")
        _check_weighable(draft)
        draft.state, draft.result, draft.fault, draft.done, draft.touched_at = DraftState.WAITING, None, "", 0, timezone.now()
        Draft.objects.filter(pk=draft.pk).update(state=draft.state, result=None, fault="", done=0, touched_at=draft.touched_at)
        ledger.record("whatif.weigh", "", _facts(draft, actor))
    return draft


def _head(policy: str, title: str, output: str, place: str, valid_from: str) -> dict[str, Any]:
    """The fields of a draft's head, checked."""
    if not title.strip():
        raise _refuse(DraftFault.BAD_TITLE, "请给草案起一个名称", field="title")
    if output not in dict(queries.amounts(policies()[policy])):
        raise _refuse(DraftFault.NO_OUTPUT, "请选择一项可以测算的政策和一个金额结果", field="output")
    try:
        return {"title": title.strip()[:80], "output": output, "place": code(place), "valid_from": datetime.date.fromisoformat(valid_from)}
    except BadInput as fault:
        raise _refuse(DraftFault.BAD_DAY, str(fault), field="place") from None
    except ValueError:
        raise _refuse(DraftFault.BAD_DAY, "请填写起始日，如 2027-01-01", field="valid_from") from None


def _made(draft: Draft, raw: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The changes, each checked alone and all together. Raises Refused, naming the change and its field."""
    try:
        changes = [change(one) for one in raw]
        drafted(folders(), draft.policy, changes, draft.place, draft.valid_from)
    except DraftError as fault:
        raise Refused(refusal(fault)) from None
    return [one.as_json() for one in changes]


def refusal(fault: DraftError) -> Reason:
    """A change that cannot be made, as a reason: where, what, what instead."""
    where = f"第{fault.line}行第{fault.column}列：" if fault.line else ""
    then = f"可以写：{fault.accepts}" if fault.accepts else ""
    return Reason(DraftFault.BAD_CHANGE, f"{where}{fault}", article=RULE, then=then, field=fault.field)


def _check_weighable(draft: Draft) -> None:
    """Whether what was swept suffices for the draft. Raises Refused."""
    try:
        made = queries.drafted_of(draft)
    except DraftError as fault:
        raise Refused(refusal(fault)) from None
    if says := unswept(made, draft.output):
        raise _refuse(DraftFault.NOT_SWEPT, says, field="changes")


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
        found: dict[str, Any] = {"result": _weighed(draft), "state": DraftState.DONE, "fault": ""}
    except FAULTS as fault:
        found = {"state": DraftState.FAILED, "fault": str(fault)[:400]}
    with deed():
        Draft.objects.filter(pk=draft.pk, state=DraftState.RUNNING).update(
            **found, finished_at=timezone.now(), touched_at=timezone.now(), took_ms=round((time.monotonic() - start) * 1000),
        )
    return True


def _weighed(draft: Draft) -> dict[str, Any]:
    said = running.published()
    if said is None:
        raise LookupError("还没有测算过，没有可用的事实")
    on = datetime.date.fromisoformat(said["on"])
    policy, told = policies()[draft.policy], [0.0]
    one, made = ready(policy, on, said["place"], entered(said["place"])), queries.drafted_of(draft)

    def progress(done: int, of: int) -> None:
        if time.monotonic() - told[0] >= TELL_EVERY:
            told[0] = time.monotonic()
            with deed():
                Draft.objects.filter(pk=draft.pk).update(done=done, of=of, touched_at=timezone.now(), sweep=said["key"])

    found = weigh(said["key"], one, made, draft.output, on, entered, progress, place=said["place"])
    then = max(on, draft.valid_from)
    return {
        **found, "sweep": said["key"], "on": said["on"], "version": policy.law(on, said["place"], entered(said["place"])).version,
        "draft_version": made.policy.law(then, said["place"], made.entered(entered)(said["place"])).version,
    }


def _facts(draft: Draft, actor: Actor) -> dict[str, str]:
    told = "、".join(f"{one['kind']}:{one['name']}" for one in draft.changes)
    text = json.dumps(draft.changes, ensure_ascii=False, sort_keys=True)
    return {
        "draft": str(draft.pk), "policy": draft.policy, "output": draft.output, "place": draft.place, "changes": told,
        "from": draft.valid_from.isoformat(), "digest": hashlib.sha256(text.encode()).hexdigest(), "by": str(actor.account_id),
    }
