"""The words of social insurance."""

from renshe.kernel.common.terms import Terms


class Scheme(Terms):
    """Schemes (险种). National codes: AAE140 (see `SCHEME_CODES`)."""

    PENSION = "employee_pension", "职工基本养老保险"
    UNEMPLOYMENT = "unemployment", "失业保险"
    INJURY = "work_injury", "工伤保险"
    MEDICAL = "employee_medical", "职工基本医疗保险"


SCHEME_CODES = {
    Scheme.PENSION: "110", Scheme.UNEMPLOYMENT: "210", Scheme.INJURY: "410", Scheme.MEDICAL: "310",
}


class HireKind(Terms):
    """How a person is taken on, as far as insurance cares."""

    EMPLOYEE = "employee", "劳动合同用工"
    OVERAGE = "overage", "超龄用工"
    INTERN = "intern", "实习（见习）"


class LeaveReason(Terms):
    """Why a spell ends. National codes: AAE160."""

    CONTRACT_ENDED = "6301", "解除或终止劳动合同"
    TRANSFERRED = "6302", "调出"
    ENLISTED = "6303", "参军"
    STUDY = "6304", "上学"
    OF_AGE = "6308", "达到法定退休年龄"
    DECEASED = "6401", "死亡"


class Refusal(Terms):
    """Why insurance may refuse or refer a declaration; each with its article in `rules`."""

    INSURED_ELSEWHERE = "insured_elsewhere", "已由其他单位参保"
    INSURED_HERE = "insured_here", "已由本单位参保"
    NOT_INSURED_HERE = "not_insured_here", "未由本单位参保"
    FUTURE = "future", "日期晚于今天"
    BEFORE_HIRE = "before_hire", "早于用工之日"
    NO_CHANGE = "no_change", "没有变化"
    RETROACTIVE = "retroactive", "追溯以前月份"
    LAW_UNKNOWN = "law_unknown", "缺少政策值"


class WorkPost(Terms):
    """What kind of post a woman holds decides her original retirement age."""

    MANAGEMENT = "management", "管理技术岗位"
    OTHER = "other", "其他岗位"
