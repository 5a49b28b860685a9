"""What is held about a person, in the pieces in which it may be deleted or must be kept; parts offer theirs (`ERASABLE`).

Legal basis: 个人信息保护法 第四十七条. What a law tells us to keep is not asked of officers: it stays, stored only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models

from renshe.kernel.cases import evidence, rules
from renshe.kernel.cases.models import Case, CaseFile
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices import actions as notices
from renshe.kernel.notices.models import Notice
from renshe.kernel.privacy import actions as privacy
from renshe.kernel.privacy.models import Reading, Restriction
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects.models import Person


@dataclass(frozen=True)
class Erasable:
    """One piece: how many entries a person has of it, and how it is erased (person, case, account; how many went).

    Without `erase` a law keeps it: `article` says which, `why` in plain words. What is `used` still serves a duty of law and
    goes on being used; the rest of what must be kept is stored only.
    """

    key: str
    label: str
    tables: tuple[type[models.Model], ...]
    holds: Callable[[int], int]
    why: str
    article: str
    erase: Callable[[int, Case, int], int] | None = None
    used: Callable[[int], bool] = lambda person_id: False


def _phone(person_id: int, case: Case, by: int) -> int:
    person = Person.objects.get(pk=person_id)
    if not person.phone_sealed:
        return 0
    subjects.correct(person, phone="", case_number=case.number, by=by)
    return 1


def _files(person_id: int) -> "models.QuerySet[CaseFile]":
    """Documents of the person's own requests that are closed."""
    return CaseFile.objects.exclude(sealed=None).exclude(case__state__in=rules.OPEN).filter(
        case__person_id=person_id, case__organisation=None
    )


def _shred(person_id: int, case: Case, by: int) -> int:
    files = list(_files(person_id))
    for one in files:
        evidence.destroy(one, rule=f"个人信息保护法 第四十七条（办件{case.number}）")
    return len(files)


def _leaves(person_id: int) -> "models.QuerySet[Leaf]":
    """Records in the ledger of the person's own requests that are closed."""
    own = Case.objects.filter(person_id=person_id, organisation=None).exclude(state__in=rules.OPEN)
    return Leaf.objects.filter(case_number__in=own.values("number")).exclude(record="").exclude(kind="ledger.destroy")


def _forget_records(person_id: int, case: Case, by: int) -> int:
    leaves = list(_leaves(person_id).exclude(case_number=case.number).values_list("pk", flat=True))
    for one in leaves:
        ledger.destroy_record(one, rule=f"个人信息保护法 第四十七条（办件{case.number}）", by=str(by))
    return len(leaves)


OWN = (
    Erasable("phone", "手机号码", (), lambda pk: Person.objects.filter(pk=pk).exclude(phone_sealed=None).count(),
             "只用来通知您；删了以后通知只在这里看", "个人信息保护法 第四十七条第一款第一项", _phone),
    Erasable("files", "您交来的证件照片和材料", (CaseFile,), lambda pk: _files(pk).count(),
             "已办完的申请用过的材料，目的已经实现", "个人信息保护法 第四十七条第一款第一项", _shred),
    Erasable("notices", "已读的通知", (Notice,), lambda pk: Notice.objects.filter(person_id=pk).exclude(read_at=None).count(),
             "看过的通知，不影响办件", "个人信息保护法 第四十七条第一款第一项", lambda pk, case, by: notices.forget(pk)),
    Erasable("records", "账本里您的申请的正文", (Leaf,), lambda pk: _leaves(pk).count(),
             "删后账本条目还在，但谁也读不出内容；这些申请的回执也就不能再核验", "个人信息保护法 第四十七条第一款第一项", _forget_records),
    Erasable("readings", "谁看过您的记录", (), lambda pk: Reading.objects.filter(person_id=pk).count(),
             "处理个人信息的记录至少保存三年，也是您查问别人的凭据", "网络数据安全管理条例 第十二条", used=lambda pk: True),
    Erasable("cases", "办件和申报内容", (), lambda pk: Case.objects.filter(person_id=pk).count(),
             "社会保险登记、申报的原始凭证，法律要求妥善保管", "社会保险法 第七十四条", used=lambda pk: True),
)


@cache
def erasables() -> dict[str, Erasable]:
    """Every piece by key. Raises ValueError when one is offered twice."""
    offered = [*OWN]
    for config in apps.get_app_configs():
        if config.name.startswith("renshe.") and find_spec(f"{config.name}.offers") is not None:
            offered += getattr(import_module(f"{config.name}.offers"), "ERASABLE", ())
    found = {one.key: one for one in offered}
    if len(found) < len(offered):
        raise ValueError("a piece is offered for erasure twice")
    return found


def release_used() -> int:
    """End the storing-only of what serves a duty of law again (somebody was hired anew), and tell the person; how many.

    Safe to repeat and to kill: each is one deed.
    """
    count = 0
    for one in Restriction.objects.filter(ended_at=None).order_by("id"):
        piece = erasables().get(one.item)
        if piece is None or not piece.used(one.person_id):
            continue
        with deed():
            privacy.release(one.person_id, one.item)
            ledger.record("privacy.release", one.case_number, {"person": str(one.person_id), "item": one.item})
            notices.send("rights", "一项信息恢复使用", f"{piece.label}又要用于法定职责（例如新参保），不再限于存储。", person_id=one.person_id,
                         case_number=one.case_number)
        count += 1
    return count
