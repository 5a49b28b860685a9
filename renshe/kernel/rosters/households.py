"""The roster of households: who lives together, as those say who keep the register of residence (公安户籍).

Only organisations the installation names may send it. It serves to tell when officers look at their own family.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from pydantic import Field

from renshe.kernel.cases.declaration import CitizenId, Declaration, choice
from renshe.kernel.cases.journey import Settled
from renshe.kernel.common.verdict import Outcome, Reason
from renshe.kernel.rosters import kinds
from renshe.kernel.subjects import actions
from renshe.kernel.subjects.models import Organisation, Relation
from renshe.kernel.subjects.queries import persons_by_citizen_id

KEY = "households"
ARTICLE = "个人信息保护法 第五十一条"


class Member(Declaration):
    """One member of a household. Alias at the borders: AAC002, AAC003."""

    household: str = Field(title="户号", description="同一户填同一个号", examples=["330802001234"], min_length=1, max_length=32)
    name: str = Field(title="姓名", description="与身份证件一致", examples=["张小明"], min_length=1, max_length=60)
    citizen_id: CitizenId = Field(title="公民身份号码", description="18位，末位可以是X", examples=["11010519491231002X"])
    relation: choice(Relation) = Field(  # type: ignore[valid-type]
        Relation.OTHER, title="与户主关系", description="不清楚的选“其他成员”", examples=["配偶"]
    )


def settle(
    entries: Sequence[tuple[int | None, Any]], *, organisation: Organisation, roster_id: int | None = None, **_: Any
) -> list[Settled]:
    """Note the members of a chunk within the caller's deed; whom the register does not know, or by another name, is refused."""
    known = persons_by_citizen_id(entry.citizen_id for _, entry in entries)
    settled, members = [], []
    for line, entry in entries:
        person = known.get(entry.citizen_id)
        fault = _fault(person.name if person else "", entry.name)
        settled.append(Settled(line, Outcome.REFUSE if fault else Outcome.ACCEPT, (fault,) if fault else (), ""))
        if person is not None and not fault:
            members.append((person.pk, entry.household, str(entry.relation)))
    actions.note_households(members, source=f"{organisation.name} 名册{roster_id or ''}", on=timezone.localdate())
    return settled


def _fault(registered: str, declared: str) -> Reason | None:
    if not registered:
        return Reason("unknown_person", "登记中没有这一公民身份号码", article=ARTICLE, field="citizen_id", then="这一行不登记，其余照办")
    if registered != declared:
        return Reason("name_differs", "姓名与登记的不一致", article=ARTICLE, field="name", then="请核对姓名和号码后重报这一行")
    return None


def may_send(organisation: Organisation) -> bool:
    """Whether an organisation keeps the register of residence, as the installation names it."""
    return organisation.uscc in settings.RENSHE_HOUSEHOLD_SOURCES


def register() -> None:
    """Make the roster known."""
    kinds.register(kinds.RosterKind(KEY, "户成员", Member, settle, may_send))
