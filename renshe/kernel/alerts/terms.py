"""The words of second looks."""

from renshe.kernel.common.terms import Terms


class AlertKind(Terms):
    """What made somebody look again: a resident's question, or a detector."""

    QUESTION = "question", "本人质疑"
    NIGHT = "night", "夜间查阅"
    BULK = "bulk", "短时大量查阅"
    NEIGHBOUR = "neighbour", "查阅同镇街居民"
    GUARDED = "guarded", "查阅特别保护人员"
    OWN = "own", "查阅自己的记录"
    RELATIVE = "relative", "查阅自己家人"


class AlertState(Terms):
    OPEN = "open", "待核查"
    HANDLED = "handled", "已核查"


class AlertLevel(Terms):
    HIGH = "high", "高"
    MIDDLE = "middle", "中"
    LOW = "low", "低"


class GuardState(Terms):
    """A name comes onto the list, and off it, by two auditors."""

    WAITING = "waiting", "待另一人确认"
    GUARDED = "guarded", "保护中"
    ENDING = "ending", "待另一人确认移出"
    ENDED = "ended", "已移出"


class AlertRefusal(Terms):
    """Why a second look is refused."""

    NO_WORDS = "no_words", "没有写明内容"
    ASKED = "asked", "已经质疑过"
    ON_LIST = "on_list", "已在名单上"
    HELD = "held", "由他人承办"
    WRONG_STATE = "wrong_state", "状态不符"
