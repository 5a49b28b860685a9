"""Readings of one matter that differ. None wins here: all are kept side by side, each with its place.

Two readings are of one matter when their subjects share most character pairs and their units are of one kind.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from renshe.apps.planning.reader.findings import Contradiction, Found, Indicator, Promise
from renshe.apps.planning.reader.numbers import SCALES
from renshe.apps.planning.terms import Bound, Conflict, ExtractKind, Timing, Wording
from renshe.kernel.indicators.terms import Sense

NOISE = re.compile(
    r"[“”\"《》（）()、，。]|全市|每年|累计|实现|达到|力争|建成|新建|继续|完成|开展|实施|市级|以上|以下|左右|数量|总量|人数|规模|城镇"
    r"|控制在?|保持|年均?(?=[结招])|分别|重点|劳动(?=争议|人事|仲裁)|人事|举报|劳动保障|人次|案件|成功"
)
APART = re.compile(
    r"新增|新建|招收|高级工|高级|高技|国家级|省级|县级|拔尖|杰出|登记|调查|初次|基层|证书|持卡|申领|参保率|占[^，]*比|就业岗位|就业率"
)
SUBSET = re.compile(r"补贴类?|政府资助|公立|国有|规模以上|企业(?=高技能)")
KINDS_OF_UNIT = {"人": "人", "名": "人", "人次": "人次", "家": "个", "个": "个", "所": "个", "处": "个", "%": "%", "元": "元",
                 "张": "张", "次": "次", "场": "次", "起": "起"}
ALIKE = 0.66
SHORTEST = 2
RENAMED = re.compile(r"“([^”]*?)新([^”]{3,20}?)”")


@dataclass(frozen=True, slots=True)
class Said:
    """A reading brought to one form."""

    index: int
    subject: str
    pairs: frozenset[str]
    marks: frozenset[str]
    unit: str
    amount: Decimal
    bound: Bound
    timing: Timing
    subset: str
    table: bool


def find(found: Sequence[tuple[ExtractKind, Found]], text: str, years: int) -> tuple[Contradiction, ...]:
    """Every contradiction among indicators and promises; `years` is the length of the plan."""
    said = [one for at, (kind, item) in enumerate(found) if (one := _said(at, kind, item)) is not None]
    made = [*_differences(said, years), *_met(found), *_renamed(found, text)]
    return tuple(made)


def _pairs(subject: str) -> frozenset[str]:
    plain = NOISE.sub("", SUBSET.sub("", subject))
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _marks(subject: str) -> frozenset[str]:
    """Words that make two matters two: 新增 is not the total, 省级 is not 国家级."""
    return frozenset(APART.findall(subject))


def _unit(unit: str) -> tuple[str, int]:
    scale = SCALES.get(unit[:1], 1)
    plain = unit.lstrip("万亿") or unit
    return KINDS_OF_UNIT.get(plain, plain), scale


def _said(at: int, kind: ExtractKind, item: Found) -> Said | None:
    if isinstance(item, Indicator) and kind is ExtractKind.INDICATOR and item.target.number is not None:
        unit, scale = _unit(item.unit)
        period = {Sense.YEARLY: Timing.YEARLY, Sense.CUMULATIVE: Timing.TERM_TOTAL}.get(item.sense, Timing.TERM_END)
        return Said(at, item.name, _pairs(item.name), _marks(item.name), unit, item.target.number * scale, item.target.bound, period, "", True)
    if isinstance(item, Promise) and item.amount is not None and item.wording is Wording.PRINTED:
        unit, _ = _unit(item.unit)
        subset = SUBSET.search(item.subject)
        return Said(at, item.subject, _pairs(item.subject), _marks(item.subject), unit, item.amount, item.bound, item.timing,
                    subset.group() if subset else "", False)
    return None


def _alike(one: Said, other: Said) -> bool:
    if one.unit != other.unit or one.marks != other.marks or min(len(one.pairs), len(other.pairs)) < SHORTEST:
        return False
    shared = len(one.pairs & other.pairs)
    return shared / min(len(one.pairs), len(other.pairs)) >= ALIKE


def _differences(said: list[Said], years: int) -> Iterator[Contradiction]:
    """Groups of readings of one matter that do not agree."""
    root = list(range(len(said)))

    def top(at: int) -> int:
        while root[at] != at:
            at = root[at]
        return at

    for one, other in combinations(range(len(said)), 2):
        if _alike(said[one], said[other]):
            root[max(top(one), top(other))] = min(top(one), top(other))
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(said)):
        groups[top(at)].append(at)
    for group in groups.values():
        if len(group) == 1:
            continue
        readings = [said[at] for at in group]
        kind = _difference(readings, years)
        if kind is not None:
            lead = next((one for one in readings if one.table), readings[0])
            yield Contradiction(kind, lead.subject, _note(kind, readings), tuple(one.index for one in readings))


def _difference(readings: list[Said], years: int) -> Conflict | None:
    if len({one.subset for one in readings}) > 1 and len({one.amount for one in readings}) > 1:
        return Conflict.SCOPE
    totals = {_whole(one, years) for one in readings}
    if len(totals) == 1:
        bounds = {one.bound for one in readings} - {Bound.EXACT}
        return Conflict.BOUND if len(bounds) > 1 else None
    if len({one.amount for one in readings}) == 1:
        return Conflict.PERIOD
    return Conflict.NUMBER


def _whole(one: Said, years: int) -> Decimal:
    """A yearly count times the years, so that 4万/年 agrees with 20万 in five years; rates stay as they are."""
    if one.timing is Timing.YEARLY and one.unit != "%":
        return one.amount * years
    return one.amount


def _note(kind: Conflict, readings: list[Said]) -> str:
    words = {
        Conflict.NUMBER: "同一事项写了不同的数", Conflict.PERIOD: "同一个数，有的按年、有的按整个规划期",
        Conflict.BOUND: "同一个数，上限、下限或“左右”不一致", Conflict.SCOPE: "数不同，但其中有的只说一部分，须写明口径",
    }
    return f"{words[kind]}，共{len(readings)}处"


def _met(found: Sequence[tuple[ExtractKind, Found]]) -> Iterator[Contradiction]:
    """Indicators whose base already reaches the target."""
    for at, (kind, item) in enumerate(found):
        if kind is not ExtractKind.INDICATOR or not isinstance(item, Indicator):
            continue
        base, target = item.base.number, item.target.number
        if base is None or target is None or item.sense is Sense.CUMULATIVE:
            continue
        met = base <= target if item.sense is Sense.CEILING else base >= target
        if met:
            yield Contradiction(
                Conflict.BASE_MET, item.name, f"基数{item.base.printed}，目标{item.target.printed}：基数已达目标", (at,)
            )


def _renamed(found: Sequence[tuple[ExtractKind, Found]], text: str) -> Iterator[Contradiction]:
    """Programmes that appear under an old name and as 新…: the reading is kept under both."""
    flat = text.replace(" ", "")
    seen = set()
    for match in RENAMED.finditer(flat):
        old, new = match[1] + match[2], match[1] + "新" + match[2]
        if old in seen or f"“{old}”" not in flat:
            continue
        seen.add(old)
        yield Contradiction(Conflict.NAME, old, f"文中既有“{old}”，又有“{new}”，两个名称都保留", ())
