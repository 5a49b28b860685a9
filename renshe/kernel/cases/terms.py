"""The words of a case."""

from renshe.kernel.common.terms import Terms


class State(Terms):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    ACCEPTED = "accepted", "已受理"
    CORRECTION = "correction", "待补正"
    REVIEW = "review", "待复核"
    REFUSED = "refused", "不予办理"
    DECIDED = "decided", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class Channel(Terms):
    FORM = "form", "网页填报"
    API = "api", "接口"
    ROSTER = "roster", "批量名册"
    COUNTER = "counter", "窗口"
