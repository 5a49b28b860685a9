"""Writes what is watched: how a target is read, its schedule, its counties, its figures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from renshe.apps.planning import queries, rules
from renshe.apps.planning.models import Share, Target, Waypoint
from renshe.apps.planning.terms import PlanState, Refusal
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators import actions as indicators
from renshe.kernel.indicators.models import FigureEntry
from renshe.kernel.indicators.terms import Sense
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.store.deed import deed


def _refuse(code: Refusal, text: str, *, then: str = "", field: str = "") -> Refused:
    return Refused(Reason(code, text, then=then, field=field))


def _watched_target(target_id: int) -> Target:
    target = Target.objects.select_for_update(of=("self",)).select_related("plan", "office").get(pk=target_id)
    rules.may_watch(PlanState(target.plan.state)).or_raise()
    return target


def define(target_id: int, *, actor: Actor, **changes: Any) -> Target:
    """Change how a target is read: definition, formula, source, key with divisor, frequency, points, office. Raises Refused."""
    with deed():
        target = _watched_target(target_id)
        for name, value in changes.items():
            setattr(target, name, value)
        target.save(update_fields=list(changes))
        ledger.record("planning.define", "", {
            "target": str(target.pk), "changes": {name: str(value) for name, value in changes.items()}, "by": str(actor.account_id),
        })
    queries.declare(target)
    return target


def plot(target_id: int, points: Mapping[date, Decimal], document: str, *, actor: Actor) -> None:
    """Set the values a target's schedule asks for between base and goal, with the document that says so. Raises Refused."""
    if not document.strip():
        raise _refuse(Refusal.NO_DOCUMENT, "请写明年度安排出自哪份文件", field="document")
    with deed():
        target = _watched_target(target_id)
        target.waypoints.all().delete()
        Waypoint.objects.bulk_create([Waypoint(target=target, on=on, value=value, document=document.strip()) for on, value in sorted(points.items())])
        ledger.record("planning.plot", "", {
            "target": str(target.pk), "points": {str(on): str(value) for on, value in points.items()}, "document": document, "by": str(actor.account_id),
        })


def share_out(target_id: int, shares: Mapping[str, tuple[Decimal | None, Decimal]], document: str, *, actor: Actor) -> None:
    """Set what each county is to reach (base, goal), with the document of the split. Raises Refused."""
    if not document.strip():
        raise _refuse(Refusal.NO_DOCUMENT, "请写明分解方案出自哪份文件", field="document")
    with deed():
        target = _watched_target(target_id)
        whole = sum((goal for _, goal in shares.values()), Decimal(0))
        if shares and rules.adds_up(Sense(target.sense), target.unit) and whole < target.goal:
            raise _refuse(Refusal.BAD_VALUE, f"各县（市、区）目标合计{queries.show(whole)}{target.unit}，少于全市目标{queries.show(target.goal)}{target.unit}",
                          then="请调整分解数，合计应不少于全市目标")
        target.shares.all().delete()
        Share.objects.bulk_create([
            Share(target=target, division=division, base=base, goal=goal, document=document.strip()) for division, (base, goal) in shares.items()
        ])
        ledger.record("planning.share_out", "", {
            "target": str(target.pk), "shares": {division: str(goal) for division, (_, goal) in shares.items()}, "document": document, "by": str(actor.account_id),
        })


def report(target_id: int, *, division: str, period: str, value: str, document: str, actor: Actor) -> FigureEntry:
    """Enter a figure for a target; it stands once somebody else confirms it. Only its owner's contact or a planner. Raises Refused."""
    target = Target.objects.select_related("plan", "office").get(pk=target_id)
    rules.may_watch(PlanState(target.plan.state)).or_raise()
    contact = target.office.account_id if target.office else None
    rules.may_report(plans=actor.may(Permission.PLAN), contact=contact, actor_id=actor.account_id).or_raise()
    queries.declare(target)
    return indicators.enter(indicator=target.key, division=division, period=period, value=value, document=document, actor=actor)
