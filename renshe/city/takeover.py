"""Takes the city's history over into the records: enrolments, coverages, bases, contracts, cards, one case an employer.

A bureau that starts with this platform does the same with what its former system holds: the history is put on record as
it was, under a case that says so, and is not judged again.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from django.utils import timezone

from renshe.apps.card.actions import card_number
from renshe.apps.card.models import Card
from renshe.apps.card.terms import CardState
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.terms import HireKind, LeaveReason, Scheme
from renshe.apps.relations.models import LabourContract
from renshe.apps.relations.terms import ContractKind
from renshe.city.cards import ACTIVE
from renshe.city.dice import Array, dice
from renshe.city.employers import employers
from renshe.city.making import Made
from renshe.city.shape import City, day_of
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions, kinds
from renshe.kernel.cases.journey import Rows
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import Channel, Deed, State
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.store import ids
from renshe.kernel.store.insert import insert
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects.models import HouseholdMember, Relation

KIND = "takeover"
POSITIONS = ("操作工", "技术员", "会计", "仓管员", "质检员", "司机", "文员", "销售", "电工", "班组长")
CIVIL = 2
TERM, OPEN_ENDED_AFTER = 3, 10  # years of a contract, as the synthetic employers make them
Stretch = tuple[int, int | None, int, int]  # first month, month after the last (None: open), wage and base in fen
_day = lru_cache(maxsize=2048)(day_of)


@dataclass
class Taken:
    """Where history is taken over to: identifiers of persons (of the range), of employers, and of their cases."""

    persons: Array
    employers: Array
    cases: Array
    cards: int = 0  # numbers given so far


def open_cases(city: City, employer_ids: Array, actor: Actor, now: datetime.datetime) -> Array:
    """One decided case an employer, with its entry in the ledger; returns their identifiers."""
    rows: Rows = defaultdict(list)
    for identifier, county in zip(employer_ids.tolist(), employers(city).county.tolist(), strict=True):
        declared = {"as_of": day_of(city.as_of).isoformat()}
        case = actions.case_row(
            kind=KIND, state=State.DECIDED, channel=Channel.ROSTER, person_id=None, organisation_id=identifier,  # type: ignore[arg-type]
            applicant_id=actor.account_id, division=str(county), declared=declared, findings=[], policy_version="", at=now,
        )
        rows[Case].append(case)
        rows[CaseEvent].append(actions.event_row(case["id"], Deed.SETTLE, to=State.DECIDED, actor=actor, at=now))
        rows[Leaf].append(ledger.leaf(f"{KIND}.{Deed.SETTLE}", case["number"], {"outcome": "accept", **declared}, now))
    for model, lines in rows.items():
        insert(model, lines)
    return np.array([row["id"] for row in rows[Case]], np.int64)


def take_over(city: City, made: Made, taken: Taken) -> dict[str, int]:
    """Insert the history of a range; returns how many rows of each kind."""
    rows: Rows = defaultdict(list)
    _enrolments(city, made, taken, rows)
    _cards(city, made, taken, rows)
    _households(city, made, taken, rows)
    for model in (HouseholdMember, Enrolment, Coverage, BasePeriod, LabourContract, Card):
        insert(model, rows[model])
    return {str(model._meta.verbose_name): len(lines) for model, lines in rows.items()}


def _enrolments(city: City, made: Made, taken: Taken, rows: Rows) -> None:
    """Spells with an employer, running and past; second jobs against injury only, since the register knows no double pension."""
    chance = dice(city.seed, "takeover", made.people.first)
    spells = made.tables["spells"].filter(pl.col("employer").is_not_null())
    bases = _bases(made)
    kind = employers(city).kind
    hired = chance.integers(0, 28, spells.height).tolist()
    positions = chance.integers(0, len(POSITIONS), spells.height).tolist()
    lines = zip(spells.iter_rows(named=True), hired, positions, strict=True)
    running: set[int] = set()
    for spell, day, position in lines:
        person, employer = spell["person"] - made.people.first, spell["employer"]
        second = person in running and spell["until"] is None
        if spell["until"] is None:
            running.add(person)
        since, until = _day(spell["start"]), _day(spell["until"]) if spell["until"] is not None else None
        enrolment, case = ids.new(), int(taken.cases[employer])
        person_id, organisation_id = int(taken.persons[person]), int(taken.employers[employer])
        rows[Enrolment].append({
            "id": enrolment, "person_id": person_id, "organisation_id": organisation_id, "kind": str(HireKind.EMPLOYEE),
            "hired_on": since + datetime.timedelta(days=day), "since": since, "until": until,
            "leave_reason": str(LeaveReason.CONTRACT_ENDED) if until else "", "case_id": case,
        })
        for scheme in _schemes(int(kind[employer]), second):
            rows[Coverage].append({
                "id": ids.new(), "enrolment_id": enrolment, "person_id": person_id, "scheme": str(scheme), "since": since,
                "until": until,
            })
        alone = [(spell["start"], spell["until"], spell["wage"], spell["wage"])]
        for start, end, wage, base in bases.get((person, spell["start"]), alone):
            rows[BasePeriod].append({
                "id": ids.new(), "enrolment_id": enrolment, "valid_from": _day(start),
                "valid_until": until if end == spell["until"] else _day(end), "wage_fen": wage, "base_fen": base,
                "case_id": case,
            })
        if spell["contract"] and kind[employer] != CIVIL:
            rows[LabourContract].append({
                "person_id": person_id, "organisation_id": organisation_id, "position": POSITIONS[position], "case_id": case,
                "ended_on": until, **_terms(since + datetime.timedelta(days=day), until or _day(city.as_of)),
            })


def _schemes(kind: int, second: bool) -> tuple[Scheme, ...]:
    if second:
        return (Scheme.INJURY,)
    every = (Scheme.PENSION, Scheme.UNEMPLOYMENT, Scheme.INJURY, Scheme.MEDICAL)
    return tuple(scheme for scheme in every if kind != CIVIL or scheme is not Scheme.UNEMPLOYMENT)


def _bases(made: Made) -> dict[tuple[int, int], list[Stretch]]:
    """By person and start of a spell: its stretches, the last open if the spell is."""
    work, rows = made.work, made.rows
    found: dict[tuple[int, int], list[Stretch]] = {}
    starts, open_now = work.start.tolist(), work.now.tolist()
    with_employer = np.flatnonzero(~work.own[rows.spell])
    columns = (column[with_employer].tolist() for column in (
        rows.spell, rows.person, rows.start, rows.months, rows.declared, rows.base))
    for spell, person, start, months, wage, base in zip(*columns, strict=True):
        found.setdefault((person, starts[spell]), []).append((start, start + months, wage, base))
    for person, start, is_open in zip(work.person.tolist(), starts, open_now, strict=True):
        if is_open and (person, start) in found:
            first, _, wage, base = found[person, start][-1]
            found[person, start][-1] = (first, None, wage, base)
    return found


def _terms(starts: datetime.date, until: datetime.date) -> dict[str, Any]:
    """The contract of a spell: three years from the first day, renewed as long as it ran; open-ended after ten years."""
    years = until.year - starts.year
    open_ended = years >= OPEN_ENDED_AFTER
    ends = None if open_ended else starts.replace(year=starts.year + TERM * (years // TERM + 1), day=min(starts.day, 28))
    kind = ContractKind.OPEN_ENDED if open_ended else ContractKind.FIXED_TERM
    return {"id": ids.new(), "kind": str(kind), "starts_on": starts, "ends_on": ends}


def _cards(city: City, made: Made, taken: Taken, rows: Rows) -> None:
    for line in made.tables["cards"].filter(pl.col("state") == ACTIVE).iter_rows(named=True):
        taken.cards += 1
        issued = _day(line["issued_month"])
        rows[Card].append({
            "id": ids.new(), "person_id": int(taken.persons[line["person"] - made.people.first]),
            "number": card_number(taken.cards), "state": str(CardState.ACTIVE), "applied_on": issued, "issued_on": issued,
            "case_id": None,
        })


def _households(city: City, made: Made, taken: Taken, rows: Rows) -> None:
    """Who lives with whom, of households of more than one living member; named by the first member's number."""
    people, now, since = made.people, timezone.now(), day_of(city.as_of)
    alive = people.died < 0
    heads, counts = np.unique(people.household[alive], return_counts=True)
    shared = set(heads[counts > 1].tolist())
    rows[HouseholdMember] += [
        subjects.household_row(
            int(taken.persons[at]), f"{county}{head:08d}", str(Relation.HEAD if head == at + people.first else Relation.OTHER),
            source="合成城市", since=since, at=now,
        )
        for at, (head, county) in enumerate(zip(people.household.tolist(), people.county.tolist(), strict=True))
        if alive[at] and head in shared
    ]


def _present(case: Case) -> kinds.Lines:
    return [("接续内容", "原系统中的参保、合同和社保卡记录"), ("截至", actions.declared(case)["as_of"])]


def register() -> None:
    """Make the takeover known as a kind of case."""
    kinds.register(kinds.CaseKind(
        KIND, "历史数据接续", "社会保险法 第七十四条", lambda: 30, "working", lambda case: False, lambda case, actor: None, _present,
    ))
