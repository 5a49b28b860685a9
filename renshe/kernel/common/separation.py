"""Duties that nobody may hold both of over the same thing: whoever did the one may not do the other."""

from collections.abc import Mapping

from renshe.kernel.common.terms import Terms
from renshe.kernel.common.verdict import YES, Reason, Verdict

GRADED = "社会保险经办条例 第三十七条（分级审核）"
CONTROL = "平台规则：不相容职责分离"


class Duty(Terms):
    """What somebody did, or is about to do, to a thing."""

    APPLY = "apply", "申请"
    ENTER = "enter", "录入"
    PROPOSE = "propose", "提出"
    ASSESS = "assess", "初审"
    APPROVE = "approve", "复核"
    PUBLISH = "publish", "发布"
    PAY = "pay", "拨付"
    READ = "read", "查阅"
    VERIFY = "verify", "稽核"


class Separation(Terms):
    """The one code a refusal for the sake of separation carries."""

    SAME_PERSON = "same_person", "须另一人办理"


# Read: whoever did the first may not do the second. Money leaves only through three persons, and a fourth looks at it afterwards.
APART: Mapping[tuple[Duty, Duty], str] = {
    (Duty.APPLY, Duty.ASSESS): CONTROL,
    (Duty.APPLY, Duty.APPROVE): CONTROL,
    (Duty.APPLY, Duty.PAY): CONTROL,
    (Duty.APPLY, Duty.VERIFY): CONTROL,
    (Duty.ENTER, Duty.APPROVE): GRADED,
    (Duty.ENTER, Duty.PAY): CONTROL,
    (Duty.ENTER, Duty.VERIFY): CONTROL,
    (Duty.PROPOSE, Duty.APPROVE): CONTROL,
    (Duty.ASSESS, Duty.APPROVE): GRADED,
    (Duty.ASSESS, Duty.VERIFY): CONTROL,
    (Duty.APPROVE, Duty.PUBLISH): CONTROL,
    (Duty.APPROVE, Duty.PAY): CONTROL,
    (Duty.APPROVE, Duty.VERIFY): CONTROL,
    (Duty.PAY, Duty.VERIFY): CONTROL,
    (Duty.READ, Duty.VERIFY): CONTROL,
}


def apart(duty: Duty, account: int, thing: str, done: Mapping[Duty, int | None]) -> Verdict:
    """Whether this account may do `duty` to `thing`, given which accounts did what to it before (nobody: None).

    A pair that the table lacks is a mistake of the program: KeyError, so that no caller believes a separation that does not exist.
    """
    for before, doer in done.items():
        article = APART[before, duty]
        if doer is not None and doer == account:
            return Verdict((Reason(
                Separation.SAME_PERSON, f"{before.label}人不能{duty.label}自己{before.label}的{thing}", article=article,
                then=f"请由另一位有权{duty.label}的人员登录后办理",
            ),))
    return YES
