"""Which deed a case allows in which state, and to whom."""

from collections.abc import Collection, Mapping, Sequence

from renshe.kernel.cases.terms import CaseRefusal, Deed, Question, State
from renshe.kernel.common.separation import CONTROL, GRADED, Duty, apart
from renshe.kernel.common.verdict import YES, Reason, Verdict

TRANSITIONS: dict[tuple[State, Deed], State] = {
    (State.SUBMITTED, Deed.TAKE): State.ACCEPTED,
    (State.SUBMITTED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Deed.TAKE): State.ACCEPTED,
    (State.ACCEPTED, Deed.ASK_CORRECTION): State.CORRECTION,
    (State.ACCEPTED, Deed.SUSPEND): State.SUSPENDED,
    (State.ACCEPTED, Deed.EXTEND): State.ACCEPTED,
    (State.ACCEPTED, Deed.REFUSE): State.REFUSED,
    (State.ACCEPTED, Deed.PROPOSE): State.REVIEW,
    (State.ACCEPTED, Deed.APPROVE): State.DECIDED,
    (State.ACCEPTED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.CORRECTION, Deed.ANSWER): State.ACCEPTED,
    (State.CORRECTION, Deed.WITHDRAW): State.WITHDRAWN,
    (State.SUSPENDED, Deed.RESUME): State.ACCEPTED,
    (State.SUSPENDED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.REVIEW, Deed.APPROVE): State.DECIDED,
    (State.REVIEW, Deed.RETURN): State.ACCEPTED,
    (State.REVIEW, Deed.REFUSE): State.REFUSED,
    (State.DECIDED, Deed.RATE): State.DECIDED,
    (State.REFUSED, Deed.RATE): State.REFUSED,
    (State.SUBMITTED, Deed.REMIND): State.SUBMITTED,
    (State.ACCEPTED, Deed.REMIND): State.ACCEPTED,
    (State.REVIEW, Deed.REMIND): State.REVIEW,
}
OPEN = (State.SUBMITTED, State.ACCEPTED, State.CORRECTION, State.SUSPENDED, State.REVIEW)


def _no(code: CaseRefusal, text: str, *, article: str = "", then: str = "") -> Verdict:
    return Verdict((Reason(code, text, article=article, then=then),))


def may_do(state: State, deed: Deed) -> Verdict:
    """Whether the table of transitions has this deed."""
    if (state, deed) in TRANSITIONS:
        return YES
    return _no(CaseRefusal.WRONG_STATE, f"办件现为“{state.label}”，不能{deed.label}", then="请刷新页面查看办件的最新状态")


def may_ask_correction(asked_before: bool) -> Verdict:
    """Corrections are asked once, in full."""
    if asked_before:
        return _no(
            CaseRefusal.ASKED_BEFORE, "已经一次性告知过补正内容，不能再次要求补正",
            article="行政许可法 第三十二条", then="请根据现有材料作出决定，或转复核人员研究",
        )
    return YES


def may_work_on(applicant: int, barred: Collection[int], actor: int) -> Verdict:
    """Nobody works on his own request, nor on one to look again at what he decided."""
    if actor in barred:
        return _no(
            CaseRefusal.BARRED, "您参与过原来的决定，这一办件须由其他人员办理", article=CONTROL, then="请转由另一位人员承办"
        )
    return apart(Duty.ASSESS, actor, "办件", {Duty.APPLY: applicant})


def may_approve(
    state: State, *, two_person: bool, first_officer: int | None, applicant: int, actor: int, barred: Collection[int] = ()
) -> Verdict:
    """Two different officers decide where money or identity changes hands, and nobody decides on his own request."""
    if not (verdict := may_work_on(applicant, barred, actor)):
        return verdict
    if not (verdict := apart(Duty.APPROVE, actor, "办件", {Duty.ASSESS: first_officer if state is State.REVIEW else None})):
        return verdict
    if two_person and state is State.ACCEPTED:
        return _no(
            CaseRefusal.NEEDS_SECOND, "本事项须两人办理：请先提出初审意见，再由另一人复核",
            article=GRADED,
        )
    return YES


def are_answered(questions: Sequence[Question], answers: Mapping[str, str]) -> Verdict:
    """Whether the officers have said what they decide on everything the case leaves open."""
    open_ones = [one for one in questions if answers.get(one.key) not in dict(one.options)]
    return Verdict(tuple(
        Reason(CaseRefusal.UNANSWERED, f"请先明确：{one.label}", article=one.article, field=one.key, then="请选择其中一项")
        for one in open_ones
    ))


def may_rate(rated: bool) -> Verdict:
    """One event, one rating."""
    return _no(CaseRefusal.RATED, "这一办件已经评价过") if rated else YES
