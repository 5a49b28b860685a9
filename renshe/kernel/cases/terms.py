"""The words of a case."""

from dataclasses import dataclass

from renshe.kernel.common.terms import Terms


class State(Terms):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    ACCEPTED = "accepted", "已受理"
    CORRECTION = "correction", "待补正"
    SUSPENDED = "suspended", "中止办理"
    REVIEW = "review", "待复核"
    REFUSED = "refused", "不予办理"
    DECIDED = "decided", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class Channel(Terms):
    FORM = "form", "网页填报"
    API = "api", "接口"
    ROSTER = "roster", "批量名册"
    COUNTER = "counter", "窗口"


class Deed(Terms):
    """What can be done to a case."""

    SUBMIT = "submit", "提交"
    SETTLE = "settle", "系统即时办结"
    TAKE = "take", "受理并承办"
    ASK_CORRECTION = "ask_correction", "要求补正"
    ANSWER = "answer", "补正"
    SUSPEND = "suspend", "中止办理"
    RESUME = "resume", "恢复办理"
    EXTEND = "extend", "延长期限"
    REMIND = "remind", "系统提醒期限"
    PROPOSE = "propose", "提出初审意见"
    RETURN = "return", "退回初审"
    APPROVE = "approve", "准予并办结"
    REFUSE = "refuse", "不予办理"
    WITHDRAW = "withdraw", "撤回"
    RATE = "rate", "评价"


class CaseRefusal(Terms):
    """Why a deed on a case may not be done."""

    WRONG_STATE = "wrong_state", "状态不符"
    ASKED_BEFORE = "asked_before", "已要求过补正"
    NO_REASON = "no_reason", "没有写明理由"
    BARRED = "barred", "须由他人办理"
    NEEDS_SECOND = "needs_second", "须两人办理"
    RATED = "rated", "已评价"
    UNANSWERED = "unanswered", "尚有未明确的事项"
    KEY_REUSED = "key_reused", "幂等键已用于其他内容"


class FileRefusal(Terms):
    """Why a document put to a case is not taken."""

    TOO_LARGE = "too_large", "文件过大"
    TOO_MANY = "too_many", "份数过多"
    WRONG_KIND = "wrong_kind", "格式不收"
    EMPTY = "empty", "空文件"


class FileKind(Terms):
    """Formats of documents that are taken, told by their first bytes."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "照片（JPEG）"
    PNG = "image/png", "图片（PNG）"


class Light(Terms):
    GREEN = "green", "正常"
    YELLOW = "yellow", "将到期"
    RED = "red", "已超期"
    STOPPED = "stopped", "停表"
    UNSET = "unset", "期限未定"
    DONE = "done", "已办"


@dataclass(frozen=True)
class Question:
    """What a case leaves open and its officers must decide: `options` are pairs of code and words."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...]
    article: str = ""
