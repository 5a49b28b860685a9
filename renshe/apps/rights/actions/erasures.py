"""Deletes what may be deleted of a person; what a law keeps is stored only, and the answer says which law."""

from collections.abc import Sequence

from renshe.apps.rights import queries, rules
from renshe.apps.rights.terms import ERASE, KEEP, LONGEST, Request
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.erasures import Erasable, erasables
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel, Question, State
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.privacy import actions as privacy
from renshe.kernel.subjects.models import Person


def ask(person: Person, *, items: Sequence[str], reason: str, actor: Actor, channel: Channel, key: str | None = None) -> Case:
    """Ask for the deletion of some pieces. Raises Refused: nothing chosen, or such a request is open."""
    said = {"items": sorted(items), "reason": reason}
    if known := cases.repeated(Request.ERASURE, person, said, key):
        return known
    chosen = [one.key for one, _ in queries.erasable_of(person) if one.key in items]
    rules.may_erase(chosen=len(chosen), open_case=queries.open_request(person.pk, Request.ERASURE)).or_raise()
    content = {"items": chosen, "reason": reason.strip()[:LONGEST]}
    return cases.open_own(Request.ERASURE, person, content, actor=actor, channel=channel, said=said, key=key)


def items(case: Case) -> list[Erasable]:
    """The pieces a request is about."""
    return [erasables()[key] for key in cases.declared(case)["items"] if key in erasables()]


def questions(case: Case) -> tuple[Question, ...]:
    """What officers decide, piece by piece: only of what no law keeps."""
    return tuple(
        Question(one.key, one.label, ((ERASE, "删除"), (KEEP, "不删除（理由写在意见里）")), one.article)
        for one in items(case) if one.erase is not None
    )


def settle(case: Case, actor: Actor) -> None:
    """Erase what was agreed, restrict what a law keeps, and tell the person of each piece."""
    assert case.person is not None
    person, told, record = case.person, [], {}
    for one in items(case):
        if one.erase is None:
            told.append(_kept(one, person, case))
            record[one.key] = "kept"
        elif case.answers.get(one.key) == ERASE:
            count = one.erase(person.pk, case, actor.account_id)
            told.append(f"{one.label}：已删除{count}项")
            record[one.key] = f"erased {count}"
        else:
            told.append(f"{one.label}：没有删除，理由见办件意见")
            record[one.key] = "not erased"
    ledger.record(f"{case.kind}.settle", case.number, {
        "citizen_id": person.citizen_id_mask, "items": record, "by": str(actor.account_id), "first": str(case.first_officer_id or ""),
    })
    notices.send("rights", "您的删除申请有结果了", "；".join(told) + "。", person_id=person.pk, case_number=case.number)


def _kept(one: Erasable, person: Person, case: Case) -> str:
    if one.used(person.pk):
        return f"{one.label}：依{one.article}须保存，仍用于履行法定职责"
    privacy.restrict(
        person.pk, one.key, [table._meta.label for table in one.tables], article=one.article, case_number=case.number
    )
    return f"{one.label}：依{one.article}须保存，从现在起只存储，不再作其他使用、不提供给其他部门"


def outcome(case: Case) -> list[tuple[str, str, str]]:
    """Each piece with what became of it, and the article."""
    done = case.state == State.DECIDED
    return [(one.label, _became(one, case) if done else "等待决定", one.article) for one in items(case)]


def _became(one: Erasable, case: Case) -> str:
    if one.erase is None:
        return "依法保存"
    return "已删除" if case.answers.get(one.key) == ERASE else "没有删除"


def present(case: Case) -> list[tuple[str, str]]:
    """A request for deletion as titled lines."""
    reason = cases.declared(case)["reason"]
    lines = [(label, f"{became}（{article}）") for label, became, article in outcome(case)]
    return [*lines, ("为什么", reason)] if reason else lines
