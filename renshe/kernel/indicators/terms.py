"""The words of indicators."""

from renshe.kernel.common.terms import Terms


class Theme(Terms):
    """The field of work an indicator speaks of, in the order of the wall."""

    PLAN = "plan", "规划"
    EMPLOYMENT = "employment", "就业"
    INSURANCE = "insurance", "社会保险"
    TALENT = "talent", "人才技能"
    RELATIONS = "relations", "劳动关系"
    SERVICE = "service", "服务"
    FUND = "fund", "基金"


class Sense(Terms):
    """What a good figure is, as plans put it."""

    FLOOR = "floor", "不低于"
    CEILING = "ceiling", "不高于"
    LEVEL = "level", "期末达到"
    CUMULATIVE = "cumulative", "累计达到"
    YEARLY = "yearly", "每年达到"


class Frequency(Terms):
    MONTHLY = "monthly", "月度"
    QUARTERLY = "quarterly", "季度"
    YEARLY = "yearly", "年度"


class Origin(Terms):
    COMPUTED = "computed", "系统统计"
    ENTERED = "entered", "填报"


class EntryFault(Terms):
    """Why a figure may not be entered, confirmed or withdrawn."""

    UNKNOWN_INDICATOR = "unknown_indicator", "没有这一指标"
    UNKNOWN_DIVISION = "unknown_division", "没有这一区划"
    BAD_PERIOD = "bad_period", "统计期不对"
    BAD_VALUE = "bad_value", "数值不对"
    NO_DOCUMENT = "no_document", "没有依据文件"
    WITHDRAWN = "withdrawn", "已撤回"
