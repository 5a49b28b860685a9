"""What the platform's own cases and the columnar city give leaders."""

from renshe.kernel.indicators import of_cases, of_city
from renshe.kernel.indicators.declaration import SETTLED, Indicator
from renshe.kernel.indicators.terms import Sense, Theme

MOVES = (*SETTLED, "*.submit", "*.answer", "*.extend", "*.refuse", "*.withdraw", "*.ask_correction")

INDICATORS = (
    *of_city.INDICATORS,
    Indicator(
        "service.opened", "本期收件", "件", Theme.SERVICE, "本期内提交的办件数，含网页、接口、名册和窗口。", "办件的提交时间",
        watches=MOVES, compute=lambda period: of_cases.counted(of_cases.opened(period)), rows=of_cases.listed(of_cases.opened),
        rank=10,
    ),
    Indicator(
        "service.closed", "本期办结", "件", Theme.SERVICE, "本期内准予办结或不予办理的办件数。", "办件的办结时间",
        watches=MOVES, compute=lambda period: of_cases.counted(of_cases.closed(period)), rows=of_cases.listed(of_cases.closed),
        rank=20,
    ),
    Indicator(
        "service.open", "在办", "件", Theme.SERVICE, "现在还没有办结的办件数。", "办件的状态", sense=Sense.CEILING, dated=False,
        watches=MOVES, compute=lambda period: of_cases.counted(of_cases.open_now(period)),
        rows=of_cases.listed(of_cases.open_now), rank=30,
    ),
    Indicator(
        "service.overdue", "超期未办", "件", Theme.SERVICE, "期限已过、没有停表、还没有办结的办件数。", "办件的期限和状态",
        sense=Sense.CEILING, dated=False, watches=MOVES, compute=lambda period: of_cases.counted(of_cases.overdue(period)),
        rows=of_cases.listed(of_cases.overdue), rank=40,
    ),
    Indicator(
        "service.in_time", "按期办结率", "%", Theme.SERVICE, "本期办结的办件中，在期限当日或以前办结的占比。", "办件的办结时间和期限",
        sense=Sense.FLOOR, per=100, places=1, is_share=True, watches=MOVES, compute=of_cases.in_time,
        rows=of_cases.listed(of_cases.closed), rank=50,
    ),
    Indicator(
        "service.at_once", "即时办结率", "%", Theme.SERVICE, "本期办结的办件中，由系统当场判定并办结、未经人工的占比。",
        "办件的办理经过", sense=Sense.FLOOR, per=100, places=1, is_share=True, watches=MOVES,
        compute=of_cases.settled_at_once, rows=of_cases.listed(of_cases.closed), rank=60,
    ),
    Indicator(
        "service.without_counter", "不见面申报率", "%", Theme.SERVICE, "本期收件中，经网页、接口或名册提交而未到窗口的占比。",
        "办件的渠道", sense=Sense.FLOOR, per=100, places=1, is_share=True, watches=MOVES,
        compute=of_cases.without_counter, rows=of_cases.listed(of_cases.opened), rank=70,
    ),
    Indicator(
        "service.well_rated", "好评率", "%", Theme.SERVICE, "本期收到的评价中，五级评价里满意（4）和非常满意（5）的占比。",
        "办件的评价", sense=Sense.FLOOR, per=100, places=1, is_share=True, watches=("*.rate",),
        compute=of_cases.well_rated, rows=of_cases.listed(of_cases.rated), rank=80,
    ),
    Indicator(
        "service.rated_share", "参评率", "%", Theme.SERVICE, "本期办结的办件中，已收到评价的占比。", "办件的评价", sense=Sense.FLOOR,
        per=100, places=1, is_share=True, watches=(*SETTLED, "*.refuse", "*.rate"), compute=of_cases.rated_share,
        rows=of_cases.listed(of_cases.closed), rank=82,
    ),
    Indicator(
        "service.overdue_share", "在办超期率", "%", Theme.SERVICE, "现在在办的办件中，期限已过且没有停表的占比。", "办件的期限和状态",
        sense=Sense.CEILING, per=100, places=1, is_share=True, dated=False, watches=MOVES, compute=of_cases.overdue_share,
        rows=of_cases.listed(of_cases.open_now), rank=84,
    ),
    Indicator(
        "service.cited", "依据可查率", "%", Theme.SERVICE, "本期办结的办件中，写明所依据的政策版本、可以按原样复算的占比。", "办件的政策版本",
        sense=Sense.FLOOR, per=100, places=1, is_share=True, watches=MOVES, compute=of_cases.cited,
        rows=of_cases.listed(of_cases.closed), rank=86,
    ),
    Indicator(
        "service.recorded", "公开账本入账率", "%", Theme.SERVICE, "本期办结的办件中，在公开账本里有条目、任何人都能核验的占比。", "公开账本",
        sense=Sense.FLOOR, per=100, places=1, is_share=True, watches=MOVES, compute=of_cases.recorded,
        rows=of_cases.listed(of_cases.closed), rank=88,
    ),
)
