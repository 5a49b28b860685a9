"""Words of the sweep and of drafts."""

from renshe.kernel.common.terms import Terms


class DraftState(Terms):
    EDITING = "editing", "起草中"
    WAITING = "waiting", "等待试算"
    RUNNING = "running", "正在试算"
    DONE = "done", "已试算"
    FAILED = "failed", "没有算成"


class Dimension(Terms):
    """By what winners and losers are told apart."""

    AGE = "age", "年龄"
    COUNTY = "county", "县（市、区）"
    INCOME = "income", "月收入"


class DraftFault(Terms):
    NO_POLICY = "no_policy", "没有这项政策或不能测算"
    NO_OUTPUT = "no_output", "没有这个结果项"
    BAD_CHANGE = "bad_change", "改动不能成立"
    NOT_SWEPT = "not_swept", "改后不能全市测算"
    BUSY = "busy", "正在试算"
    BAD_DAY = "bad_day", "日期不对"
    NO_CHANGE = "no_change", "没有改动"
    NO_SWEEP = "no_sweep", "还没有测算过"
    BAD_TITLE = "bad_title", "没有名称"
