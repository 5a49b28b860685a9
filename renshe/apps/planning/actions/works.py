"""Writes works: milestones with their evidence, reminders, and the sheets that are issued."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Max
from django.utils import timezone

from renshe.apps.planning import queries, rules
from renshe.apps.planning.models import Assessment, Milestone, Office, Plan, Reminder, Work
from renshe.apps.planning.terms import Nearness, PlanState, Refusal, SheetKind
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.notices.models import Notice
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert

NEAR = timedelta(days=14)


def _refuse(code: Refusal, text: str, *, then: str = "", field: str = "") -> Refused:
    return Refused(Reason(code, text, then=then, field=field))


def _watched_work(work_id: int) -> Work:
    work = Work.objects.select_for_update(of=("self",)).select_related("plan", "office").get(pk=work_id)
    rules.may_watch(PlanState(work.plan.state)).or_raise()
    return work


def add_milestone(work_id: int, name: str, due_on: date, *, actor: Actor) -> Milestone:
    """Give a work one more step with its day. Raises Refused."""
    name = name.strip()
    if not name or len(name) > int(Milestone._meta.get_field("name").max_length or 0):
        raise _refuse(Refusal.BAD_VALUE, "请写明这一节点要完成什么，不超过三百字", field="name")
    with deed():
        work = _watched_work(work_id)
        last = work.milestones.aggregate(last=Max("position"))["last"]
        made = Milestone.objects.create(work=work, position=0 if last is None else last + 1, name=name, due_on=due_on)
        ledger.record("planning.add_milestone", "", {"work": str(work.pk), "milestone": str(made.pk), "due": str(due_on), "by": str(actor.account_id)})
        return made


def move_milestone(milestone_id: int, due_on: date, reason: str, *, actor: Actor) -> Milestone:
    """Change the day of a step not yet done; the reason goes into the ledger. Raises Refused."""
    if not reason.strip():
        raise _refuse(Refusal.BAD_VALUE, "请写明改期的理由", field="reason")
    with deed():
        step = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone_id)
        _watched_work(step.work_id)
        if step.done_on:
            raise _refuse(Refusal.WRONG_STATE, "这一节点已经完成，不能改期")
        before, step.due_on = step.due_on, due_on
        step.save(update_fields=["due_on"])
        ledger.record("planning.move_milestone", "", {
            "milestone": str(step.pk), "before": str(before), "due": str(due_on), "reason": reason.strip(), "by": str(actor.account_id),
        })
        return step


def reach(milestone_id: int, *, done_on: date, evidence: str, reached: str = "", actor: Actor) -> Milestone:
    """Say that a step is done, and by what evidence. Only its owner's contact or a planner. Raises Refused."""
    if not evidence.strip():
        raise _refuse(Refusal.NO_DOCUMENT, "请写明佐证材料（名称和文号，或公示、合同、验收单编号）", field="evidence")
    if done_on > timezone.localdate():
        raise _refuse(Refusal.BAD_VALUE, "完成日不能晚于今天", field="done_on")
    with deed():
        step = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone_id)
        work = _watched_work(step.work_id)
        contact = work.office.account_id if work.office else None
        rules.may_report(plans=actor.may(Permission.PLAN), contact=contact, actor_id=actor.account_id).or_raise()
        step.done_on, step.done_by_id = done_on, actor.account_id
        step.evidence = evidence.strip()[: Milestone._meta.get_field("evidence").max_length]
        step.reached = _number(reached) if reached.strip() else None
        if step.goal is not None and step.reached is None:
            raise _refuse(Refusal.BAD_VALUE, "这一节点有数量要求，请填实际完成数", field="reached")
        step.save(update_fields=["done_on", "done_by_id", "evidence", "reached"])
        ledger.record("planning.reach", "", {
            "milestone": str(step.pk), "done": str(done_on), "reached": str(step.reached), "evidence": step.evidence, "by": str(actor.account_id),
        })
        return step


def _number(typed: str) -> Decimal:
    try:
        number = Decimal(typed.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 12:
        raise _refuse(Refusal.BAD_VALUE, f"“{typed}”不是数，请只填数字", field="reached")
    return number


def entrust(work_id: int, office: Office | None, *, actor: Actor) -> Work:
    """Give a work to another office. Raises Refused."""
    with deed():
        work = _watched_work(work_id)
        work.office = office
        work.save(update_fields=["office"])
        ledger.record("planning.entrust", "", {"work": str(work.pk), "office": office.name if office else "", "by": str(actor.account_id)})
        return work


def stop(work_id: int, reason: str, *, actor: Actor) -> Work:
    """End a work before it is done, with the reason. Raises Refused."""
    if not reason.strip():
        raise _refuse(Refusal.BAD_VALUE, "请写明终止的理由和依据", field="reason")
    with deed():
        work = _watched_work(work_id)
        work.stopped_on, work.stopped_because = timezone.localdate(), reason.strip()[: Work._meta.get_field("stopped_because").max_length]
        work.save(update_fields=["stopped_on", "stopped_because"])
        ledger.record("planning.stop", "", {"work": str(work.pk), "reason": work.stopped_because, "by": str(actor.account_id)})
        return work


def remind(today: date) -> int:
    """Tell owners what is due within two weeks or overdue; once a week each, however often it runs. Returns how many."""
    week = f"{today.isocalendar().year}-W{today.isocalendar().week:02d}"
    with deed():
        told = set(Reminder.objects.filter(week=week).values_list("milestone_id", "nearness"))
        rows: list[dict[str, Any]] = []
        by_account: dict[int, list[tuple[Nearness, Milestone]]] = {}
        for step in queries.open_milestones(today + NEAR):
            nearness = Nearness.OVERDUE if step.due_on < today else Nearness.DUE
            account_id = (step.work.office.account_id if step.work.office else None) or step.work.plan.published_by_id
            if (step.pk, str(nearness)) in told or account_id is None:
                continue
            rows.append({"id": ids.new(), "milestone_id": step.pk, "nearness": str(nearness), "week": week, "sent_at": timezone.now()})
            by_account.setdefault(account_id, []).append((nearness, step))
        insert(Reminder, rows)
        insert(Notice, [_notice(account_id, steps) for account_id, steps in by_account.items()])
        if rows:
            ledger.record("planning.remind", "", {"week": week, "milestones": [str(row["milestone_id"]) for row in rows]})
    return len(rows)


def _notice(account_id: int, steps: list[tuple[Nearness, Milestone]]) -> dict[str, Any]:
    late = sum(nearness is Nearness.OVERDUE for nearness, _ in steps)
    first = "；".join(f"{step.due_on:%Y-%m-%d} {step.name}（{nearness.label}）" for nearness, step in steps[:5])
    more = f"；另有{len(steps) - 5}个" if len(steps) > 5 else ""
    return notices.notice_row("plan", f"规划节点：{late}个已逾期，{len(steps) - late}个将到期", f"{first}{more}。请到“规划任务”填报完成情况和佐证。", account_id=account_id)


def issue(plan: Plan, kind: SheetKind, period: str, division: str, content: dict[str, Any], *, actor: Actor) -> Assessment:
    """Issue a sheet as it stands now; the same content is issued once. Raises Refused."""
    rules.may_watch(PlanState(plan.state)).or_raise()
    digest = hashlib.sha256(ledger.canonical(content).encode()).hexdigest()
    with deed():
        known = Assessment.objects.filter(plan=plan, kind=kind, period=period, division=division, digest=digest).first()
        if known is not None:
            return known
        made = Assessment.objects.create(
            plan=plan, kind=kind, period=period, division=division, content=content, digest=digest,
            issued_by_id=actor.account_id, issued_at=timezone.now(),
        )
        ledger.record("planning.issue", "", {
            "plan": str(plan.pk), "kind": str(kind), "period": period, "division": division, "sha256": digest, "by": str(actor.account_id),
        })
        return made
