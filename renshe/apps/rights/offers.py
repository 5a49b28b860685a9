"""What this app gives the platform: its kinds of case."""

from renshe.apps.rights import queries
from renshe.apps.rights.actions import consents, copies, corrections, decisions, erasures
from renshe.apps.rights.terms import CORRECTION_REFUSALS, ERASURE_REFUSALS, REMEDY, REVIEW_REFUSALS, Request
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import kinds
from renshe.kernel.cases.models import Case
from renshe.kernel.sweeps.facts import Unswept

BASIS = "个人信息保护法"


def _done(case: Case, actor: Actor) -> None:
    """Settled when it was opened."""


def _at_once(kind: Request, article: str, present: object) -> kinds.CaseKind:
    return kinds.CaseKind(
        kind, kind.label, f"{BASIS} {article}", queries.answer_days, "natural", lambda case: False, _done, present, remedy=REMEDY,  # type: ignore[arg-type]
    )


KINDS = (
    kinds.CaseKind(
        Request.CORRECTION, Request.CORRECTION.label, f"{BASIS} 第四十六条", queries.answer_days, "natural", corrections.two_person,
        corrections.settle, corrections.present, refusals=CORRECTION_REFUSALS, remedy=REMEDY,
        effect="准予后立即改登记，告诉本人改前改后，并告知曾拿到原来内容的部门。",
    ),
    _at_once(Request.EXPLANATION, "第二十四条", decisions.present),
    kinds.CaseKind(
        Request.REVIEW, Request.REVIEW.label, f"{BASIS} 第二十四条", queries.answer_days, "natural", decisions.two_person,
        decisions.settle, decisions.present, decisions.questions, REVIEW_REFUSALS, queries.decided_by, remedy=REMEDY,
        effect="结论和理由告诉本人；改变结论的，本人指明的登记同时更正。",
    ),
    _at_once(Request.COPY, "第四十五条", copies.present),
    kinds.CaseKind(
        Request.ERASURE, Request.ERASURE.label, f"{BASIS} 第四十七条", queries.answer_days, "natural", lambda case: True,
        erasures.settle, erasures.present, erasures.questions, ERASURE_REFUSALS, remedy=REMEDY,
        effect="删除立即执行，不能恢复；依法须保存的，只存储，不再提供给其他部门。",
    ),
    _at_once(Request.WITHDRAWAL, "第十五条", consents.present),
)


def register() -> None:
    """Make the kinds known."""
    for kind in KINDS:
        kinds.register(kind)
UNSWEPT = (Unswept("rights_clock", "期限从收到一件申请起算，由办件系统计时；列式数据没有办件"),)
