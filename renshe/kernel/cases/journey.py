"""A "one thing": one declaration, several apps. The same code settles one hire or a thousand, in one transaction.

Apps offer steps; a step loads what it needs for all declarations at once, judges each, and adds rows for those
accepted. Nothing is written unless everything is.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import IntegrityError, connection, models
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions, kinds
from renshe.kernel.cases.declaration import Declaration
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import CaseRefusal, Channel, Deed, Question, State
from renshe.kernel.common import calendar
from renshe.kernel.common.verdict import YES, Outcome, Reason, Refused, Verdict
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices import actions as notices
from renshe.kernel.notices.models import Notice
from renshe.kernel.store import attempts
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects import queries
from renshe.kernel.subjects.models import Organisation, Person

ATTEMPTS = 3
PROVISIONAL = "unknown_person"
NAME, AS_REGISTERED, AS_DECLARED = "name", "registered", "declared"


@dataclass(slots=True)
class Item:
    """One declaration on its way."""

    line: int | None
    declaration: Any
    person: Person | None
    person_id: int = 0
    verdict: Verdict = YES
    case_id: int = 0
    case_number: str = ""
    new_person: dict[str, Any] | None = None
    record: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Chunk:
    """Declarations settled together, and who declares them."""

    items: list[Item]
    organisation: Organisation
    actor: Actor
    now: datetime.datetime
    today: datetime.date

    @property
    def person_ids(self) -> list[int]:
        return [item.person.pk for item in self.items if item.person]


Rows = defaultdict[type[models.Model], list[dict[str, Any]]]


class Step(Protocol):
    """What an app does in a journey."""

    def facts(self, chunk: Chunk) -> Any:
        """Everything the step needs to know of all persons, in a few queries."""

    def judge(self, item: Item, facts: Any) -> Verdict:
        """Whether this one may be done, with reasons."""

    def write(self, chunk: Chunk, accepted: list[Item], facts: Any, rows: Rows) -> None:
        """Add rows for what is accepted (or change rows that are there)."""

    def version(self, facts: Any) -> str:
        """The versions of the policies used; "" when none."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one declaration."""

    line: int | None
    outcome: Outcome
    reasons: tuple[Reason, ...]
    case_number: str
    case_id: int = 0


@dataclass(frozen=True)
class Journey:
    """A list of steps with its name, its basis and its clock (the basis is an article, the clock its days)."""

    key: str
    label: str
    basis: str
    limit_days: int
    declaration: type[Declaration]
    steps: tuple[Step, ...]
    new_persons: bool
    title: Callable[[Item], str]

    def settle(
        self, entries: Sequence[tuple[int | None, Declaration]], *, organisation: Organisation, actor: Actor,
        channel: Channel, roster_id: int | None = None, idempotency_key: str | None = None,
    ) -> list[Settled]:
        """Settle declarations of one employer, given with their roster lines, all in one transaction.

        An idempotency key answers a repeated declaration with its first answer. Raises Refused when the key was
        used for other content.
        """
        return _attempt(lambda: self._settle(entries, organisation, actor, channel, roster_id, idempotency_key, None))

    def settle_case(self, case: Case, actor: Actor) -> None:
        """Carry out a referred case that officers approved. Raises Refused when the law says no by now."""
        declaration, faults = self.declaration.parse(actions.declared(case))
        if declaration is None or case.organisation is None:
            raise Refused(*faults)
        if case.person and case.answers.get(NAME) == AS_DECLARED:
            self._rename(case, case.person, declaration.name, actor)
        self._settle([(None, declaration)], case.organisation, actor, Channel(case.channel), None, None, case)

    def _rename(self, case: Case, person: Person, name: str, actor: Actor) -> None:
        subjects.rename(
            person, name, case_number=case.number, proposed_by=case.first_officer_id or 0, decided_by=actor.account_id
        )
        notices.send(
            "person", "您登记的姓名已变更", f"经两名工作人员核实，您登记的姓名由“{person.name}”改为“{name}”（办件{case.number}）。"
            "如有误，请带身份证到社保窗口，或拨打12333。", person_id=person.pk, case_number=case.number,
        )

    def questions(self, case: Case) -> tuple[Question, ...]:
        """What officers must decide of a case: which name the register holds from now on, where two are given."""
        name = str(actions.declared(case)["name"])
        if case.person is None or case.person.name == name:
            return ()
        return (Question(NAME, "登记的姓名", (
            (AS_REGISTERED, f"保持“{case.person.name}”不变"), (AS_DECLARED, f"按身份证件改为“{name}”"),
        ), "社会保险经办条例 第六条"),)

    def check(self, declaration: Declaration, *, organisation: Organisation, actor: Actor) -> Verdict:
        """The verdict on one declaration as things stand, writing nothing."""
        chunk = self._chunk([(None, declaration)], organisation, actor, None)
        facts = [step.facts(chunk) for step in self.steps]
        return self._judge(chunk.items[0], facts)

    def _chunk(
        self, entries: Sequence[tuple[int | None, Any]], organisation: Organisation, actor: Actor, case: Case | None
    ) -> Chunk:
        persons = queries.persons_by_citizen_id(entry.citizen_id for _, entry in entries)
        now = timezone.now()
        items = [Item(line, entry, persons.get(entry.citizen_id)) for line, entry in entries]
        for item in items:
            item.person_id = item.person.pk if item.person else 0
        opened = timezone.localdate(case.opened_at) if case else timezone.localdate(now)
        return Chunk(items, organisation, actor, now, opened)

    def _judge(self, item: Item, facts: list[Any]) -> Verdict:
        if item.person is None and not self.new_persons:
            return Verdict((Reason(PROVISIONAL, "登记中没有这一公民身份号码", field="citizen_id",
                                   then="请核对号码；尚未参保的人员请先办理增员"),))
        verdict = YES
        if item.person and item.person.name != item.declaration.name:
            verdict += Verdict((Reason(
                "name_differs", "姓名与登记的姓名不一致，须由经办人员核实身份", article="社会保险经办条例 第六条",
                then="请准备身份证件以备核对；若系笔误，可撤回后重报", field="name", outcome=Outcome.REFER,
            ),))
        for step, known in zip(self.steps, facts, strict=True):
            verdict += step.judge(item, known)
        return verdict

    def _settle(
        self, entries: Sequence[tuple[int | None, Declaration]], organisation: Organisation, actor: Actor,
        channel: Channel, roster_id: int | None, key: str | None, case: Case | None,
    ) -> list[Settled]:
        with deed():
            if key and (answered := self._answered(key, organisation, entries[0][1])):
                return [answered]
            chunk = self._chunk(entries, organisation, actor, case)
            _lock(chunk)
            facts = [step.facts(chunk) for step in self.steps]
            version = " ".join(filter(None, (step.version(known) for step, known in zip(self.steps, facts, strict=True))))
            seen: dict[str, int | None] = {}
            for item in chunk.items:
                number = item.declaration.citizen_id
                if number in seen:
                    item.verdict = _duplicate(seen[number])
                    continue
                seen[number] = item.line
                item.verdict = self._judge(item, facts)
            if case is not None:
                self._carry_out(chunk, facts, version, case)
                return []
            rows: Rows = defaultdict(list)
            kept = [item for item in chunk.items if item.verdict.outcome is not Outcome.REFUSE]
            for item in kept:
                self._open(chunk, item, channel, roster_id, key, version, rows)
            accepted = [item for item in kept if item.verdict.outcome is Outcome.ACCEPT]
            for step, known in zip(self.steps, facts, strict=True):
                step.write(chunk, accepted, known, rows)
            for item in kept:
                self._tell(chunk, item, version, rows, done=item.verdict.outcome is Outcome.ACCEPT)
            for model, lines in rows.items():
                insert(model, lines)
        return [
            Settled(item.line, item.verdict.outcome, item.verdict.reasons, item.case_number, item.case_id)
            for item in chunk.items
        ]

    def _answered(self, key: str, organisation: Organisation, declaration: Declaration) -> Settled | None:
        attempts.repeatable()
        case = Case.objects.filter(organisation=organisation, idempotency_key=key).first()
        if case is None:
            return None
        if case.kind != self.key or actions.declared(case) != declaration.as_declared():
            raise Refused(Reason(CaseRefusal.KEY_REUSED, "这一幂等键已用于另一份内容不同的申报",
                                 then="新的申报请用新的幂等键", field="Idempotency-Key"))
        outcome = Outcome.REFER if case.findings else Outcome.ACCEPT
        reasons = tuple(
            Reason(one["code"], one["text"], one["article"], one["then"], one["field"], Outcome(one["outcome"]))
            for one in case.findings
        )
        return Settled(None, outcome, reasons, case.number, case.pk)

    def _open(
        self, chunk: Chunk, item: Item, channel: Channel, roster_id: int | None, key: str | None, version: str, rows: Rows,
    ) -> None:
        declaration = item.declaration
        if item.person is None:
            item.new_person = subjects.person_row(
                name=declaration.name, citizen_id=declaration.citizen_id, phone=declaration.phone,
                division=chunk.organisation.division, at=chunk.now,
            )
            item.person_id = item.new_person["id"]
            rows[Person].append(item.new_person)
        done = item.verdict.outcome is Outcome.ACCEPT
        state = State.DECIDED if done else State.SUBMITTED
        row = actions.case_row(
            kind=self.key, state=state, channel=channel, person_id=item.person_id,
            organisation_id=chunk.organisation.pk, applicant_id=chunk.actor.account_id,
            division=chunk.organisation.division, declared=declaration.as_declared(),
            findings=[reason.as_json() for reason in item.verdict.reasons], policy_version=version, at=chunk.now,
            due_on=None if done else calendar.due_on(chunk.today, self.limit_days, "working"),
            roster_id=roster_id, line=item.line, idempotency_key=key,
        )
        item.case_id, item.case_number = row["id"], row["number"]
        rows[Case].append(row)
        rows[CaseEvent].append(
            actions.event_row(row["id"], Deed.SETTLE if done else Deed.SUBMIT, to=state, actor=chunk.actor, at=chunk.now)
        )

    def _tell(self, chunk: Chunk, item: Item, version: str, rows: Rows, *, done: bool) -> None:
        mask = item.person.citizen_id_mask if item.person else item.new_person["citizen_id_mask"]  # type: ignore[index]
        record = {
            "outcome": str(item.verdict.outcome), "employer": chunk.organisation.uscc,
            "employer_name": chunk.organisation.name, "name": item.declaration.name, "citizen_id": mask,
            "on": chunk.today.isoformat(), "version": version, **item.record,
        }
        rows[Leaf].append(ledger.leaf(
            f"{self.key}.{Deed.SETTLE if done else Deed.SUBMIT}", item.case_number, record, chunk.now
        ))
        if done:
            rows[Notice].append(notices.notice_row(
                self.key, self.title(item), "".join(item.told), person_id=item.person_id,
                case_number=item.case_number, at=chunk.now,
            ))

    def _carry_out(self, chunk: Chunk, facts: list[Any], version: str, case: Case) -> None:
        """The settlement of an approved case: what officers looked into no longer stands in the way, the rest does."""
        item = chunk.items[0]
        item.verdict.or_raise()
        item.case_id, item.case_number, item.person_id = case.pk, case.number, case.person_id or 0
        rows: Rows = defaultdict(list)
        for step, known in zip(self.steps, facts, strict=True):
            step.write(chunk, [item], known, rows)
        self._tell(chunk, item, version, rows, done=True)
        for model, lines in rows.items():
            insert(model, lines)

    def kind(self, present: Callable[[Case], kinds.Lines], refusals: dict[str, str], *, effect: str) -> kinds.CaseKind:
        """The journey as a kind of case, for what officers must look into. Money and identity are at stake: two decide."""
        return kinds.CaseKind(
            self.key, self.label, self.basis, lambda: self.limit_days, "working", lambda case: True, self.settle_case, present,
            questions=self.questions, refusals=refusals, effect=effect,
        )


def _duplicate(line: int | None) -> Verdict:
    where = f"与第{line}行重复" if line else "重复申报"
    return Verdict((Reason("duplicate", f"同一公民身份号码{where}", field="citizen_id",
                           then="请只保留一行；前一行已按其内容办理"),))


def _lock(chunk: Chunk) -> None:
    """Hold the persons, in one order, until the deed is done; SQLite's single writer needs no lock."""
    if connection.vendor == "postgresql" and chunk.person_ids:
        list(Person.objects.filter(pk__in=chunk.person_ids).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _attempt(settle: Callable[[], list[Settled]]) -> list[Settled]:
    """Another employer may have claimed the same person a moment earlier: look again, and answer by what is so now."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return settle()
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")
