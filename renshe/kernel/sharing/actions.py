"""Writes agreements and hands data over: each disclosure is judged, noted for the person and recorded in the ledger."""

import datetime
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.queries import holders
from renshe.kernel.access.terms import Permission
from renshe.kernel.common import identifiers
from renshe.kernel.common.divisions import within
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.queries import restricted_tables
from renshe.kernel.privacy.terms import SHARED_OUT
from renshe.kernel.sharing import queries
from renshe.kernel.sharing.columns import columns, insured_column
from renshe.kernel.sharing.models import Agreement, Corrected
from renshe.kernel.sharing.terms import AgreementState, Population, SharingRefusal
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import persons_by_citizen_id

MOST_AT_ONCE = 100
LONGEST = datetime.timedelta(days=3 * 366)
ARTICLE = "个人信息保护法 第二十三条"
POST = "数据共享"


@dataclass(frozen=True)
class Recipient:
    """Another department as the reader in the log of readings."""

    account_id: int
    name: str
    post_title: str = POST


def _no(code: SharingRefusal, text: str, then: str = "", field: str = "") -> Refused:
    return Refused(Reason(code, text, article=ARTICLE, then=then, field=field))


def _facts(agreement: Agreement) -> dict[str, Any]:
    return {
        "agreement": str(agreement.pk), "recipient": agreement.recipient, "purpose": agreement.purpose,
        "columns": agreement.columns, "clear": agreement.clear, "state": agreement.state,
    }


def propose(
    *, recipient: str, purpose: str, legal_basis: str, keys: Sequence[str], clear: Sequence[str], division: str,
    population: str, valid_from: datetime.date, valid_until: datetime.date, actor: Actor,
) -> Agreement:
    """Write down what is to be shared with whom; a second person approves. Raises Refused with every fault."""
    faults = [
        Reason(SharingRefusal.INCOMPLETE, f"请写明{label}", article=ARTICLE, field=name)
        for name, label, text in (
            ("recipient", "接收部门", recipient), ("purpose", "用途", purpose), ("legal_basis", "法律依据", legal_basis),
        ) if len(text.strip()) < 2
    ]
    wanted = [key for key in columns() if key in keys]
    if not wanted:
        faults.append(Reason(SharingRefusal.NO_COLUMN, "请至少选一个字段", article=ARTICLE, field="columns", then="只选用途必需的"))
    if not valid_from < valid_until <= valid_from + LONGEST:
        faults.append(Reason(SharingRefusal.BAD_DAYS, "终止日应晚于起始日，且不超过三年", article="平台规则", field="valid_until"))
    if not actor.covers(division):
        faults.append(Reason(SharingRefusal.INCOMPLETE, "区划范围应在您的管辖内", article="平台规则", field="division"))
    if faults:
        raise Refused(*faults)
    with deed():
        agreement = Agreement.objects.create(
            recipient=recipient.strip()[:80], purpose=purpose.strip()[:40], legal_basis=legal_basis.strip()[:200],
            columns=wanted, clear=[key for key in wanted if key in clear and columns()[key].masked], division=division,
            population=Population(population), valid_from=valid_from, valid_until=valid_until, state=AgreementState.PROPOSED,
            proposed_by_id=actor.account_id, proposed_by_name=actor.name, proposed_at=timezone.now(),
        )
        ledger.record("sharing.propose", "", {**_facts(agreement), "by": str(actor.account_id)})
    return agreement


def decide(agreement_id: int, *, agree: bool, actor: Actor) -> Agreement:
    """The second person approves or not. Raises Refused: the same person, decided already. Safe to repeat."""
    with deed():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        wanted = AgreementState.APPROVED if agree else AgreementState.REFUSED
        apart(Duty.APPROVE, actor.account_id, "协议", {Duty.PROPOSE: agreement.proposed_by_id}).or_raise()
        if agreement.state == wanted:
            return agreement
        if agreement.state != AgreementState.PROPOSED:
            raise _no(SharingRefusal.WRONG_STATE, f"这份协议{AgreementState(agreement.state).label}")
        agreement.state, agreement.decided_at = wanted, timezone.now()
        agreement.decided_by_id, agreement.decided_by_name = actor.account_id, actor.name
        agreement.save(update_fields=["state", "decided_at", "decided_by_id", "decided_by_name"])
        ledger.record("sharing.decide", "", {**_facts(agreement), "by": str(actor.account_id)})
    return agreement


def end(agreement_id: int, *, actor: Actor) -> Agreement:
    """End an agreement before its day; its key opens nothing from then on. Safe to repeat."""
    with deed():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        if agreement.state not in (AgreementState.APPROVED, AgreementState.ENDED):
            raise _no(SharingRefusal.WRONG_STATE, f"这份协议{AgreementState(agreement.state).label}")
        if agreement.state == AgreementState.APPROVED:
            agreement.state, agreement.ended_at, agreement.token_digest = AgreementState.ENDED, timezone.now(), None
            agreement.save(update_fields=["state", "ended_at", "token_digest"])
            ledger.record("sharing.end", "", {**_facts(agreement), "by": str(actor.account_id)})
    return agreement


def issue(agreement_id: int, *, actor: Actor) -> str:
    """A new key for the recipient's program, shown once; the former one opens nothing any more. Raises Refused."""
    key = f"rsh_{secrets.token_urlsafe(32)}"
    with deed():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        if agreement.state != AgreementState.APPROVED:
            raise _no(SharingRefusal.WRONG_STATE, f"这份协议{AgreementState(agreement.state).label}", "批准后才能签发令牌")
        agreement.token_digest = hashlib.sha256(key.encode()).hexdigest()
        agreement.save(update_fields=["token_digest"])
        ledger.record("sharing.key", "", {**_facts(agreement), "by": str(actor.account_id)})
    return key


def agreement_of(agreement_id: int, key: str) -> Agreement | None:
    """The agreement that a key belongs to."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return Agreement.objects.filter(pk=agreement_id, token_digest=digest).first()


def disclose(agreement: Agreement, citizen_ids: Sequence[str], *, purpose: str, matter: str) -> list[dict[str, Any]]:
    """What was agreed about these people, in the order asked; somebody unknown or beyond the agreement is not found.

    Raises Refused: out of time, another purpose, no matter named, too many, a bad number.
    """
    with deed():
        held = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        numbers = [identifiers.normalise(one) for one in citizen_ids]
        _may_disclose(held, numbers, purpose, matter)
        known = persons_by_citizen_id(numbers)
        inside = {person.pk: person for person in known.values() if within(person.division, held.division)}
        if held.population == Population.INSURED:
            insured = insured_column().values(list(inside.values()))
            inside = {pk: person for pk, person in inside.items() if insured.get(pk) == "是"}
        told = _told(held, list(inside.values()))
        labels = "、".join(columns()[key].label for key in held.columns)
        log_readings(
            Recipient(held.pk, held.recipient[:60]), sorted(inside), purpose=held.purpose[:60], what=f"{SHARED_OUT}{labels}"[:120]
        )
        ledger.record("sharing.disclose", "", {
            **_facts(held), "matter": matter, "asked": len(numbers), "persons": [str(pk) for pk in sorted(inside)],
        })
    return [
        {"citizen_id": number, "found": bool(person and person.pk in inside), "data": told.get(person.pk, {}) if person else {}}
        for number in numbers for person in [known.get(number)]
    ]


def in_force(agreement: Agreement) -> None:
    """Raises Refused unless the agreement lets data go today: its key opens nothing before or after."""
    if not queries.is_in_force(agreement):
        raise _no(SharingRefusal.OUT_OF_TIME, f"协议有效期为{agreement.valid_from}至{agreement.valid_until}（不含），现在不能查询",
                  "请与人社部门续签协议")


def _may_disclose(agreement: Agreement, numbers: list[str], purpose: str, matter: str) -> None:
    in_force(agreement)
    if purpose != agreement.purpose:
        raise _no(SharingRefusal.OTHER_PURPOSE, f"协议约定的用途是“{agreement.purpose}”", "其他用途须另签协议", "purpose")
    if len(matter.strip()) < 2:
        raise _no(SharingRefusal.INCOMPLETE, "请写明本次查询所办的事项或办件编号", field="matter")
    if not 0 < len(numbers) <= MOST_AT_ONCE:
        raise _no(SharingRefusal.TOO_MANY, f"一次查询1至{MOST_AT_ONCE}人", "请分次查询", "citizen_ids")
    if bad := [at for at, one in enumerate(numbers, 1) if identifiers.citizen_id_fault(one)]:
        raise _no(SharingRefusal.BAD_NUMBER, f"第{'、'.join(map(str, bad))}个公民身份号码不正确", "请核对18位号码", "citizen_ids")


def _told(agreement: Agreement, persons: list[Person]) -> dict[int, dict[str, str]]:
    """The agreed columns by person; class 3 masked unless agreed in clear; what is stored only stays."""
    found: dict[int, dict[str, str]] = {one.pk: {} for one in persons}
    stored_only = restricted_tables([one.pk for one in persons])
    for key in agreement.columns:
        column = columns()[key]
        values = column.values(persons)
        for one in persons:
            if column.model._meta.label in stored_only.get(one.pk, ()):
                continue
            text = values.get(one.pk, "")
            found[one.pk][key] = column.mask(text) if column.masked and key not in agreement.clear else text
    return found


def tell_corrected(person: Person, touched: Collection[tuple[type[models.Model], str]], *, case_number: str) -> list[str]:
    """Note for every department that got one of these fields of a person that it was wrong; returns whom.

    Its program finds the note under the agreement's key; where the agreement has ended, those who share data tell it.
    """
    told = []
    for agreement in queries.recipients_of(person.pk):
        wrong = [key for key in agreement.columns if key in columns() and (columns()[key].model, columns()[key].field) in touched]
        if not wrong:
            continue
        Corrected.objects.create(agreement=agreement, person=person, columns=wrong, case_number=case_number, at=timezone.now())
        ledger.record("sharing.corrected", case_number, {**_facts(agreement), "person": str(person.pk), "wrong": wrong})
        how = "对方程序会取到更正" if queries.is_in_force(agreement) else "协议已不在期内，请另行告知对方"
        for account_id in holders(Permission.SHARE):
            notices.send("sharing", "共享出去的数据有更正", f"{agreement.recipient}（{agreement.purpose}）曾取得的数据已更正，{how}。",
                         account_id=account_id, case_number=case_number)
        told.append(agreement.recipient)
    return told


def confirm_corrected(agreement: Agreement, corrected_id: int) -> bool:
    """The recipient says that it has the right value; False when there is no such note of its. Safe to repeat."""
    with deed():
        found = Corrected.objects.select_for_update(of=("self",)).filter(agreement=agreement, pk=corrected_id).first()
        if found is None:
            return False
        if found.seen_at is None:
            found.seen_at = timezone.now()
            found.save(update_fields=["seen_at"])
            ledger.record("sharing.corrected_seen", found.case_number, {**_facts(agreement), "person": str(found.person_id)})
    return True
