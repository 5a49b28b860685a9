"""Writes plans: take in a document, judge what was read, publish it as what is watched."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from renshe.apps.planning import queries, rules
from renshe.apps.planning.models import Contradiction, Extract, Milestone, Office, Plan, PlanFile, Target, Work
from renshe.apps.planning.reader import records, source
from renshe.apps.planning.reader.plan import read
from renshe.apps.planning.terms import (
    Bound,
    ExtractKind,
    ExtractState,
    Nature,
    PlanState,
    Refusal,
    Resolution,
    WorkKind,
)
from renshe.apps.planning.watch import schedule, scores
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.models import Account
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators.terms import Frequency, Sense
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert

COUNTED = {
    Sense.LEVEL: "期末时点数", Sense.FLOOR: "期内比率", Sense.CEILING: "期内比率", Sense.YEARLY: "当年1月1日起累计数",
    Sense.CUMULATIVE: "规划期初起累计数",
}


def _refuse(code: Refusal, text: str, *, then: str = "", field: str = "") -> Refused:
    return Refused(Reason(code, text, then=then, field=field))


def take_in(data: bytes, filename: str, *, division: str, account: Account) -> tuple[Plan, bool]:
    """Read a plan and keep it with everything found. Raises Refused. Returns the plan and whether it is new.

    The same file again gives the same plan, and so does a file that only was saved anew: its clean text is the same.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = Plan.objects.filter(digest=digest, division=division).first()
    if known is not None:
        return known, False
    try:
        reading = read(data, filename)
    except source.Unreadable as fault:
        raise _refuse(Refusal.BAD_FILE, str(fault), field="file") from None
    if reading.first_year is None or reading.last_year is None:
        raise _refuse(Refusal.NOTHING_READ, "看不出规划的起止年份", field="file", then="请在标题写明“十五五”或起止年，如（2026—2030年）")
    if not any(kind is not ExtractKind.UNREAD for kind, _ in reading.found):
        raise _refuse(Refusal.NOTHING_READ, "没有读出指标、项目或承诺", field="file", then="请确认是规划正文，不是通知或摘要")
    rows = records.rows(reading)
    for row in rows:
        row.update(id=ids.new(), correction={}, state=str(ExtractState.READ), merged_into_id=None, office_id=None, judged_by_id=None, judged_at=None)
    with deed():
        again = Plan.objects.filter(division=division, title=reading.title, text=reading.text).first()
        if again is not None:
            return again, False
        plan = Plan.objects.create(
            title=reading.title, document_number=reading.document_number, first_year=reading.first_year,
            last_year=reading.last_year, division=division, filename=filename[-_length(Plan, "filename"):], digest=digest, text=reading.text,
            headings=[[level, title, place.start] for level, title, place in reading.headings], state=PlanState.READ,
            imported_by=account, imported_at=timezone.now(),
        )
        PlanFile.objects.create(plan=plan, content=data)
        insert(Extract, [{**row, "plan_id": plan.pk} for row in rows])
        for position, one in enumerate(reading.contradictions):
            kept = Contradiction.objects.create(
                plan=plan, position=position, kind=one.kind, subject=one.subject, note=one.note,
            )
            kept.extracts.set([rows[at]["id"] for at in one.readings])
        ledger.record("planning.take_in", "", {"plan": str(plan.pk), "title": plan.title, "sha256": digest, "by": str(account.pk)})
    return plan, True


def _length(model: type[Any], field: str) -> int:
    return int(model._meta.get_field(field).max_length)


def _locked(plan_id: int) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)


def judge(extract_id: int, state: ExtractState, *, actor: Actor, given: Mapping[str, str] | None = None, into: int | None = None) -> Extract:
    """Keep, correct, merge or drop what was read. Raises Refused. Safe to repeat."""
    with deed():
        extract = Extract.objects.select_for_update(of=("self",)).select_related("plan").get(pk=extract_id)
        rules.may_edit(PlanState(extract.plan.state)).or_raise()
        correction, faults = records.corrections(ExtractKind(extract.kind), given or {})
        if faults:
            raise _refuse(Refusal.BAD_VALUE, "；".join(faults), then="请只填数字，单位写在单位栏")
        if state is ExtractState.CORRECTED:
            changed = {name: value for name, value in correction.items() if value != extract.content.get(name)}
            extract.correction = changed
            state = ExtractState.CORRECTED if changed else ExtractState.KEPT
        extract.merged_into = None
        if state is ExtractState.MERGED:
            extract.merged_into = Extract.objects.filter(plan=extract.plan, pk=into).exclude(pk=extract.pk).first()
            if extract.merged_into is None:
                raise _refuse(Refusal.BAD_VALUE, "请选择并入哪一条", field="into")
        extract.state, extract.judged_by_id, extract.judged_at = state, actor.account_id, timezone.now()
        extract.save(update_fields=["state", "correction", "merged_into", "judged_by_id", "judged_at"])
        ledger.record("planning.judge", "", {
            "plan": str(extract.plan_id), "extract": str(extract.pk), "state": str(state),
            "correction": extract.correction, "by": str(actor.account_id),
        })
        return extract


def add(plan_id: int, kind: ExtractKind, given: Mapping[str, str], quote: str, *, actor: Actor) -> Extract:
    """Take up an indicator or a promise that was not read, with its own words in the text. Raises Refused."""
    with deed():
        plan = _locked(plan_id)
        rules.may_edit(PlanState(plan.state)).or_raise()
        content, faults = records.by_hand(kind, given)
        start = plan.text.find(quote.strip()) if quote.strip() else -1
        if start < 0:
            faults.append("原文里找不到这段话")
        if faults:
            raise _refuse(Refusal.BAD_VALUE, "；".join(faults), then="请从左边原文里复制一段，不跨段落", field="quote")
        last = plan.extracts.latest("position").position
        made = Extract.objects.create(
            plan=plan, position=last + 1, kind=kind, number=str(last + 1) if kind is ExtractKind.INDICATOR else "",
            title=str(content.get("name") or content.get("subject"))[: _length(Extract, "title")], content=content, path=_path(plan, start),
            line=_line(plan, start), start=start, end=start + len(quote.strip()), quote=quote.strip(),
            state=ExtractState.KEPT, judged_by_id=actor.account_id, judged_at=timezone.now(),
        )
        ledger.record("planning.add", "", {"plan": str(plan.pk), "extract": str(made.pk), "content": content, "by": str(actor.account_id)})
        return made


def _line(plan: Plan, start: int) -> int:
    """The line of the file in which an offset of the text stands."""
    lines = source.read(bytes(plan.file.content), plan.filename).lines
    return next(line.line_of(start) for line in lines if line.start <= start <= line.end)


def _path(plan: Plan, start: int) -> list[str]:
    """The headings above an offset of the text."""
    stack: list[tuple[int, str]] = []
    for level, title, at in plan.headings:
        if at > start:
            break
        stack = [one for one in stack if one[0] < level] + [(level, title.rstrip("。"))]
    return [title for _, title in stack]


def keep_rest(plan_id: int, kind: ExtractKind, *, actor: Actor) -> int:
    """Keep every extract of a kind that nobody has judged yet; returns how many. Raises Refused."""
    with deed():
        plan = _locked(plan_id)
        rules.may_edit(PlanState(plan.state)).or_raise()
        state = ExtractState.DROPPED if kind is ExtractKind.UNREAD else ExtractState.KEPT
        count = Extract.objects.filter(plan=plan, kind=kind, state=ExtractState.READ).update(
            state=state, judged_by_id=actor.account_id, judged_at=timezone.now())
        ledger.record("planning.keep_rest", "", {"plan": str(plan.pk), "kind": str(kind), "count": count, "by": str(actor.account_id)})
        return count


def assign(extract_ids: Sequence[int], office: Office | None, *, actor: Actor) -> int:
    """Say who answers for what was read; returns how many. Raises Refused."""
    with deed():
        chosen = Extract.objects.filter(pk__in=list(extract_ids))
        for plan in Plan.objects.filter(extracts__in=chosen).distinct():
            rules.may_edit(PlanState(plan.state)).or_raise()
        count = chosen.update(office=office)
        ledger.record("planning.assign", "", {
            "extracts": [str(one) for one in extract_ids], "office": office.name if office else "", "by": str(actor.account_id),
        })
        return count


def name_office(name: str, division: str, account: Account | None, *, actor: Actor) -> Office:
    """Make an office known, or change its contact. Raises Refused."""
    name = name.strip()
    if not name or len(name) > _length(Office, "name"):
        raise _refuse(Refusal.BAD_VALUE, "请写责任单位的名称，不超过六十字", field="name")
    with deed():
        office, _ = Office.objects.update_or_create(name=name, division=division, defaults={"account": account})
        ledger.record("planning.name_office", "", {"office": name, "division": division, "contact": account.pk if account else None, "by": str(actor.account_id)})
        return office


def decide(contradiction_id: int, resolution: Resolution, *, actor: Actor, chosen: int | None = None, reason: str = "") -> Contradiction:
    """Decide what becomes of readings that differ. Choosing one needs the reading and the reason. Raises Refused."""
    with deed():
        one = Contradiction.objects.select_for_update(of=("self",)).select_related("plan").get(pk=contradiction_id)
        rules.may_edit(PlanState(one.plan.state)).or_raise()
        one.chosen = one.extracts.filter(pk=chosen).first() if resolution is Resolution.ONE else None
        if resolution is Resolution.ONE and (one.chosen is None or not reason.strip()):
            raise _refuse(Refusal.BAD_VALUE, "请选择以哪一处为准，并写明理由", field="chosen")
        one.resolution, one.reason = resolution, reason.strip()[: _length(Contradiction, "reason")]
        one.decided_by_id, one.decided_at = actor.account_id, timezone.now()
        one.save(update_fields=["resolution", "chosen", "reason", "decided_by_id", "decided_at"])
        ledger.record("planning.decide", "", {
            "plan": str(one.plan_id), "subject": one.subject, "resolution": str(resolution),
            "chosen": str(chosen or ""), "reason": one.reason, "by": str(actor.account_id),
        })
        return one


def close_review(plan_id: int, *, actor: Actor) -> Plan:
    """Say that the review is done; somebody else publishes. Raises Refused."""
    with deed():
        plan = _locked(plan_id)
        left = queries.review_progress(plan)
        rules.may_close_review(
            PlanState(plan.state), unread=left.unread, undecided=left.undecided, unowned=left.unowned, targets=left.targets
        ).or_raise()
        plan.state, plan.reviewed_by_id, plan.reviewed_at = PlanState.REVIEWED, actor.account_id, timezone.now()
        plan.save(update_fields=["state", "reviewed_by_id", "reviewed_at"])
        ledger.record("planning.close_review", "", {"plan": str(plan.pk), "by": str(actor.account_id)})
        return plan


def send_back(plan_id: int, *, actor: Actor) -> Plan:
    """Open the review again. Raises Refused."""
    with deed():
        plan = _locked(plan_id)
        if plan.state != PlanState.REVIEWED:
            raise _refuse(Refusal.WRONG_STATE, f"规划“{PlanState(plan.state).label}”，不能退回")
        plan.state = PlanState.READ
        plan.save(update_fields=["state"])
        ledger.record("planning.send_back", "", {"plan": str(plan.pk), "by": str(actor.account_id)})
        return plan


def publish(plan_id: int, *, actor: Actor) -> Plan:
    """Make targets and works of what was adopted and tell their owners. The reviewer may not. Raises Refused. Safe to repeat."""
    with deed():
        plan = _locked(plan_id)
        if plan.state == PlanState.PUBLISHED:
            return plan
        rules.may_publish(PlanState(plan.state), reviewed_by=plan.reviewed_by_id, actor_id=actor.account_id).or_raise()
        for older in queries.same_term(plan):
            older.state = PlanState.SUPERSEDED
            older.save(update_fields=["state"])
        targets, works = _targets(plan), _works(plan)
        plan.state, plan.published_by_id, plan.published_at = PlanState.PUBLISHED, actor.account_id, timezone.now()
        plan.save(update_fields=["state", "published_by_id", "published_at"])
        ledger.record("planning.publish", "", {
            "plan": str(plan.pk), "title": plan.title, "sha256": plan.digest, "targets": len(targets), "works": works,
            "reviewed_by": str(plan.reviewed_by_id), "by": str(actor.account_id),
        })
        for account_id in {one.office.account_id for one in targets if one.office and one.office.account_id}:
            notices.send("plan", f"《{plan.title}》已发布", "您是其中指标或工作的责任单位联系人，请到“规划任务”查看并按期填报。", account_id=account_id)
    for target in targets:
        queries.declare(target)
    return plan


def _targets(plan: Plan) -> list[Target]:
    adopted = list(plan.extracts.filter(kind=ExtractKind.INDICATOR, state__in=queries.ADOPTED).order_by("position"))
    points = scores.even(scores.FULL - plan.work_points, len(adopted))
    made: list[Target] = []
    by_name: dict[str, Target] = {}
    for position, (extract, share) in enumerate(zip(adopted, points, strict=True)):
        said, identifier = extract.said, ids.new()
        if said["goal"] is None:
            raise _refuse(Refusal.BAD_VALUE, f"指标“{said['name']}”没有目标数", then="请更正或不采用")
        sense = Sense(str(said["sense"]))
        target = Target.objects.create(
            id=identifier, plan=plan, extract=extract, position=position, number=extract.number, name=str(said["name"]),
            unit=str(said["unit"]), group=str(said["group"]), nature=Nature(str(said["nature"])), sense=sense, bound=Bound(str(said["bound"])),
            base=_decimal(said["base"]), base_year=said["base_year"], goal=_decimal(said["goal"]),
            goal_year=said["goal_year"] or plan.last_year, part_of=by_name.get(str(said["part_of"])), key=f"{queries.OWN}{identifier}",
            definition=f"《{plan.title}》主要指标第{extract.number}项“{said['name']}”，口径以发文单位的统计制度为准。", formula=COUNTED[sense],
            source="责任单位填报，附文件", frequency=Frequency.QUARTERLY if sense in (Sense.LEVEL, Sense.FLOOR, Sense.CEILING) else Frequency.YEARLY,
            points=share, office=extract.office,
        )
        by_name[target.name] = target
        made.append(target)
    return made


def _decimal(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def _works(plan: Plan) -> int:
    """Projects, tasks and promises with their milestones; of readings of which one was chosen, only that one."""
    passed = set(Extract.objects.filter(
        contradictions__plan=plan, contradictions__resolution=Resolution.ONE).values_list("pk", flat=True))
    passed -= set(plan.contradictions.exclude(chosen=None).values_list("chosen_id", flat=True))
    kinds = {ExtractKind.PROJECT: WorkKind.PROJECT, ExtractKind.TASK: WorkKind.TASK, ExtractKind.PROMISE: WorkKind.PROMISE}
    adopted = plan.extracts.filter(kind__in=list(kinds), state__in=queries.ADOPTED).exclude(pk__in=passed)
    works, steps = [], []
    for position, extract in enumerate(sorted(adopted, key=lambda one: (list(kinds).index(ExtractKind(one.kind)), one.position))):
        kind, said = ExtractKind(extract.kind), extract.said
        if kind is ExtractKind.PROMISE:
            due = schedule.of_promise(said, plan.first_year, plan.last_year)
        else:
            entries = said.get("tasks") or said.get("steps") or said.get("measures") or said.get("goals") or [[said["name"]]]
            due = schedule.of_entries(entries, str(said["period"]), plan.last_year)  # type: ignore[arg-type]
        name = f"{said['subject']}{schedule.amount(said)}" if kind is ExtractKind.PROMISE else str(said["name"])
        work = {"id": ids.new(), "plan_id": plan.pk, "extract_id": extract.pk, "position": position, "kind": str(kinds[kind]),
                "number": extract.number, "name": name[: _length(Work, "name")], "office_id": extract.office_id, "stopped_on": None, "stopped_because": ""}
        works.append(work)
        steps += [
            {"id": ids.new(), "work_id": work["id"], "position": at, "name": step.name, "due_on": step.due_on, "goal": step.goal,
             "unit": step.unit, "done_on": None, "reached": None, "evidence": "", "done_by_id": None}
            for at, step in enumerate(due)
        ]
    insert(Work, works)
    insert(Milestone, steps)
    return len(works)


