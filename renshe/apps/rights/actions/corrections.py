"""Asks to put right what the register says, and puts it right."""

from collections.abc import Sequence
from typing import Any

from renshe.apps.rights import queries, rules
from renshe.apps.rights.terms import LONGEST, Request, RightsRefusal
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.corrections import Correctable, correctables
from renshe.kernel.cases.evidence import Upload
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel, State
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.sharing import actions as sharing
from renshe.kernel.subjects.models import Person


def wanted(person: Person, field: str, ref: str, right: str) -> dict[str, Any]:
    """What is to become of one value: its label, what it is now, what it should be. Raises Refused, by field."""
    chosen = correctables().get(field)
    if chosen is None:
        raise _no(RightsRefusal.NOTHING, "没有这一项可以更正", "field")
    try:
        held = queries.held_now(person, field, ref)
        now = chosen.now(person, ref)
    except LookupError as fault:
        raise _no(RightsRefusal.NOTHING, str(fault.args[0]), "ref") from None
    try:
        after = chosen.read(person, ref, right)
    except ValueError as fault:
        raise _no(RightsRefusal.UNREADABLE, f"{chosen.label}：{fault}", "right") from None
    return {"field": field, "ref": ref, "label": held.label, "before": now, "right": after}


def _no(code: RightsRefusal, text: str, field: str) -> Refused:
    return Refused(Reason(code, text, article=rules.CORRECTION, then="请改正后再提交", field=field))


def ask(
    person: Person, *, field: str, ref: str, right: str, reason: str, uploads: Sequence[Upload], actor: Actor, channel: Channel,
    key: str | None = None,
) -> Case:
    """Ask to have one value put right; officers verify, the register changes when they agree. Raises Refused."""
    said = {"field": field, "ref": ref, "right": right, "reason": reason}
    if known := cases.repeated(Request.CORRECTION, person, said, key):
        return known
    content = wanted(person, field, ref, right)
    open_case = queries.open_request(person.pk, Request.CORRECTION, {"field": field, "ref": ref})
    rules.may_correct(
        now=content["before"], right=content["right"], reason=reason, files=len(uploads),
        needs_proof=correctables()[field].two_person, open_case=open_case,
    ).or_raise()
    content |= {"reason": reason.strip()[:LONGEST]}
    return cases.open_own(Request.CORRECTION, person, content, actor=actor, channel=channel, uploads=uploads, said=said,
                          key=key)


def of_case(case: Case) -> Correctable:
    """The kind of value a correction is about."""
    return correctables()[cases.declared(case)["field"]]


def two_person(case: Case) -> bool:
    """Whether identity or money is at stake."""
    return of_case(case).two_person


def settle(case: Case, actor: Actor) -> None:
    """The officers agreed: change the register, tell the person before and after, and whoever got the wrong value."""
    put_right(case, cases.declared(case), actor)


def put_right(case: Case, content: dict[str, Any], actor: Actor) -> None:
    """One value put right within the deed of its case. Raises Refused when it no longer can be."""
    assert case.person is not None
    chosen, person = correctables()[content["field"]], case.person
    before = chosen.now(person, content["ref"])
    chosen.change(person, content["ref"], content["right"], case, actor)
    person.refresh_from_db()
    after = chosen.now(person, content["ref"])
    was, is_now = chosen.masked(before), chosen.masked(after)
    told = sharing.tell_corrected(person, chosen.touches, case_number=case.number)
    ledger.record(f"{case.kind}.settle", case.number, {
        "name": person.name, "citizen_id": person.citizen_id_mask, "field": content["label"], "before": was, "after": is_now,
        "told": told, "by": str(actor.account_id), "first": str(case.first_officer_id or ""),
    })
    others = f"曾拿到原来内容的{'、'.join(told)}，已告知更正。" if told else ""
    notices.send(
        "rights", "您的信息已更正", f"{content['label']}：原为“{was}”，现为“{is_now}”。{others}如仍不对，可以再次申请。",
        person_id=person.pk, case_number=case.number,
    )


def present(case: Case) -> list[tuple[str, str]]:
    """A correction as titled lines: before and after."""
    content = cases.declared(case)
    chosen = correctables()[content["field"]]
    shown = chosen.masked if chosen.key in ("citizen_id", "phone", "division") else str
    after = "更正为" if case.state == State.DECIDED else "应当是"
    return [("哪一项", content["label"]), ("原来登记", shown(content["before"]) or "没有登记"), (after, shown(content["right"])),
            ("为什么", content["reason"])]
