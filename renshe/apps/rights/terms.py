"""The words of rights over one's own data."""

import datetime
from dataclasses import dataclass
from typing import Any, Self

from renshe.kernel.common.terms import Terms

LONGEST = 500  # characters of a reason
REMEDY = "对处理结果不服的，可以依法向人民法院提起诉讼（个人信息保护法 第五十条），也可以向履行个人信息保护职责的部门投诉、举报（第六十五条）"


class Request(Terms):
    """Kinds of case."""

    CORRECTION = "correction", "更正个人信息"
    EXPLANATION = "decision_explanation", "自动化决定说明"
    REVIEW = "decision_review", "自动化决定人工复核"
    COPY = "data_copy", "复制个人信息"
    ERASURE = "erasure", "删除个人信息"
    WITHDRAWAL = "consent_withdrawal", "撤回同意"


class RightsRefusal(Terms):
    """Why a request is not taken, or refused by an officer."""

    NOTHING = "nothing", "登记中没有这一项"
    SAME = "same", "登记的就是这样"
    UNREADABLE = "unreadable", "填写不正确"
    OPEN_ALREADY = "open_already", "已有正在办理的申请"
    NO_WORDS = "no_words", "没有写明理由"
    NO_FILE = "no_file", "没有附材料"
    NOTHING_HELD = "nothing_held", "没有可以删除的内容"


class Outcome(Terms):
    """What a human found of an automated decision."""

    UPHELD = "uphold", "维持原来的结论"
    CHANGED = "change", "改变原来的结论"


CORRECTION_REFUSALS = {
    "register_right": "经核实，登记的内容无误", "no_proof": "所附材料不能证实", "other_office": "须先由作出原始记录的部门更正",
}
REVIEW_REFUSALS = {"not_automated": "这一决定不是自动作出的", "repeated": "同一决定已经人工复核过"}
ERASURE_REFUSALS = {"all_kept": "全部内容依法须保存", "identity": "不能核实是本人申请"}
ERASE, KEEP = "erase", "keep"


@dataclass(frozen=True)
class Consent:
    """What is held by consent alone: for what, since when (a day) and from whom it came; `value` as it is shown, "" when nothing is held.

    `ended` is the number of the case of the last withdrawal, `ended_on` its day; both "" and None while there was none.
    """

    key: str
    label: str
    purpose: str
    value: str
    since: datetime.date | None
    source: str
    ended: str = ""
    ended_on: datetime.date | None = None


@dataclass(frozen=True)
class Decision:
    """An automated decision as it stood when it was asked about: plain texts, so that it reads the same for ever.

    `key` names it (`benefit:unemployment_right`, `case:<number>`); `steps` and `conditions` are as the engine tells them.
    """

    key: str
    label: str
    says: str
    on: str
    version: str
    basis: str
    facts: list[list[str]]
    conditions: list[dict[str, str]]
    steps: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def of(cls, content: dict[str, Any]) -> Self:
        return cls(**content)
