"""Writes alerts: a resident asks, the detectors find, an auditor says what it was, two auditors guard somebody."""

import datetime

from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.queries import holders
from renshe.kernel.access.terms import Finding, Permission
from renshe.kernel.alerts import queries
from renshe.kernel.alerts.detectors import DETECTORS, Found, Stretch
from renshe.kernel.alerts.limits import limits
from renshe.kernel.alerts.models import Alert, Guarded, Watch
from renshe.kernel.alerts.terms import AlertKind, AlertRefusal, AlertState, GuardState
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.notices.models import Notice
from renshe.kernel.privacy.models import Reading
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert

CHUNK = 1000
SETTLED = datetime.timedelta(seconds=60)  # readings become visible a little out of order; no deed takes this long
MOST_EVIDENCE = 5000
SHORTEST = 4
ARTICLE = "个人信息保护法 第五十条"


def _no(code: AlertRefusal, text: str, then: str = "", field: str = "", article: str = ARTICLE) -> Refused:
    return Refused(Reason(code, text, article=article, then=then, field=field))


def _tell_auditors(title: str, body: str, *, but: int = 0) -> None:
    for account_id in holders(Permission.AUDIT):
        if account_id != but:
            notices.send("alert", title, body, account_id=account_id)


def _tell_holder(alert: Alert, title: str, body: str) -> None:
    """Tell whoever holds an alert, or all auditors where nobody does."""
    if alert.holder_id:
        notices.send("alert", title, body, account_id=alert.holder_id)
    else:
        _tell_auditors(title, body)


def _raised(kind: AlertKind, found: Found) -> Alert:
    now = timezone.now()
    alert = Alert.objects.create(
        kind=kind, level=limits()[kind].level, state=AlertState.OPEN, person_id=found.person_id, reader_id=found.reader_id,
        reader_name=found.reader_name, scope=found.scope, evidence=list(found.readings)[:MOST_EVIDENCE], words=found.words,
        opened_at=now, due_on=queries.due(kind),
    )
    ledger.record("alerts.raise", "", _facts(alert))
    _tell_auditors(f"查阅预警：{kind.label}", f"{found.reader_name}：{kind.label}。请于{alert.due_on:%Y年%m月%d日}前核查。")
    return alert


def _facts(alert: Alert) -> dict[str, object]:
    return {
        "alert": str(alert.pk), "kind": alert.kind, "state": alert.state, "reader": str(alert.reader_id),
        "readings": len(alert.evidence), "finding": alert.finding,
    }


def question(reading: Reading, words: str, *, actor: Actor) -> Alert:
    """The person asks why somebody looked; an auditor answers within the clock. Raises Refused: no words, asked before."""
    words = words.strip()[:500]
    if len(words) < SHORTEST:
        raise _no(AlertRefusal.NO_WORDS, "请写明您的疑问", "例如：我那天没有办事，为什么查我的记录", "words")
    with deed():
        Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
        if Alert.objects.filter(kind=AlertKind.QUESTION, scope=str(reading.pk)).exists():
            raise _no(AlertRefusal.ASKED, "这次查阅您已经质疑过", "请等审计人员答复，答复会发到您的通知里")
        alert = _raised(AlertKind.QUESTION, Found(
            reading.reader_id, reading.reader_name, str(reading.pk), (reading.pk,), words, reading.person_id
        ))
        notices.send("alert", "您的疑问已收到", f"审计人员最迟{alert.due_on:%Y年%m月%d日}答复您。", person_id=reading.person_id)
    return alert


def take(alert_id: int, *, actor: Actor) -> Alert:
    """An auditor becomes the named holder, also in another's place. Raises Refused: one's own reading, handled. Safe to repeat."""
    with deed():
        alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
        apart(Duty.VERIFY, actor.account_id, "记录", {Duty.READ: alert.reader_id}).or_raise()
        if alert.state == AlertState.HANDLED:
            raise _no(AlertRefusal.WRONG_STATE, f"这条预警已由{alert.handled_by_name}核查")
        if alert.holder_id != actor.account_id:
            alert.holder_id, alert.holder_name = actor.account_id, actor.name
            alert.save(update_fields=["holder_id", "holder_name"])
            ledger.record("alerts.take", "", {**_facts(alert), "by": str(actor.account_id)})
    return alert


def find(alert_id: int, *, finding: Finding, answer: str, actor: Actor) -> Alert:
    """An auditor says what it was; who asked is answered, and of misuse everybody concerned is told.

    Raises Refused: no words, one's own reading, handled otherwise. Safe to repeat.
    """
    answer = answer.strip()[:500]
    if len(answer) < SHORTEST:
        raise _no(AlertRefusal.NO_WORDS, "请写明核查情况，本人会看到", field="answer")
    with deed():
        alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
        apart(Duty.VERIFY, actor.account_id, "记录", {Duty.READ: alert.reader_id}).or_raise()
        if alert.state == AlertState.HANDLED:
            if (alert.finding, alert.answer) == (finding, answer):
                return alert
            raise _no(AlertRefusal.WRONG_STATE, f"这条预警已由{alert.handled_by_name}核查")
        if alert.holder_id not in (None, actor.account_id):
            raise _no(AlertRefusal.HELD, f"这条预警由{alert.holder_name}承办", "要由您定论的，请先转由您承办")
        alert.holder_id, alert.holder_name = actor.account_id, actor.name
        alert.state, alert.finding, alert.answer = AlertState.HANDLED, finding, answer
        alert.handled_by_id, alert.handled_by_name, alert.handled_at = actor.account_id, actor.name, timezone.now()
        alert.save(update_fields=["state", "finding", "answer", "holder_id", "holder_name", "handled_by_id", "handled_by_name", "handled_at"])
        ledger.record("alerts.find", "", {**_facts(alert), "by": str(actor.account_id), "answer": answer})
        _tell_of_finding(alert)
    return alert


def _tell_of_finding(alert: Alert) -> None:
    """The one who asked gets the answer; everybody whose record was misused is told so (art. 57)."""
    asker = alert.person_id if alert.kind == AlertKind.QUESTION else None
    if asker:
        notices.send("alert", "您的疑问有答复了", f"{Finding(alert.finding).label}。{alert.answer}", person_id=asker)
    if alert.finding == Finding.UNJUSTIFIED:
        persons = set(queries.readings(alert).values_list("person_id", flat=True)) - {asker}
        body = f"经审计核查，{alert.reader_name}查阅您的记录没有正当理由，已转纪检核查。查阅的时间和内容见“谁看过”。"
        insert(Notice, [
            notices.notice_row("alert", "您的记录曾被不当查阅", body, person_id=one) for one in sorted(persons)
        ])


def detect(until: datetime.datetime | None = None) -> bool:
    """Let the detectors look at the next stretch of the log; False when there was none.

    The cursor moves in the deed that raises the alerts: killed anywhere, the stretch is looked at once.
    """
    with deed():
        Watch.objects.get_or_create(pk=1)
        watch = Watch.objects.select_for_update(of=("self",)).get(pk=1)
        ready = Reading.objects.filter(pk__gt=watch.cursor, at__lte=until or timezone.now() - SETTLED)
        rows = list(ready.order_by("id")[:CHUNK])
        if not rows:
            return False
        for kind, detector in DETECTORS.items():
            for found in detector(Stretch(rows), limits()[kind]):
                _noted(kind, found)
        watch.cursor, watch.looked_at = rows[-1].pk, timezone.now()
        watch.save(update_fields=["cursor", "looked_at"])
    return True


def _noted(kind: AlertKind, found: Found) -> None:
    """Add to the open alert of the same reader and scope, or raise one for what no alert has seen."""
    same = list(Alert.objects.filter(kind=kind, reader_id=found.reader_id, scope=found.scope).order_by("id"))
    seen = {reading for alert in same for reading in alert.evidence}
    fresh = [reading for reading in found.readings if reading not in seen]
    going = next((alert for alert in same if alert.state == AlertState.OPEN), None)
    if not fresh:
        return
    if going is None:
        _raised(kind, Found(found.reader_id, found.reader_name, found.scope, tuple(fresh), found.words, found.person_id))
    else:
        going.evidence = [*going.evidence, *fresh][:MOST_EVIDENCE]
        going.save(update_fields=["evidence"])


def remind() -> int:
    """Tell the auditors once of every alert past its day; returns how many. Safe to repeat."""
    late = Alert.objects.filter(state=AlertState.OPEN, due_on__lt=timezone.localdate(), reminded_at=None).order_by("id")
    count = 0
    for alert in late:
        with deed():
            if Alert.objects.filter(pk=alert.pk, reminded_at=None).update(reminded_at=timezone.now()):
                ledger.record("alerts.remind", "", _facts(alert))
                _tell_holder(alert, "预警已超期", f"{AlertKind(alert.kind).label}（{alert.reader_name}）应于{alert.due_on:%Y年%m月%d日}前核查。")
                count += 1
    return count


def guard(person_id: int, reason: str, *, actor: Actor) -> Guarded:
    """Propose somebody for the list of people guarded especially. Raises Refused: no reason, on it already."""
    if len(reason.strip()) < SHORTEST:
        raise _no(AlertRefusal.NO_WORDS, "请写明为什么要特别保护", field="reason", article="平台规则")
    now = timezone.now()
    with deed():
        if Guarded.objects.filter(person_id=person_id).exclude(state=GuardState.ENDED).exists():
            raise _no(AlertRefusal.ON_LIST, "这个人已在名单上", article="平台规则")
        row = Guarded.objects.create(
            person_id=person_id, reason=reason.strip()[:200], state=GuardState.WAITING, asked_by_id=actor.account_id,
            asked_by_name=actor.name, asked_at=now, changed_at=now,
        )
        ledger.record("alerts.guard", "", {"guarded": str(row.pk), "state": row.state, "by": str(actor.account_id)})
        _tell_auditors("特别保护名单待确认", f"{actor.name}提出一人，请另一位审计人员确认。", but=actor.account_id)
    return row


def release(guarded_id: int, *, actor: Actor) -> Guarded:
    """Propose to take somebody off the list. Raises Refused when not guarded now."""
    return _turned(guarded_id, GuardState.GUARDED, actor)


def confirm(guarded_id: int, *, actor: Actor) -> Guarded:
    """The second auditor agrees. Raises Refused: the same person, or nothing to confirm."""
    return _turned(guarded_id, None, actor)


TURNS = {
    GuardState.GUARDED: GuardState.ENDING, GuardState.WAITING: GuardState.GUARDED, GuardState.ENDING: GuardState.ENDED,
}


def _turned(guarded_id: int, proposing: GuardState | None, actor: Actor) -> Guarded:
    with deed():
        row = Guarded.objects.select_for_update(of=("self",)).get(pk=guarded_id)
        state = GuardState(row.state)
        if state is GuardState.ENDED or (state is GuardState.GUARDED) != (proposing is GuardState.GUARDED):
            raise _no(AlertRefusal.WRONG_STATE, f"名单上这个人{state.label}", article="平台规则")
        if proposing is None:
            apart(Duty.APPROVE, actor.account_id, "名单变更", {Duty.PROPOSE: row.asked_by_id}).or_raise()
        row.state, row.changed_at = TURNS[state], timezone.now()
        if proposing:
            row.asked_by_id, row.asked_by_name, row.asked_at = actor.account_id, actor.name, row.changed_at
        row.confirmed_by_name = "" if proposing else actor.name
        row.save(update_fields=["state", "changed_at", "asked_by_id", "asked_by_name", "asked_at", "confirmed_by_name"])
        ledger.record("alerts.guard", "", {"guarded": str(row.pk), "state": row.state, "by": str(actor.account_id)})
    return row
