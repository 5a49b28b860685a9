"""Quantified promises of running text: `每年……4万人次`, `累计建成……100家`, `结案率96%以上`.

Figures of chapters that look back are no promises. A number inside “ ” or 《 》 is a name (“新115人才工程”). What says
as much without a number (全覆盖, 每年举办) is kept apart as implied; every other number left over is listed as unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from renshe.apps.planning.reader import numbers
from renshe.apps.planning.reader.findings import Place, Promise, Unread
from renshe.apps.planning.reader.outline import Outline, Part, sentences
from renshe.apps.planning.terms import Bound, ExtractKind, Timing, Wording

UNITS = (
    "个工作日|工作日|个百分点|平方米|公里|人次|人月|课时|学时|场次|家次|辆次|批次|万元|亿元|美元|元|人(?![才力社口均民员体次工])|名|家(?![庭])"
    r"|个(?![性人体])|张|支|场|所|项|次|起|户|件(?!事)|门(?!槛)|条|期(?![间末])|座|套|档|宗|例|部|篇|处|亩|台|辆|间|位|类|小时|天|分钟|%|‰"
)
SOLID = "家|个|名|次|起|场|所|项|档|支|座|户|件|张|人|期"
NUMBER = re.compile(
    rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:\s*[-—~～至到]\s*(?P<high>\d+(?:\.\d+)?))?\s*(?P<scale>万亿|万|亿|千|百)?余?\s*(?P<unit>{UNITS})"
)
WORDED = re.compile(rf"(?P<number>[一二两三四五六七八九十百]{{1,4}})(?P<unit>{SOLID})(?![体窗站个次线流性事])")
WORDED_LEAD = re.compile(r"(?:举办|举行|开展|组织|召开|获得|至少|建成|新建|新增|建设|打造|培育|发生|达到.{0,12}标准|每年|评选|设立)[^，。；、]{0,8}$")
DIGITS = re.compile(r"\d+(?:\.\d+)?")
NAMED = re.compile(r"“[^”]*”|《[^》]*》|〔[^〕]*〕|「[^」]*」|\"[^\"]*\"")
IMPLIED = (
    (re.compile(r"全覆盖|应保尽保|应收尽收|应发尽发"), Decimal(100), "%"),
    (re.compile(r"(?<![，。；])全部(?=[\u4e00-\u9fff]{2})"), Decimal(100), "%"),
    (re.compile(r"(?:基数|动态)归零|零发生|零拖欠"), Decimal(0), "起"),
)
RECURS = re.compile(r"每(?P<unit>年|季度|月|半年)(?:以[^，。；]{1,10}名义|定期|组织实施好)?(?:举办|开展|组织|召开|发布|开设)")
DATED = re.compile(r"(?P<year>20\d\d)年(?:底|末)?(?:前)?(?=(?:全面|基本|力争)?(?:建成|完成|实现|启动|出台|投用|投入使用|开工|竣工|建立|达到))")
TIMES = re.compile(
    r"每(?P<every>\d|[两二三四五])年|(?P<yearly>每年|年均|(?<![\d届度全])年(?=营业收入|结案率|招收|产值|培训|新增|销售))|(?P<month>每月|每季度|每半年)"
    r"|[到至]?[“\"]?十[一二三四五六]五[”\"]?(?:期?末|末)|(?P<end>期末|规划期末)|(?P<total>五年累计|五年(?=新增|共)|累计|[“\"]十[一二三四五六]五[”\"]期间|规划期内|五年内|期内)"
    r"|[到至]?(?P<year>20\d\d)年(?:底|末)?前?|(?P<within>\d|[一二三四五])年内"
)
EXISTING = re.compile(r"现有|已有|已建|原有|截至|目前|达到了")
STOP = "，。；、：！？,;:+（() "
AFTER = re.compile(r"(?:及?以上|及?以下|以内|左右|不等)?((?:[^，。；、：！？,;+\d和及与]|[和及与](?!\d)){0,24})")
LONGEST_SUBJECT = 40
SHORTEST_DEED = 7
FILLER = re.compile(
    r"(?:[到至]?[“\"]?十[一二三四五六]五[”\"]?(?:期?末|期间)|[到至]?20\d\d年(?:底|末)?前?|每年|五年(?=累计|新增|共)|每[\d两二三四五]年|累计|力争|努力|确保|实现|全市"
    r"|继续|逐步|并|和|其中|即|到|建成|以上|以下|左右|[，。；、：+])+"
)
VERGE = re.compile(r"(?:达到|达|控制在|保持在?|不低于|不少于|不超过|至少有?|超过|突破|力争|累计|稳定在|压减[到至]|提[高升][到至]|增加?[到至]|扩大[到至]|降低?[到至])+$")
Times = list[tuple[int, int, Timing, int | None]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A number found in a sentence."""

    start: int
    end: int
    number: Decimal
    scale: int
    unit: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the same with names and dates blanked, where it stands, and the times it names."""

    part: Part
    text: str
    masked: str
    at: int
    times: Times

    def place(self) -> Place:
        """Where it stands; within a table also which row."""
        place = self.part.place(self.at, self.at + len(self.text))
        row = next((cell for cell in self.part.line.cell_texts() if len(cell) > 2), "") if self.part.line.cells else ""
        return replace(place, path=(*place.path, *([self.part.caption] if row and self.part.caption else []), *([row[:24]] if row else [])))

    def clause_end(self, start: int) -> int:
        """Where the clause ends that goes on at `start`."""
        return min((at for at in (self.text.find(char, start) for char in "，。；") if at >= 0), default=len(self.text))

    def implied(self, match: re.Match[str], number: Decimal | None, unit: str, timing: Timing, years: int | None) -> tuple[ExtractKind, Promise]:
        """A promise whose number is not printed."""
        start = max((self.text.rfind(char, 0, match.start()) for char in "，。；："), default=-1) + 1
        subject = _bare(self.text[start : self.clause_end(match.end())])[:LONGEST_SUBJECT]
        wording = Wording.DATED if number is None else Wording.IMPLIED
        bound = Bound.AT_MOST if number == 0 else Bound.AT_LEAST
        return ExtractKind.PROMISE, Promise(
            subject, number, 1, unit, bound, timing, years, wording, self.text, self.place()
        )


def read(outline: Outline) -> Iterator[tuple[ExtractKind, Promise | Unread]]:
    """Promises and leftover numbers of every part that looks forward, in the order of the text."""
    for part in outline.parts:
        if part.background or _is_table_of_indicators(part):
            continue
        for text, start in _stretches(part):
            for sentence, at in sentences(text, start):
                yield from _sentence(part, sentence, at)


def _is_table_of_indicators(part: Part) -> bool:
    return bool(part.line.cells) and not part.annex and "指标" in part.caption


def _stretches(part: Part) -> Iterator[tuple[str, int]]:
    """A paragraph, or the cells of a row one by one; numbers of entries are left out of the cells."""
    if not part.line.cells:
        yield part.text, part.start
        return
    for start, end in part.line.cells:
        text = part.line.text[start - part.line.start : end - part.line.start]
        if len(text) >= 8:
            yield text, start


def _sentence(part: Part, sentence: str, at: int) -> Iterator[tuple[ExtractKind, Promise | Unread]]:
    said = Sentence(part, sentence, _masked(sentence), at, _times(sentence))
    hits = list(_hits(said.masked))
    yield from _numbered(said, hits)
    yield from _unnumbered(said, hits)
    for match in DIGITS.finditer(said.masked):
        if not any(hit.start <= match.start() < hit.end for hit in hits):
            yield ExtractKind.UNREAD, Unread(f"数字{match.group()}没有认出单位", said.place())


def _numbered(said: Sentence, hits: list[Hit]) -> Iterator[tuple[ExtractKind, Promise]]:
    sentence, masked = said.text, said.masked
    shared = _distributed(masked, hits)
    left = 0
    for index, hit in enumerate(hits):
        clause = max((masked.rfind(char, 0, hit.start) for char in "，。；、：:+"), default=-1) + 1
        before, after = sentence[max(clause, left) : hit.start], AFTER.match(sentence, hit.end)
        left = hit.end
        if EXISTING.search(before):
            continue
        subject = shared.get(index) or _subject(said, clause, before, after[1] if after else "")
        bound = numbers.bound_of(before[-14:], sentence[hit.end : hit.end + 4])
        if index in shared:
            bound = numbers.bound_of(masked[: hit.start][-24:], _tail(sentence, hits, index))
        number = Decimal(0) if hit.unit == "起" and "不" in before and hit.number == 1 else hit.number
        timing, years = _time_at(said.times, hit.start)
        yield ExtractKind.PROMISE, Promise(
            subject, number, hit.scale, hit.unit, bound if number else Bound.AT_MOST, timing, years, hit.wording,
            sentence, said.place(),
        )


def _masked(sentence: str) -> str:
    """The sentence with names, dates and list numbers blanked, so that their digits count for nothing."""
    def blank(match: re.Match[str]) -> str:
        return "□" * len(match.group())

    masked = NAMED.sub(blank, sentence)
    masked = re.sub(r"^\s*(?:[（(]?\d{1,2}[）)]|\d{1,2}[.．、](?!\d))", blank, masked)
    masked = re.sub(r"(?<=[；;。：:\s])\d{1,2}[.．、](?!\d)|\d+号|第\d+[条款届次]|每\d年", blank, masked)
    masked = re.sub(r"20\d\d\s*[-—~～至]\s*20\d\d年|20\d\d年度?|\d{1,2}月\d{1,2}日|\d{1,2}月(?!龄)|\d年内", blank, masked)
    return re.sub(r"\d[A-Z]+|[A-Z]+\d+|\d+\+[\dN+]+|\d+\.\d+\.\d+|\d+·\d+", blank, masked)


def _times(sentence: str) -> Times:
    """Every time named in a sentence, with the stretch it speaks for: 累计 only for its clause, others to the end."""
    plain = re.sub(r"《[^》]*》", lambda match: "□" * len(match.group()), sentence)
    found = []
    for match in TIMES.finditer(plain):
        reach = len(plain)
        if match.group() in ("累计", "五年累计", "五年"):
            reach = min((at for at in (plain.find(char, match.end()) for char in "，。；") if at >= 0), default=reach)
        found.append((match.start(), reach, *_time_of(match)))
    return found


def _hits(masked: str) -> Iterator[Hit]:
    taken = []
    for match in NUMBER.finditer(masked):
        number = numbers.decimal(match["number"])
        if number is None:
            continue
        scale = {"万": 10_000, "亿": 100_000_000, "万亿": 10**12, "千": 1000, "百": 100, None: 1}[match["scale"]]
        unit = match["unit"]
        if unit in ("万元", "亿元"):
            scale, unit = {"万元": 10_000, "亿元": 100_000_000}[unit], "元"
        taken.append(Hit(match.start(), match.end(), number, scale, unit, Wording.PRINTED))
    for match in WORDED.finditer(masked):
        number_in_words = numbers.chinese_number(match["number"])
        if number_in_words is None or not WORDED_LEAD.search(masked[: match.start()]):
            continue
        if match["unit"] in "个支项" and number_in_words == 1:
            continue  # 一个, 一支, 一项 are articles
        taken.append(Hit(match.start(), match.end(), Decimal(number_in_words), 1, match["unit"], Wording.PRINTED))
    yield from sorted(taken, key=lambda one: one.start)


def _distributed(masked: str, hits: list[Hit]) -> dict[int, str]:
    """`调查失业率、登记失业率分别控制在5.5%、3.5%以下`: which subject each number belongs to."""
    found: dict[int, str] = {}
    for match in re.finditer(r"([^，。；：]+?)分别", masked):
        subjects = [part for part in re.split(r"[、和与及]", match[1]) if part.strip()]
        stop = min((at for at in (masked.find(char, match.end()) for char in "，。；") if at >= 0), default=len(masked))
        inside = [index for index, hit in enumerate(hits) if match.end() <= hit.start < stop]
        if len(inside) == len(subjects):
            found.update({index: subject.strip("□ ") for index, subject in zip(inside, subjects, strict=True)})
    return found


def _tail(sentence: str, hits: list[Hit], index: int) -> str:
    """What follows the last number of a run 5.5%、3.5%以下."""
    end = hits[index].end
    for hit in hits[index + 1 :]:
        if sentence[end : hit.start] not in ("、", "和"):
            break
        end = hit.end
    return sentence[end : end + 4]


def _subject(said: Sentence, clause: int, before: str, after: str) -> str:
    """The words a number is about, from both sides of it; an empty clause borrows from the one before."""
    lead = VERGE.sub("", _bare(before))
    subject = (lead + after.strip(STOP)).strip(STOP)
    if len(subject) < 2:
        previous = said.masked.rfind("，", 0, max(clause - 1, 0)) + 1
        subject = VERGE.sub("", _bare(said.text[previous:clause] + before))
    return subject[-LONGEST_SUBJECT:]


def _bare(words: str) -> str:
    """Words without the lead of time and of manner (到“十四五”末, 每年, 力争)."""
    found = FILLER.match(words.strip(STOP))
    return words.strip(STOP)[found.end() :] if found else words.strip(STOP)


def _time_of(match: re.Match[str]) -> tuple[Timing, int | None]:
    if match["every"]:
        return Timing.EVERY_YEARS, numbers.chinese_number(match["every"]) or int(match["every"])
    if match["yearly"] or match["month"]:
        return Timing.YEARLY, 1
    if match["total"]:
        return Timing.TERM_TOTAL, None
    if match["year"]:
        return Timing.BY_YEAR, int(match["year"])
    if match["within"]:
        return Timing.EVERY_YEARS, numbers.chinese_number(match["within"]) or int(match["within"])
    return Timing.TERM_END, None


def _time_at(times: Times, offset: int) -> tuple[Timing, int | None]:
    """The time named nearest before a number in its sentence."""
    found: tuple[Timing, int | None] = (Timing.UNSAID, None)
    for start, reach, timing, years in times:
        if start < offset < reach:
            found = (timing, years)
    return found


def _unnumbered(said: Sentence, hits: list[Hit]) -> Iterator[tuple[ExtractKind, Promise]]:
    """Promises that imply a number or carry only a date."""
    for pattern, number, unit in IMPLIED:
        if match := pattern.search(said.masked) or (pattern.search(said.text) if unit == "起" else None):
            yield said.implied(match, number, unit, *_time_at(said.times, match.start()))
    if match := RECURS.search(said.masked):
        stop = said.clause_end(match.end())
        if not any(match.start() < hit.start < stop for hit in hits) and stop - match.start() > SHORTEST_DEED:
            times = {"年": 1, "半年": 2, "季度": 4, "月": 12}[match["unit"]]
            yield said.implied(match, Decimal(times), "次", Timing.YEARLY, 1)
    for match in DATED.finditer(said.text):
        if not any(match.start() < hit.start < said.clause_end(match.end()) for hit in hits):
            yield said.implied(match, None, "", Timing.BY_YEAR, int(match["year"]))
