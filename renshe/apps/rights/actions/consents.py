"""Ends what is processed by consent alone, at once: withdrawing is as easy as giving (个人信息保护法 第十五条)."""

from renshe.apps.rights import queries
from renshe.apps.rights.terms import Request, RightsRefusal
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.notices import actions as notices
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects.models import Person

ARTICLE = "个人信息保护法 第十五条"


def withdraw(person: Person, *, item: str, actor: Actor, channel: Channel, key: str | None = None) -> Case:
    """Withdraw a consent: what was held by it is deleted in the same deed, which leaves two entries in the ledger (the case, the register).

    Raises Refused when nothing is held by it.
    """
    said = {"item": item}
    if known := cases.repeated(Request.WITHDRAWAL, person, said, key):
        return known
    with deed():
        held = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        one = next((one for one in queries.consents_of(held) if one.key == item), None)
        if one is None or not one.value:
            raise Refused(Reason(RightsRefusal.NOTHING, "没有凭您同意存着的这一项", article=ARTICLE, then="不用再撤回", field="item"))
        since = one.since.isoformat() if one.since else ""
        case = cases.open_own(
            Request.WITHDRAWAL, held, {"label": one.label, "purpose": one.purpose, "since": since, "source": one.source},
            actor=actor, channel=channel, said=said, key=key,
            record={"name": held.name, "citizen_id": held.citizen_id_mask, "field": one.label, "by": str(actor.account_id)},
        )
        subjects.correct(held, phone="", case_number=case.number, by=actor.account_id)
        notices.send(
            "rights", "已撤回同意", f"{one.label}已经删除，不再用来通知您；以后的通知只在这里看。撤回以前发过的通知不受影响。",
            person_id=held.pk, case_number=case.number,
        )
    return case


def present(case: Case) -> list[tuple[str, str]]:
    """A withdrawal as titled lines."""
    content = cases.declared(case)
    since = f"{content['since']} 起，{content['source']}" if content["since"] else content["source"]
    return [("撤回对什么的同意", content["label"]), ("原来用来做什么", content["purpose"]), ("原来的同意", since), ("结果", "已经删除，不再使用")]
