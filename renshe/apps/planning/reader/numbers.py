"""Numbers as plans print them."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from renshe.apps.planning.reader.findings import Value
from renshe.apps.planning.terms import Bound

CHINESE = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"万": 10_000, "亿": 100_000_000}
NONE = re.compile(r"[-—－–―/\\]+|无|空")
PLAIN = re.compile(r"(?P<sign>[<>≤≥＜＞﹤﹥＝=±]*)(?P<number>\d+(?:[,，]\d{3})*(?:\.\d+)?)(?P<rest>.*)")
LEAST = ["以上", "不少于", "不低于", "不小于", "至少", "达到", "突破", "超过", "高于", "大于", "≥", ">", "＞", "﹥"]
MOST = ["以下", "以内", "之内", "不超过", "不高于", "不大于", "不多于", "控制在", "压减到", "低于", "小于", "少于", "≤", "<", "＜", "﹤"]
BINDING = re.compile("|".join(sorted((*LEAST, *MOST), key=len, reverse=True)))  # 不超过 before 超过


def chinese_number(text: str) -> int | None:
    """`十二` -> 12, `三十` -> 30; None when it is not a number below ten thousand."""
    total, digit = 0, 0
    for char in text:
        if char in CHINESE:
            digit = CHINESE[char]
        elif char in TENS:
            total += (digit or 1) * TENS[char]
            digit = 0
        else:
            return None
    return total + digit if text else None


def decimal(text: str) -> Decimal | None:
    """`12,000` -> 12000; None when it is no number."""
    try:
        return Decimal(unicodedata.normalize("NFKC", text).replace(",", "").strip())
    except InvalidOperation:
        return None


def bound_of(before: str, after: str, default: Bound = Bound.EXACT) -> Bound:
    """How the words around a number bind it: `不低于95%`, `5%以下`, `26%左右`. What follows tells more than what precedes."""
    if after.startswith(("左右", "上下")) or "约" in before[-3:]:
        return Bound.ABOUT
    if after.startswith(("及以上", "以上")):
        return Bound.AT_LEAST
    if after.startswith(("及以下", "以下", "以内", "之内")):
        return Bound.AT_MOST
    found = BINDING.findall(before)
    if not found:
        return default
    return Bound.AT_LEAST if found[-1] in LEAST else Bound.AT_MOST


def value(printed: str) -> Value:
    """A cell of an indicator table: `≥98`, `5.5左右`, `——`, `7:26:67`, `[20]`, `2.5万`."""
    clean = unicodedata.normalize("NFKC", printed).strip().strip("[]【】〔〕()（）").replace(" ", "")
    if not clean or NONE.fullmatch(printed.strip()) or NONE.fullmatch(clean):
        return Value(printed.strip(), None)
    if re.search(r"\d[:：]\d", clean):
        return Value(printed.strip(), None)
    match = PLAIN.search(clean)
    if match is None:
        return Value(printed.strip(), None)
    before, rest = clean[: match.start()] + match["sign"], match["rest"]
    return Value(printed.strip(), decimal(match["number"]), bound_of(before, rest.lstrip("%")))


def plan_years(text: str) -> tuple[int | None, int | None]:
    """The years of a five-year plan: printed (2021—2025年), or those of “十四五” (the sixth began in 1981)."""
    if match := re.search(r"[（(]?(20\d\d)\s*年?\s*[-—－–~～至到]+\s*(20\d\d)\s*年", text):
        return int(match[1]), int(match[2])
    if match := re.search(r"[“\"'「]?(十[一二三四五六七八九]?|[六七八九])五[”\"'」]?(?:期间|规划|时期|末|期末|”)", text):
        ordinal = chinese_number(match[1])
        if ordinal is not None and ordinal >= 6:
            first = 1981 + 5 * (ordinal - 6)
            return first, first + 4
    return None, None
