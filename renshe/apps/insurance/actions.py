"""Writes enrolments, coverages and bases: the part of each journey that insurance does."""

import datetime
from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from renshe.apps.insurance import queries, rules
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment, MonthCorrection
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.cases.journey import Chunk, Item, Rows
from renshe.kernel.common import calendar
from renshe.kernel.common.identifiers import birth_on, sex_code
from renshe.kernel.common.money import yuan, yuan_label
from renshe.kernel.common.verdict import Verdict
from renshe.kernel.store import ids


@dataclass(slots=True)
class HireKnown:
    """What the hire step knows of a chunk."""

    organisation_id: int
    place: str
    today: datetime.date
    here: set[int]
    elsewhere: set[int]
    laws: dict[datetime.date, rules.HireLaw]
    judged: dict[int, rules.Judged]

    def law(self, month: datetime.date) -> rules.HireLaw:
        found = self.laws.get(month)
        if found is None:
            found = self.laws[month] = queries.hire_law(self.today, month, self.place)
        return found


@cache
def _named(schemes: tuple[Scheme, ...]) -> str:
    return "、".join(scheme.label for scheme in schemes)


@cache
def _month(day: datetime.date) -> str:
    return f"{day:%Y年%m月}"


class Enrol:
    """Insure a person hired: one enrolment, its base, one coverage a scheme."""

    def facts(self, chunk: Chunk) -> HireKnown:
        people = chunk.person_ids
        open_here = set(queries.open_enrolments(chunk.organisation, people)) if people else set()
        elsewhere = set()
        if people:
            rows = queries.open_coverages(people).exclude(scheme=Scheme.INJURY)
            elsewhere = set(rows.values_list("person_id", flat=True)) - open_here
        return HireKnown(
            chunk.organisation.pk, chunk.organisation.division, chunk.today, open_here, elsewhere, {}, {}
        )

    def judge(self, item: Item, facts: HireKnown) -> Verdict:
        declaration, person = item.declaration, item.person
        number = declaration.citizen_id
        judged = rules.judge_hire(facts.law(calendar.month_start(declaration.hired_on)), rules.HireFacts(
            kind=declaration.kind, post=declaration.post, sex=sex_code(number), birth_on=birth_on(number),
            deceased=person is not None and person.deceased_on is not None, hired_on=declaration.hired_on,
            declared_on=facts.today, wage_fen=declaration.wage,
            insured_here=item.person_id in facts.here, insured_elsewhere=item.person_id in facts.elsewhere,
        ))
        facts.judged[id(item)] = judged
        return judged.verdict

    def write(self, chunk: Chunk, accepted: list[Item], facts: HireKnown, rows: Rows) -> None:
        for item in accepted:
            judged, declaration = facts.judged[id(item)], item.declaration
            since = calendar.month_start(declaration.hired_on)
            enrolment_id, base_id, *coverage_ids = ids.several(2 + len(judged.schemes))
            rows[Enrolment].append({
                "id": enrolment_id, "person_id": item.person_id, "organisation_id": chunk.organisation.pk,
                "kind": str(declaration.kind), "hired_on": declaration.hired_on, "since": since, "until": None,
                "leave_reason": "", "case_id": item.case_id,
            })
            rows[BasePeriod].append({
                "id": base_id, "enrolment_id": enrolment_id, "valid_from": since, "valid_until": None,
                "wage_fen": declaration.wage, "base_fen": judged.base_fen, "case_id": item.case_id,
            })
            for coverage_id, scheme in zip(coverage_ids, judged.schemes, strict=True):
                rows[Coverage].append({
                    "id": coverage_id, "enrolment_id": enrolment_id, "person_id": item.person_id,
                    "scheme": str(scheme), "since": judged.injury_from if scheme is Scheme.INJURY else since,
                    "until": None,
                })
            item.record.update(
                schemes=[str(scheme) for scheme in judged.schemes], since=since.isoformat(),
                wage=yuan(declaration.wage), base=yuan(judged.base_fen),
            )
            item.told.append(
                f"{chunk.organisation.name}已为您办理参保：{_named(judged.schemes)}，自{_month(since)}起，"
                f"缴费基数{yuan_label(judged.base_fen)}元。"
            )

    def version(self, facts: HireKnown) -> str:
        return queries.hire_version(facts.today, facts.place)


@dataclass(slots=True)
class SpellKnown:
    """Open spells of a chunk's persons with this employer, and the bases in force."""

    today: datetime.date
    place: str
    spells: dict[int, Enrolment]
    bases: dict[int, BasePeriod]


def _spells(chunk: Chunk) -> SpellKnown:
    spells = queries.open_enrolments(chunk.organisation, chunk.person_ids)
    bases = queries.open_bases([spell.pk for spell in spells.values()])
    return SpellKnown(chunk.today, chunk.organisation.division, spells, bases)


class Stop:
    """End a spell: coverages stop with the month after leaving."""

    def facts(self, chunk: Chunk) -> SpellKnown:
        return _spells(chunk)

    def judge(self, item: Item, facts: SpellKnown) -> Verdict:
        spell = facts.spells.get(item.person_id)
        return rules.judge_leave(
            item.declaration.left_on, today=facts.today, hired_on=spell.hired_on if spell else None
        )

    def write(self, chunk: Chunk, accepted: list[Item], facts: SpellKnown, rows: Rows) -> None:
        for item in accepted:
            spell = facts.spells[item.person_id]
            until = calendar.next_month(item.declaration.left_on)
            Enrolment.objects.filter(pk=spell.pk, until=None).update(
                until=until, leave_reason=str(item.declaration.reason)
            )
            Coverage.objects.filter(enrolment=spell, until=None).update(until=until)
            BasePeriod.objects.filter(enrolment=spell, valid_until=None).update(valid_until=until)
            item.record.update(until=until.isoformat(), reason=str(item.declaration.reason))
            item.told.append(
                f"{chunk.organisation.name}已为您办理减员（{item.declaration.reason.label}），"
                f"参保到{item.declaration.left_on:%Y年%m月}止。失业的，可以申请失业保险金；"
                "灵活就业的，可以个人身份继续参保。"
            )

    def version(self, facts: SpellKnown) -> str:
        return ""


class Rebase:
    """Change the declared wage, and the base that follows from it, from a month on; history stays."""

    def facts(self, chunk: Chunk) -> SpellKnown:
        return _spells(chunk)

    def judge(self, item: Item, facts: SpellKnown) -> Verdict:
        spell = facts.spells.get(item.person_id)
        base = facts.bases.get(spell.pk) if spell else None
        return rules.judge_base_change(
            calendar.month_start(item.declaration.valid_from), today=facts.today,
            open_from=base.valid_from if base else None, wage_fen=item.declaration.wage,
            current_wage_fen=base.wage_fen if base else 0,
        )

    def write(self, chunk: Chunk, accepted: list[Item], facts: SpellKnown, rows: Rows) -> None:
        for item in accepted:
            spell = facts.spells[item.person_id]
            month = calendar.month_start(item.declaration.valid_from)
            law = queries.hire_law(facts.today, month, facts.place)
            base_fen = int(law.contribution.run(wage=item.declaration.wage)["base"])
            later = BasePeriod.objects.filter(enrolment=spell, valid_from__gte=month)
            earlier = BasePeriod.objects.filter(enrolment=spell, valid_from__lt=month).order_by("-valid_from").first()
            later.delete()
            if earlier:
                BasePeriod.objects.filter(pk=earlier.pk).update(valid_until=month)
            rows[BasePeriod].append({
                "id": ids.new(), "enrolment_id": spell.pk, "valid_from": month, "valid_until": None,
                "wage_fen": item.declaration.wage, "base_fen": base_fen, "case_id": item.case_id,
            })
            item.record.update(since=month.isoformat(), wage=yuan(item.declaration.wage), base=yuan(base_fen))
            item.told.append(
                f"{chunk.organisation.name}已变更您的缴费基数：自{month:%Y年%m月}起为{yuan_label(base_fen)}元。"
            )

    def version(self, facts: SpellKnown) -> str:
        return queries.hire_version(facts.today, facts.place)


def move_start(enrolment: Enrolment, since: datetime.date) -> None:
    """Correct from when a spell counts; its coverages and its first base move with it. Within the deed of the case."""
    Coverage.objects.filter(enrolment=enrolment, since=enrolment.since).update(since=since)
    BasePeriod.objects.filter(enrolment=enrolment, valid_from=enrolment.since).update(valid_from=since)
    Enrolment.objects.filter(pk=enrolment.pk).update(since=since)


def move_end(enrolment: Enrolment, until: datetime.date) -> None:
    """Correct when an ended spell ended (half-open); what ended with it moves. Within the deed of the case."""
    Coverage.objects.filter(enrolment=enrolment, until=enrolment.until).update(until=until)
    BasePeriod.objects.filter(enrolment=enrolment, valid_until=enrolment.until).update(valid_until=until)
    Enrolment.objects.filter(pk=enrolment.pk).update(until=until)


def set_wage(base: BasePeriod, wage_fen: int, base_fen: int) -> None:
    """Correct a declared wage and the base that follows from it. Within the deed of the case."""
    BasePeriod.objects.filter(pk=base.pk).update(wage_fen=wage_fen, base_fen=base_fen)


def set_month(person_id: int, scheme: Scheme, month: int, base_fen: int, case_id: int) -> None:
    """Note what officers found of one month; earlier findings stay in the table. Within the deed of the case."""
    MonthCorrection.objects.create(
        person_id=person_id, scheme=scheme, month=month, base_fen=base_fen, case_id=case_id, at=timezone.now()
    )
