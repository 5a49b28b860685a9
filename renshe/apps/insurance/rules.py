"""Judgements of social insurance: pure, by the policies, with reasons. Dates in, verdicts out."""

import datetime
from dataclasses import dataclass

from renshe.apps.insurance.terms import HireKind, Refusal, Scheme, WorkPost
from renshe.kernel.common import calendar
from renshe.kernel.common.verdict import YES, Outcome, Reason, Verdict
from renshe.kernel.policy.engine.compile import Compiled
from renshe.kernel.policy.engine.rule import Rule
from renshe.kernel.policy.engine.units import month_index

LATE = "in_time"
REFERRED = {LATE}  # conditions that an officer looks into; the others refuse
FIELDS = {
    "alive": "citizen_id", "old_enough": "hired_on", "before_retirement": "kind", "after_retirement": "kind",
    "in_time": "hired_on",
}
ONE_EMPLOYER = "社会保险法 第五十八条"


@dataclass(frozen=True)
class HireLaw:
    """The policies a hire is judged by, as they stand on one day in one place."""

    retirement: Compiled
    enrolment: Compiled
    duty: Compiled
    conditions: dict[str, Rule]
    contribution: Compiled
    missing_base: str


@dataclass(frozen=True, slots=True)
class HireFacts:
    """What is known of one hire."""

    kind: HireKind
    post: WorkPost
    sex: str
    birth_on: datetime.date
    deceased: bool
    hired_on: datetime.date
    declared_on: datetime.date
    wage_fen: int
    insured_here: bool
    insured_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a hire, and what follows if it stands."""

    verdict: Verdict
    schemes: tuple[Scheme, ...] = ()
    base_fen: int = 0
    injury_from: datetime.date = datetime.date.min


def retirement_group(sex: str, post: WorkPost) -> str:
    """The group of the retirement policy a person belongs to."""
    if sex == "1":
        return "male"
    return "female55" if post is WorkPost.MANAGEMENT else "female50"


def judge_hire(law: HireLaw, facts: HireFacts) -> Judged:
    """Whether a person may be taken on, in which schemes, on what base."""
    if facts.hired_on > facts.declared_on:
        return Judged(_refused(
            Refusal.FUTURE, "用工之日不能晚于申报之日", "社会保险法 第五十八条", "hired_on", "请在用工之日起三十日内申报"
        ))
    hired_month = month_index(facts.hired_on)
    retire_month = law.retirement.run(
        group=retirement_group(facts.sex, facts.post), birth=month_index(facts.birth_on)
    )["retire_month"]
    right = law.enrolment.run(
        kind=str(facts.kind), age_years=max(calendar.full_years(facts.birth_on, facts.hired_on), 0),
        hired_month=hired_month, retire_month=retire_month, deceased=facts.deceased,
    )
    duty = law.duty.run(hired=facts.hired_on.toordinal(), declared=facts.declared_on.toordinal())
    reasons = [_unmet(law, name) for name in law.conditions if right.get(name, duty.get(name)) is False]
    if facts.insured_here:
        reasons.append(Reason(
            Refusal.INSURED_HERE, "该人员已由本单位参保，不须重复增员", article=ONE_EMPLOYER, field="citizen_id",
            then="如要调整工资，请办理缴费基数变更",
        ))
    schemes = tuple(
        scheme for scheme, name in (
            (Scheme.PENSION, "pension"), (Scheme.UNEMPLOYMENT, "unemployment"), (Scheme.INJURY, "injury"),
            (Scheme.MEDICAL, "medical"),
        ) if right[name]
    )
    if facts.insured_elsewhere and Scheme.PENSION in schemes:
        reasons.append(Reason(
            Refusal.INSURED_ELSEWHERE, "该人员的社会保险关系尚在其他单位，未办理减员", article=ONE_EMPLOYER,
            field="citizen_id", then="请该人员联系原单位办理减员，或到窗口凭解除劳动合同的证明办理",
        ))
    base = law.contribution.run(wage=facts.wage_fen).get("base")
    if base is None:
        reasons.append(Reason(
            Refusal.LAW_UNKNOWN, law.missing_base, article="浙江省职工基本养老保险条例 第九条", field="hired_on",
            then="已转经办人员核定", outcome=Outcome.REFER,
        ))
    return Judged(
        Verdict(tuple(reasons)) if reasons else YES, schemes, int(base or 0),
        datetime.date.fromordinal(int(duty["injury_from"])),
    )


def judge_leave(
    left_on: datetime.date, *, today: datetime.date, hired_on: datetime.date | None
) -> Verdict:
    """Whether a spell may be closed; `hired_on` is None where the employer has no open spell of the person."""
    if hired_on is None:
        return _not_here()
    if left_on < hired_on:
        return _refused(
            Refusal.BEFORE_HIRE, f"离职日早于用工之日（{hired_on:%Y年%m月%d日}）", "劳动合同法 第五十条", "left_on",
            "请核对离职日",
        )
    if calendar.month_start(left_on) > calendar.month_start(today):
        return _refused(
            Refusal.FUTURE, "离职日不能晚于本月", "劳动合同法 第五十条", "left_on", "请在离职当月办理减员"
        )
    if calendar.month_start(left_on) < calendar.month_start(today):
        return Verdict((Reason(
            Refusal.RETROACTIVE, "离职日在以前月份，已缴的社会保险费须由经办人员核定退还",
            article="社会保险法 第五十八条", then="已转经办人员核定，无须重复申报", field="left_on",
            outcome=Outcome.REFER,
        ),))
    return YES


def judge_base_change(
    valid_from: datetime.date, *, today: datetime.date, open_from: datetime.date | None, wage_fen: int,
    current_wage_fen: int,
) -> Verdict:
    """Whether a declared wage may change; `open_from` is the first month of the base now in force, None if none."""
    if open_from is None:
        return _not_here()
    if wage_fen == current_wage_fen:
        return _refused(
            Refusal.NO_CHANGE, "申报的工资与现在的相同，没有需要变更的内容", "社会保险法 第六十条", "wage",
            "如无变化，不须申报",
        )
    if valid_from > calendar.month_start(today):
        return _refused(
            Refusal.FUTURE, "缴费基数不能从以后的月份起变更", "社会保险法 第六十条", "valid_from", "请在变更当月申报"
        )
    if valid_from < calendar.month_start(today) or valid_from < open_from:
        return Verdict((Reason(
            Refusal.RETROACTIVE, "从以前月份起变更缴费基数，差额须由经办人员核定", article="社会保险法 第六十条",
            then="已转经办人员核定，无须重复申报", field="valid_from", outcome=Outcome.REFER,
        ),))
    return YES


def _not_here() -> Verdict:
    return _refused(
        Refusal.NOT_INSURED_HERE, "该人员目前没有由本单位参保", "社会保险法 第五十八条", "citizen_id",
        "请核对公民身份号码；如已减员，不须再办",
    )


def _refused(code: Refusal, text: str, article: str, field: str, then: str) -> Verdict:
    return Verdict((Reason(code, text, article=article, then=then, field=field),))


def _unmet(law: HireLaw, name: str) -> Reason:
    rule = law.conditions[name]
    outcome = Outcome.REFER if name in REFERRED else Outcome.REFUSE
    return Reason(name, rule.unmet, article=rule.article, then=rule.then, field=FIELDS.get(name, ""), outcome=outcome)
