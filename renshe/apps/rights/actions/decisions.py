"""Explains an automated decision as it stood, and has a human look at it."""

from collections.abc import Sequence

from django.utils import timezone

from renshe.apps.rights import queries, rules
from renshe.apps.rights.actions import corrections
from renshe.apps.rights.models import Reviewed
from renshe.apps.rights.terms import LONGEST, Decision, Outcome, Request
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.corrections import correctables
from renshe.kernel.cases.evidence import Upload
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import Channel, Deed, Question
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.subjects.models import Person


def explain(person: Person, decision: Decision, *, actor: Actor, channel: Channel, key: str | None = None) -> Case:
    """Give the explanation: the engine's steps, the version and the articles, frozen as they stand now."""
    return cases.open_own(
        Request.EXPLANATION, person, {"decision": decision.as_json()}, actor=actor, channel=channel,
        said={"decision": decision.key}, key=key, version=decision.version, record={
            "name": person.name, "citizen_id": person.citizen_id_mask, "decision": decision.key, "says": decision.says,
            "version": decision.version, "on": decision.on,
        },
    )


def ask_review(
    explained: Case, *, reason: str, actor: Actor, channel: Channel, right: tuple[str, str, str] | None = None,
    uploads: Sequence[Upload] = (), key: str | None = None,
) -> Case:
    """Ask a human to look at an explained decision. `right` names a value of the register (field, ref, what is right) that
    changes at once if the human agrees. Raises Refused.
    """
    person, decision = explained.person, queries.decision_of(explained)
    assert person is not None
    said = {"explained": explained.number, "reason": reason, "right": list(right or ())}
    if known := cases.repeated(Request.REVIEW, person, said, key):
        return known
    open_case = queries.open_request(person.pk, Request.REVIEW, {"key": decision.key})
    rules.may_ask_review(reason=reason, open_case=open_case).or_raise()
    content = {"decision": decision.as_json(), "key": decision.key, "explained": explained.number, "reason": reason.strip()[:LONGEST]}
    if right:
        content["wanted"] = corrections.wanted(person, *right)
    return cases.open_own(
        Request.REVIEW, person, content, actor=actor, channel=channel, uploads=uploads, said=said, key=key,
        version=decision.version,
    )


def two_person(case: Case) -> bool:
    """Whether agreeing changes identity or money in the register."""
    change = cases.declared(case).get("wanted")
    return bool(change and correctables()[change["field"]].two_person)


def questions(case: Case) -> tuple[Question, ...]:
    """What the human says of the decision."""
    return (Question("outcome", "复核结论", tuple(Outcome.choices()), rules.AUTOMATED),)


def settle(case: Case, actor: Actor) -> None:
    """The human's finding stands from now on; where a value of the register was named, it changes with it."""
    assert case.person is not None
    decision, content = queries.decision_of(case), cases.declared(case)
    outcome = Outcome(case.answers["outcome"])
    words = CaseEvent.objects.filter(case=case, deed=Deed.APPROVE).order_by("-id").values_list("note", flat=True)[0]
    Reviewed.objects.create(
        person=case.person, decision=decision.key, outcome=outcome, words=words, case=case, by_name=actor.name, at=timezone.now()
    )
    if outcome is Outcome.CHANGED and "wanted" in content:
        corrections.put_right(case, content["wanted"], actor)
    else:
        ledger.record(f"{case.kind}.settle", case.number, {
            "name": case.person.name, "citizen_id": case.person.citizen_id_mask, "decision": decision.key,
            "outcome": str(outcome), "by": str(actor.account_id),
        })


def present(case: Case) -> list[tuple[str, str]]:
    """The decision as titled lines."""
    content, decision = cases.declared(case), queries.decision_of(case)
    lines = [("哪个决定", decision.label), ("系统的结论", decision.says), ("作出日期", decision.on), ("依据", decision.basis)]
    if "reason" in content:
        lines.append(("为什么不同意", content["reason"]))
    if "wanted" in content:
        change = content["wanted"]
        lines += [("登记中不对的", f"{change['label']}：{change['before']}"), ("应当是", change["right"])]
    return lines
