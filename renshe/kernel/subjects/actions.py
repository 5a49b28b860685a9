"""Writes subjects."""

import csv
import datetime
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.models import Account, Post
from renshe.kernel.access.terms import Role
from renshe.kernel.common import identifiers
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import masks, sealing
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert
from renshe.kernel.subjects.models import HouseholdMember, Kin, Kinship, Mandate, Mandating, NameChange, Person, Place
from renshe.kernel.subjects.queries import CITIZEN_ID, PHONE, officer_person, persons_by_citizen_id

IDENTIFIED = ("citizen_id_sealed", "citizen_id_index", "citizen_id_mask")


def person_row(
    *, name: str, citizen_id: str, phone: str, division: str, at: datetime.datetime
) -> dict[str, Any]:
    """A row of Person for `store.insert`; the citizen ID must be well formed and normalised."""
    return {
        "id": ids.new(), "name": name,
        "citizen_id_sealed": sealing.seal(CITIZEN_ID, citizen_id),
        "citizen_id_index": sealing.blind(CITIZEN_ID, citizen_id),
        "citizen_id_mask": masks.citizen_id(citizen_id),
        "sex": identifiers.sex_code(citizen_id), "birth_on": identifiers.birth_on(citizen_id),
        "phone_sealed": sealing.seal(PHONE, phone) if phone else None, "phone_mask": masks.phone(phone),
        "division": division, "deceased_on": None, "made_at": at,
    }


def rename(person: Person, name: str, *, case_number: str, proposed_by: int, decided_by: int) -> Person:
    """Change the registered name as two officers decided in a case; the former name is kept."""
    with deed():
        person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if person.name == name:
            return person
        before, person.name = person.name, name
        person.save(update_fields=["name"])
        NameChange.objects.create(
            person=person, before=before, after=name, case_number=case_number, proposed_by=proposed_by,
            decided_by=decided_by, at=timezone.now(),
        )
        ledger.record("person.rename", case_number, {
            "person": str(person.pk), "before": before, "after": name, "proposed_by": str(proposed_by),
            "decided_by": str(decided_by),
        })
        return person


def correct(
    person: Person, *, case_number: str, by: int, citizen_id: str | None = None, phone: str | None = None,
    division: str | None = None, is_alive: bool = False,
) -> Person:
    """Put right what the register says of a person, as decided in a case: only what is given changes.

    Raises IntegrityError when the number is another person's by now.
    """
    with deed():
        person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        changes: dict[str, Any] = {}
        if citizen_id is not None:
            row = person_row(name=person.name, citizen_id=citizen_id, phone="", division="", at=person.made_at)
            changes |= {name: row[name] for name in (*IDENTIFIED, "sex", "birth_on")}
        if phone is not None:
            changes |= {"phone_sealed": sealing.seal(PHONE, phone) if phone else None, "phone_mask": masks.phone(phone)}
        if division is not None:
            changes["division"] = division
        if is_alive:
            changes["deceased_on"] = None
        for name, value in changes.items():
            setattr(person, name, value)
        person.save(update_fields=list(changes))
        ledger.record("person.correct", case_number, {
            "person": str(person.pk), "fields": sorted(name for name in changes if not name.endswith(("_sealed", "_index"))),
            "by": str(by),
        })
        return person


def load_places(path: Path) -> int:
    """Take over a list of divisions (CSV: code, name, parent, level); repeats safely. Returns how many."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    known = {row["code"] for row in rows}
    with deed():
        for row in rows:
            parent = row["parent"] if row["parent"] in known else None
            Place.objects.update_or_create(
                code=row["code"], defaults={"name": row["name"], "parent_id": parent, "level": row["level"]}
            )
    return len(rows)


def open_resident_account(citizen_id: str, *, subject: str) -> Account | None:
    """An account for somebody in the register whom the city's sign-on names; None when nobody is known by that number.

    The sign-on proves who they are, so the account has no usable password until they set one.
    """
    number = identifiers.normalise(citizen_id)
    person = persons_by_citizen_id([number]).get(number)
    if person is None:
        return None
    today = timezone.localdate()
    with deed():
        held = Mandate.objects.filter(person=person, kind=Mandating.SELF, valid_until=None).select_related("account").first()
        if held is not None:
            account = held.account
            account.sign_on = subject
            account.save(update_fields=["sign_on"])
        else:
            account = Account.objects.create(
                username=f"r-{secrets.token_hex(8)}", name=person.name, password=make_password(None), sign_on=subject
            )
            Post.objects.create(
                account=account, role=Role.RESIDENT, title=Role.RESIDENT.label, division=person.division, valid_from=today
            )
            Mandate.objects.create(account=account, kind=Mandating.SELF, person=person, valid_from=today)
        ledger.record("access.sign_on", "", {"account": str(account.pk)})
    return account


def household_row(person_id: int, household: str, relation: str, *, source: str, since: datetime.date, at: datetime.datetime) -> dict[str, Any]:
    """A row of HouseholdMember for `store.insert`."""
    return {
        "id": ids.new(), "person_id": person_id, "household": household, "relation": relation, "source": source[:80],
        "since": since, "until": None, "noted_at": at,
    }


def note_households(members: Sequence[tuple[int, str, str]], *, source: str, on: datetime.date) -> int:
    """Note who belongs to which household now: person, household, relation. What is so already stays; returns how many changed."""
    with deed():
        known = {
            row.person_id: row for row in
            HouseholdMember.objects.select_for_update(of=("self",)).filter(person_id__in=[one for one, _, _ in members], until=None)
        }
        changed = [
            one for one in members
            if one[0] not in known or (known[one[0]].household, known[one[0]].relation) != one[1:]
        ]
        HouseholdMember.objects.filter(pk__in=[known[one].pk for one, _, _ in changed if one in known]).update(until=on)
        now = timezone.now()
        insert(HouseholdMember, [
            household_row(person, household, relation, source=source, since=on, at=now) for person, household, relation in changed
        ])
    return len(changed)


def link_officer(account: Account, citizen_id: str, *, actor: Actor) -> Person:
    """Note which person an officer is, so that their own and their family's records can be told. Raises Refused. Safe to repeat."""
    person = _named(account, citizen_id, actor)
    with deed():
        held = Mandate.objects.select_for_update(of=("self",)).filter(account=account, kind=Mandating.OFFICER, valid_until=None).first()
        if held is not None and held.person_id == person.pk:
            return person
        today = timezone.localdate()
        if held is not None:
            held.valid_until = today
            held.save(update_fields=["valid_until"])
        Mandate.objects.create(account=account, kind=Mandating.OFFICER, person=person, valid_from=today)
        ledger.record("access.officer", "", {"account": str(account.pk), "person": str(person.pk), "by": str(actor.account_id)})
    return person


def _named(account: Account, citizen_id: str, actor: Actor) -> Person:
    """The person of a number, to be noted at somebody else's account. Raises Refused."""
    number = identifiers.normalise(citizen_id)
    person = persons_by_citizen_id([number]).get(number)
    if account.pk == actor.account_id:
        raise Refused(Reason("own_link", "不能登记自己的账户", article="平台规则：不相容职责分离", then="请由另一位管理员办理"))
    if person is None:
        raise Refused(Reason("unknown", "登记中没有这个公民身份号码", field="citizen_id", then="请核对18位号码"))
    return person


def declare_kin(account: Account, citizen_id: str, relation: str, *, source: str, actor: Actor) -> Kinship:
    """Note a near relative whom an officer declared. Raises Refused: the officer's own person is not noted, or is meant. Safe to repeat."""
    relative, own = _named(account, citizen_id, actor), officer_person(account.pk)
    if own is None or own.pk == relative.pk:
        raise Refused(Reason("no_person", "请先登记工作人员本人；近亲属应是另一个人", field="kin_id"))
    if relation not in set(Kin) or not source.strip():
        raise Refused(Reason("no_relation", "请选择关系，并写明依据，例如：2026年度回避申报表", field="relation"))
    with deed():
        kinship, new = Kinship.objects.get_or_create(
            person=own, relative=relative, until=None,
            defaults={"relation": relation, "source": source.strip()[:80], "since": timezone.localdate(),
                      "noted_by_id": actor.account_id, "noted_at": timezone.now()},
        )
        if new:
            ledger.record("access.kin", "", {"account": str(account.pk), "relative": str(relative.pk), "by": str(actor.account_id)})
    return kinship


def end_kin(account: Account, kinship_id: int, *, actor: Actor) -> None:
    """End a declared relationship today (a divorce). Safe to repeat."""
    own = officer_person(account.pk)
    with deed():
        ended = Kinship.objects.filter(pk=kinship_id, person=own, until=None).update(until=timezone.localdate())
        if ended:
            ledger.record("access.kin_ended", "", {"account": str(account.pk), "kinship": str(kinship_id), "by": str(actor.account_id)})
