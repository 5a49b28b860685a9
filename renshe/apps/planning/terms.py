"""The words of plans and their monitoring."""

from renshe.kernel.common.terms import Terms


class ExtractKind(Terms):
    """What the reader finds in a plan."""

    INDICATOR = "indicator", "主要指标"
    ACHIEVEMENT = "achievement", "上期完成情况"
    PROJECT = "project", "重点项目"
    TASK = "task", "重点任务"
    BOX = "box", "专栏"
    PROMISE = "promise", "量化承诺"
    UNREAD = "unread", "没有读懂"


class ExtractState(Terms):
    READ = "read", "待审"
    KEPT = "kept", "确认"
    CORRECTED = "corrected", "已更正"
    MERGED = "merged", "并入另一条"
    DROPPED = "dropped", "不采用"


class Nature(Terms):
    """How an indicator binds (属性)."""

    BINDING = "binding", "约束性"
    EXPECTED = "expected", "预期性"
    UNSAID = "unsaid", "未注明"


class Bound(Terms):
    """The words around a number."""

    EXACT = "exact", "等于"
    AT_LEAST = "at_least", "不少于"
    AT_MOST = "at_most", "不超过"
    ABOUT = "about", "左右"


class Timing(Terms):
    """What time a promise speaks of."""

    YEARLY = "yearly", "每年"
    TERM_END = "term_end", "期末"
    TERM_TOTAL = "term_total", "期内累计"
    BY_YEAR = "by_year", "到某年"
    EVERY_YEARS = "every_years", "每几年"
    UNSAID = "unsaid", "未写明"


class Wording(Terms):
    """Whether the plan prints the number or only says as much."""

    PRINTED = "printed", "原文数字"
    IMPLIED = "implied", "按文意"
    DATED = "dated", "只有日期"


class Conflict(Terms):
    """How readings of one matter differ."""

    NUMBER = "number", "数值不同"
    PERIOD = "period", "期间不同"
    BOUND = "bound", "口径不同（上限、下限、左右）"
    SCOPE = "scope", "范围不同（子集）"
    BASE_MET = "base_met", "基数已达目标"
    NAME = "name", "名称新旧并存"


class Resolution(Terms):
    OPEN = "open", "待定"
    KEEP_BOTH = "keep_both", "并列保留"
    ONE = "one", "以其中一处为准"
    APART = "apart", "不是一回事"


class PlanState(Terms):
    READ = "read", "已读入，待审核"
    REVIEWED = "reviewed", "已审核，待发布"
    PUBLISHED = "published", "已发布，监测中"
    SUPERSEDED = "superseded", "已被新版替代"


class Source(Terms):
    RECORDS = "records", "平台记录"
    DOCUMENT = "document", "填报并附文件"


class Light(Terms):
    GREEN = "green", "达到进度"
    YELLOW = "yellow", "略慢"
    RED = "red", "滞后"
    NONE = "none", "暂无数据"


class WorkKind(Terms):
    PROJECT = "project", "重点项目"
    TASK = "task", "重点任务"
    PROMISE = "promise", "量化承诺"


class WorkState(Terms):
    WAITING = "waiting", "未到启动时间"
    GOING = "going", "推进中"
    LATE = "late", "有节点逾期"
    DONE = "done", "已完成"
    STOPPED = "stopped", "已终止"


class Nearness(Terms):
    """What a reminder says."""

    DUE = "due", "将到期"
    OVERDUE = "overdue", "已逾期"


class Chance(Terms):
    """What the forecast says of the target."""

    LIKELY = "likely", "预计能达到"
    OPEN = "open", "可能达到"
    UNLIKELY = "unlikely", "预计达不到"
    UNKNOWN = "unknown", "数据不足，不作预测"


class SheetKind(Terms):
    QUARTER = "quarter", "季度监测考核表"
    YEAR = "year", "年度考核评分表"


class Review(Terms):
    MIDTERM = "midterm", "中期评估"
    FINAL = "final", "总结评估"


class Refusal(Terms):
    """Why planning refuses; the text says what to do."""

    BAD_FILE = "bad_file", "文件读不了"
    NOTHING_READ = "nothing_read", "没有读出内容"
    WRONG_STATE = "wrong_state", "当前状态不能这样做"
    UNDECIDED = "undecided", "还有未定事项"
    NOT_OWNER = "not_owner", "不是责任单位"
    BAD_VALUE = "bad_value", "填写的内容不对"
    NO_DOCUMENT = "no_document", "缺少依据文件"
