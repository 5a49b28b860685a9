"""Writes cases. Each deed: lock, judge, change, record, tell, in one transaction."""

import datetime
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils import timezone

from renshe.kernel.access.actor import SYSTEM, Actor
from renshe.kernel.access.queries import supervisors
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import evidence, kinds, numbers, queries, rules
from renshe.kernel.cases.evidence import Upload
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import CaseRefusal, Channel, Deed, State
from renshe.kernel.common import calendar
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.privacy import sealing
from renshe.kernel.store import attempts, ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert
from renshe.kernel.subjects.models import Person

DECLARED = "case.declared"
_day = lru_cache(maxsize=8)(timezone.localdate)  # the cases of a roster are opened at one moment


def case_row(
    *, kind: str, state: State, channel: Channel, person_id: int, organisation_id: int | None, applicant_id: int,
    division: str, declared: dict[str, Any], findings: list[dict[str, str]], policy_version: str,
    at: datetime.datetime, due_on: datetime.date | None = None, roster_id: int | None = None,
    line: int | None = None, idempotency_key: str | None = None,
) -> dict[str, Any]:
    """A row of Case for `store.insert`; closed at once when `state` is decided."""
    identifier = ids.new()
    text = ledger.canonical(declared)
    return {
        "id": identifier, "number": numbers.case_number(division, identifier, _day(at)),
        "kind": kind, "state": str(state), "channel": str(channel), "person_id": person_id,
        "organisation_id": organisation_id, "applicant_id": applicant_id, "holder_id": None,
        "first_officer_id": None, "division": division, "declared": sealing.seal(DECLARED, text),
        "findings": findings, "answers": {}, "policy_version": policy_version, "idempotency_key": idempotency_key,
        "roster_id": roster_id, "line": line, "opened_at": at, "due_on": due_on, "stopped_on": None,
        "closed_at": at if state is State.DECIDED else None, "reason_code": "", "rating": None, "rating_note": "",
        "rated_at": None,
    }


def event_row(
    case_id: int, deed_done: Deed, *, to: State, actor: Actor, at: datetime.datetime,
    before: State | None = None, note: str = "",
) -> dict[str, Any]:
    """A row of CaseEvent for `store.insert`."""
    return {
        "id": ids.new(), "case_id": case_id, "deed": str(deed_done), "from_state": str(before or ""),
        "to_state": str(to), "actor_id": actor.account_id, "actor_name": actor.name, "note": note, "at": at,
    }


def declared(case: Case) -> dict[str, Any]:
    """What was declared, in clear."""
    content: dict[str, Any] = json.loads(sealing.unseal(DECLARED, case.declared))
    return content


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _move(case: Case, done: Deed, actor: Actor, *, note: str = "", **changes: Any) -> Case:
    """Judge by the table, change the case, write its event and its leaf."""
    before = State(case.state)
    rules.may_do(before, done).or_raise()
    after = rules.TRANSITIONS[(before, done)]
    changes["state"] = str(after)
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))
    insert(CaseEvent, [
        event_row(case.pk, done, to=after, actor=actor, at=timezone.now(), before=before, note=note)
    ])
    ledger.record(
        f"{case.kind}.{done}", case.number,
        {"from": str(before), "to": str(after), "by": str(actor.account_id), "note": note},
    )
    return case


def _tell(case: Case, title: str, body: str) -> None:
    """Tell the applicant's organisation, or the person where there is none."""
    receiver: dict[str, Any] = (
        {"organisation_id": case.organisation_id} if case.organisation_id else {"person_id": case.person_id}
    )
    notices.send("case", title, body, case_number=case.number, **receiver)


def open_own(
    kind_key: str, person: Person, content: dict[str, Any], *, actor: Actor, channel: Channel, uploads: Sequence[Upload] = (),
    said: Mapping[str, Any] | None = None, key: str | None = None, version: str = "", record: dict[str, Any] | None = None,
) -> Case:
    """Open what a person asks for themself; with a `record` it is settled at once, and that is what the ledger keeps.

    `said` is what was asked, word for word: a key answers the same request with the first case (see `repeated`).
    Raises Refused: the key was used for something else, a document cannot be taken.
    """
    kind, now = kinds.kind(kind_key), timezone.now()
    taken = [evidence.checked(one) for one in evidence.few_enough(uploads)]
    with deed():
        if first := repeated(kind_key, person, said or {}, key):
            return first
        done = record is not None
        row = case_row(
            kind=kind_key, state=State.DECIDED if done else State.SUBMITTED, channel=channel, person_id=person.pk,
            organisation_id=None, applicant_id=actor.account_id, division=person.division or actor.division,
            declared={**content, "said": said or {}},
            findings=[], policy_version=version, at=now, due_on=None if done else kind.due(_day(now)), idempotency_key=key,
        )
        insert(Case, [row])
        case = Case.objects.select_related("person").get(pk=row["id"])
        how = Deed.SETTLE if done else Deed.SUBMIT
        insert(CaseEvent, [event_row(case.pk, how, to=State(case.state), actor=actor, at=now)])
        evidence.keep(case, taken, by=actor.account_id, at=now)
        ledger.record(f"{kind_key}.{how}", case.number, record or {"by": str(actor.account_id), "files": len(taken)})
        if not done:
            by_when = f"最迟{case.due_on:%Y年%m月%d日}办结" if case.due_on else "我们会及时办理"
            _tell(case, f"{kind.label}申请已收到", f"编号{case.number}，{by_when}。进度和结果可在“我的申请”里看，也会在这里通知您。")
        return case


def repeated(kind_key: str, person: Person, said: Mapping[str, Any], key: str | None) -> Case | None:
    """The case that a key has opened before. Raises Refused when it was used for another request."""
    if key:
        attempts.repeatable()
    first = Case.objects.filter(person=person, organisation=None, idempotency_key=key).first() if key else None
    if first is not None and (first.kind != kind_key or declared(first)["said"] != said):
        raise Refused(Reason(CaseRefusal.KEY_REUSED, "这一幂等键已用于另一份内容不同的申请", then="新的申请请用新的幂等键",
                             field="Idempotency-Key"))
    return first


def take(case: Case, *, actor: Actor) -> Case:
    """An officer becomes the named holder. Raises Refused."""
    with deed():
        case = _locked(case)
        if case.state == State.ACCEPTED and case.holder_id == actor.account_id:
            return case
        rules.may_work_on(case.applicant_id, kinds.kind(case.kind).barred(case), actor.account_id).or_raise()
        first = case.state == State.SUBMITTED
        _move(case, Deed.TAKE, actor, holder_id=actor.account_id)
        if first:
            _tell(case, "办件已受理", f"{kinds.kind(case.kind).label}已受理，承办人：{actor.name}"
                                    f"{f'，最迟{case.due_on:%Y年%m月%d日}办结' if case.due_on else ''}。")
        return case


def ask_correction(case: Case, points: str, *, actor: Actor) -> Case:
    """Ask once, in full; the clock stops until the answer. Raises Refused."""
    with deed():
        case = _locked(case)
        asked = CaseEvent.objects.filter(case=case, deed=Deed.ASK_CORRECTION).exists()
        rules.may_ask_correction(asked).or_raise()
        _move(case, Deed.ASK_CORRECTION, actor, note=points, stopped_on=timezone.localdate())
        _tell(case, "请补正申报内容", f"请一次性补正以下内容：{points}。补正期间不计入办理期限。")
        return case


def answer_correction(
    case: Case, changes: dict[str, Any], answer: str, *, actor: Actor, uploads: Sequence[Upload] = ()
) -> Case:
    """The applicant corrects what was declared, or hands in more; the clock goes on where it stood. Raises Refused."""
    taken = [evidence.checked(one) for one in evidence.few_enough(uploads, already=case.files.count())]  # type: ignore[attr-defined]
    with deed():
        case = _locked(case)
        evidence.keep(case, taken, by=actor.account_id, at=timezone.now())
        text = ledger.canonical({**declared(case), **changes})
        return _move(
            case, Deed.ANSWER, actor, note=answer, stopped_on=None, due_on=_due_again(case),
            declared=sealing.seal(DECLARED, text),
        )


def suspend(case: Case, reason: str, *, actor: Actor) -> Case:
    """Stop the clock while something outside the office is awaited; told to the applicant. Raises Refused."""
    with deed():
        case = _locked(case)
        _move(case, Deed.SUSPEND, actor, note=reason, stopped_on=timezone.localdate())
        _tell(case, "办件中止办理", f"因{reason}，{kinds.kind(case.kind).label}中止办理。中止期间不计入办理期限，恢复时会再通知您。")
        return case


def resume(case: Case, reason: str, *, actor: Actor) -> Case:
    """The clock goes on where it stood; told to the applicant. Raises Refused."""
    with deed():
        case = _locked(case)
        due = _due_again(case)
        _move(case, Deed.RESUME, actor, note=reason, stopped_on=None, due_on=due)
        until = f"，最迟{due:%Y年%m月%d日}办结" if due else ""
        _tell(case, "办件恢复办理", f"{reason}，{kinds.kind(case.kind).label}恢复办理{until}。")
        return case


def _due_again(case: Case) -> datetime.date | None:
    """The due day, later by the working days for which the clock stood."""
    today = timezone.localdate()
    stood = calendar.working_days_between(case.stopped_on or today, today)
    return calendar.due_on(case.due_on, stood, "working") if case.due_on else None


def extend(case: Case, days: int, reason: str, *, actor: Actor) -> Case:
    """More working days, with a reason, told to the applicant. Raises Refused."""
    with deed():
        case = _locked(case)
        due = calendar.due_on(case.due_on or timezone.localdate(), days, "working")
        _move(case, Deed.EXTEND, actor, note=f"延长{days}个工作日：{reason}", due_on=due)
        _tell(case, "办理期限延长", f"因{reason}，办理期限延长至{due:%Y年%m月%d日}。")
        return case


def propose(case: Case, opinion: str, answers: Mapping[str, str], *, actor: Actor) -> Case:
    """The first officer's opinion, with an answer to each question the case leaves open; a second one decides.

    Raises Refused.
    """
    with deed():
        case = _locked(case)
        kind = kinds.kind(case.kind)
        questions = kind.questions(case)
        rules.are_answered(questions, answers).or_raise()
        rules.may_work_on(case.applicant_id, kind.barred(case), actor.account_id).or_raise()
        given = {one.key: answers[one.key] for one in questions}
        words = [f"{one.label}：{dict(one.options)[given[one.key]]}" for one in questions]
        return _move(
            case, Deed.PROPOSE, actor, note="；".join([opinion, *words]), first_officer_id=actor.account_id, answers=given
        )


def send_back(case: Case, reason: str, *, actor: Actor) -> Case:
    """The second officer returns the case to the first. Raises Refused."""
    with deed():
        return _move(_locked(case), Deed.RETURN, actor, note=reason, first_officer_id=None)


def approve(case: Case, *, actor: Actor, note: str = "", answers: Mapping[str, str] | None = None) -> Case:
    """Decide and do it: the kind's settlement runs in the same transaction. Raises Refused.

    `answers` to what the case leaves open come from the first officer; where one decides alone, from that one.
    """
    with deed():
        case = _locked(case)
        if case.state == State.DECIDED:
            return case
        kind = kinds.kind(case.kind)
        rules.may_approve(
            State(case.state), two_person=kind.two_person(case), first_officer=case.first_officer_id,
            applicant=case.applicant_id, actor=actor.account_id, barred=kind.barred(case),
        ).or_raise()
        questions = kind.questions(case)
        if case.state == State.ACCEPTED and questions:
            case.answers = {one.key: (answers or {}).get(one.key, "") for one in questions}
        rules.are_answered(questions, case.answers).or_raise()
        if case.organisation_id is None and not note.strip():
            raise Refused(Reason(CaseRefusal.NO_REASON, "请写明理由，本人会看到", article="个人信息保护法 第五十条", field="note"))
        _move(case, Deed.APPROVE, actor, note=note, closed_at=timezone.now(), answers=case.answers)
        kind.settle(case, actor)
        _tell(case, "办件已办结", f"{kind.label}已办结。{note}".strip())
        return case


def refuse(case: Case, code: str, reason: str, then: str, *, actor: Actor) -> Case:
    """Refuse with a reason code of the kind, words, and what the applicant can do. Raises Refused."""
    with deed():
        case = _locked(case)
        kind = kinds.kind(case.kind)
        label = kind.refusals[code]
        rules.may_work_on(case.applicant_id, kind.barred(case), actor.account_id).or_raise()
        _move(case, Deed.REFUSE, actor, note=f"{label}：{reason}", reason_code=code, closed_at=timezone.now())
        _tell(case, "办件不予办理", f"{kind.label}不予办理。理由：{label}，{reason}。您可以：{then}。{kind.remedy}。")
        return case


def remind() -> int:
    """Tell the holder and the supervisors of every case whose light has turned, once for each light and due day.

    Returns how many cases. Safe to repeat and to run beside itself.
    """
    today, reminded = timezone.localdate(), 0
    for case in queries.turned(today):
        with deed():
            case = _locked(case)
            light = queries.light(case, today)
            note = queries.reminder(case, light)
            if light not in queries.TURNED or queries.is_reminded(case, note):
                continue
            _move(case, Deed.REMIND, SYSTEM, note=note)
            label = kinds.kind(case.kind).label
            held = f"承办人{case.holder.name}" if case.holder else "尚无人承办"
            receivers = {*supervisors(Permission.REVIEW, case.division), *filter(None, [case.holder_id])}
            for account_id in sorted(receivers):
                notices.send("case", f"{label}{light.label}", f"办件{case.number}{note}，{held}。", account_id=account_id,
                             case_number=case.number)
            reminded += 1
    return reminded


def withdraw(case: Case, *, actor: Actor) -> Case:
    """The applicant takes the request back. Raises Refused."""
    with deed():
        case = _locked(case)
        if case.state == State.WITHDRAWN:
            return case
        return _move(case, Deed.WITHDRAW, actor, closed_at=timezone.now())


def rate(case: Case, stars: int, note: str, *, actor: Actor) -> Case:
    """Rate a closed case once, 1 to 5. Raises Refused."""
    with deed():
        case = _locked(case)
        rules.may_rate(case.rating is not None).or_raise()
        return _move(
            case, Deed.RATE, actor, note=note, rating=min(max(stars, 1), 5), rating_note=note,
            rated_at=timezone.now(),
        )
