"""What may be done with a plan, and why not."""

from renshe.apps.planning.terms import PlanState, Refusal
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import YES, Reason, Verdict
from renshe.kernel.indicators.terms import Sense

REPORTING = "平台规则：责任单位填报"


def no(code: Refusal, text: str, *, then: str = "", field: str = "", article: str = "") -> Verdict:
    """A refusal with one reason."""
    return Verdict((Reason(code, text, article=article, then=then, field=field),))


def may_edit(state: PlanState) -> Verdict:
    """Whether extracts may still be judged: until the review is closed."""
    if state is PlanState.READ:
        return YES
    then = "请由发布人退回审核" if state is PlanState.REVIEWED else "请导入新版文件"
    return no(Refusal.WRONG_STATE, f"规划“{state.label}”，不能再改摘录", then=then)


def may_close_review(state: PlanState, *, unread: int, undecided: int, unowned: int, targets: int) -> Verdict:
    """Whether a review is complete: everything judged, every contradiction decided, every indicator owned."""
    verdict = may_edit(state)
    if unread:
        verdict += no(Refusal.UNDECIDED, f"还有{unread}条摘录没有审", then="逐条确认、更正或不采用，也可整类确认")
    if undecided:
        verdict += no(Refusal.UNDECIDED, f"还有{undecided}处不一致没有处理", then="并列保留、以一处为准或说明不是一回事")
    if unowned:
        verdict += no(Refusal.UNDECIDED, f"还有{unowned}个指标没有责任单位", then="请指定责任单位")
    if not targets:
        verdict += no(Refusal.NOTHING_READ, "没有一个采用的指标", then="请核对指标表，或更正摘录")
    return verdict


def may_publish(state: PlanState, *, reviewed_by: int | None, actor_id: int) -> Verdict:
    """Whether this officer may publish: somebody else must have reviewed."""
    if state is not PlanState.REVIEWED:
        return no(Refusal.WRONG_STATE, f"规划“{state.label}”，不能发布", then="请先完成审核")
    return apart(Duty.PUBLISH, actor_id, "规划", {Duty.APPROVE: reviewed_by})


def may_watch(state: PlanState) -> Verdict:
    """Whether a plan is being carried out, so that targets, works and sheets can be changed."""
    if state is PlanState.PUBLISHED:
        return YES
    return no(Refusal.WRONG_STATE, f"规划“{state.label}”", then="只有已发布的规划才监测")


def may_report(*, plans: bool, contact: int | None, actor_id: int) -> Verdict:
    """Whether an officer may report for an owner: its contact, or a planner."""
    if plans or (contact is not None and contact == actor_id):
        return YES
    return no(Refusal.NOT_OWNER, "这一项由别的责任单位填报", then="请由责任单位联系人或规划人员填报", article=REPORTING)


def adds_up(sense: Sense, unit: str) -> bool:
    """Whether counties' figures sum to the city's: counts do, rates do not."""
    return "%" not in unit and sense in (Sense.LEVEL, Sense.YEARLY, Sense.CUMULATIVE)
