"""Headings, boxes and annexes: which clean line stands under what.

Numbers rule (第一章, 一、, （一）, 1., （1）), since styles and `#` marks of real files are rarely right; an unnumbered
heading counts by its style. A heading may run into its text: `1.坚持优先。把……`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from renshe.apps.planning.reader.findings import Place
from renshe.apps.planning.reader.source import Line, Source

LEVELS = (
    (1, re.compile(r"第[一二三四五六七八九十百]+[章部篇](?:分)?")),
    (2, re.compile(r"第[一二三四五六七八九十百]+节|[一二三四五六七八九十]{1,3}、")),
    (3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (4, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (5, re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]")),
)
BOX = re.compile(r"专\s*栏\s*(\d{0,2}|[一二三四五六七八九十]{0,3})\s*[:：]?\s*(.*)")
BOX_ITEM = re.compile(r"(0\d\s*[.．、:：]?|[1-9]\d?\s*[.．、:：]?(?![.%万亿年月家个名人]))\s*(?!\d)(.+)")
ANNEX = re.compile(r"(附件|附表|附录|附)\s*(\d{0,2}|[一二三四五六七八九十]{0,3})\s*[:：]?")
TITLED_ANNEX = re.compile(r"(附件|附表|附录)\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[:：.．、]?\s*([^。；：:]{2,45})")
ANNEX_LIST = re.compile(r"附件?\s*[:：]\s*\S|附件\s*\d\s*[:：.]\s*\S.*\d\s*[.．]")
CAPTION = re.compile(r"(?:附?表|图)\s*\d{0,2}\s*[:：]?\s*.+")
TITLE = re.compile(r"(?:规划|规划纲要|行动计划|实施方案)(?:[（(][^）)]*[）)])?》?$")
LIST_NUMBER = re.compile(r"(?:[（(]?\d{1,2}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳])\s*")
LONGEST_HEADING = 50
LONGEST_RUN_IN = 40
BACKGROUND = re.compile(
    r"发展基础|发展回顾|工作回顾|发展现状|现状|面临形势|发展形势|形势分析|发展环境|机遇|挑战|主要成就|取得的成|存在的?问题|回顾"
    r"|[“\"]十[二三]五[”\"]时期.*(?:成|基础|回顾)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of running text or one table row, with the headings above it."""

    line: Line
    start: int
    end: int
    path: tuple[str, ...]
    box: int | None
    annex: str
    caption: str
    group: str
    background: bool

    @property
    def text(self) -> str:
        return self.line.text[self.start - self.line.start : self.end - self.line.start]

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of this part, by offsets of the clean text."""
        own = self.line
        return Place(self.path, own.line_of(start), start, end, own.text[start - own.start : end - own.start])


@dataclass(slots=True)
class OpenBox:
    """A box being read."""

    number: str
    title: str
    place: Place
    actions: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Outline:
    """The document in order: parts, boxes, headings (level, title, place)."""

    parts: tuple[Part, ...]
    boxes: tuple[OpenBox, ...]
    headings: tuple[tuple[int, str, Place], ...]


class Reader:
    """Walks the lines once, keeping the stack of headings and the open box."""

    def __init__(self, source: Source) -> None:
        self.lines = source.lines
        self.stack: list[tuple[int, str]] = []
        self.boxes: list[OpenBox] = []
        self.box: OpenBox | None = None
        self.box_is_framed = False
        self.annex, self.caption, self.group = "", "", ""
        self.listing_annexes = False
        self.parts: list[Part] = []
        self.headings: list[tuple[int, str, Place]] = []

    def read(self) -> Outline:
        for at, line in enumerate(self.lines):
            self._line(at, line)
        return Outline(tuple(self.parts), tuple(self.boxes), tuple(self.headings))

    def _line(self, at: int, line: Line) -> None:
        if self.box is not None and self.box_is_framed and not line.boxed:
            self._close_box()
        if line.cells:
            self._row(line)
        elif self._beside_rows(at) and len(line.text) <= 20 and not CAPTION.match(line.text):
            self.group = line.text
        elif match := BOX.fullmatch(line.text[:LONGEST_HEADING + 20]):
            self._open_box(line, match)
        elif self._is_annex(at, line):
            return
        elif CAPTION.fullmatch(line.text) and len(line.text) <= 60:
            self.caption, self.group = line.text, ""
        elif self.box is not None and self._in_box(line):
            return
        else:
            self._heading_or_text(line)

    def _beside_rows(self, at: int) -> bool:
        before = at > 0 and bool(self.lines[at - 1].cells)
        after = at + 1 < len(self.lines) and bool(self.lines[at + 1].cells)
        return before and after

    def _row(self, line: Line) -> None:
        filled = [text for text in line.cell_texts() if text]
        if len(filled) == 1 and len(filled[0]) <= 20 and len(line.cells) > 1 and not filled[0][0].isdigit():
            self.group = filled[0]
        self._part(line, line.start)

    def _part(self, line: Line, start: int) -> None:
        if start >= line.end:
            return
        path = tuple(title for _, title in self.stack)
        box = len(self.boxes) - 1 if self.box is not None else None
        if self.box is not None:
            path += (f"专栏{self.box.number} {self.box.title}".strip(), *([self.box.actions[-1][0]] if self.box.actions else []))
        background = any(BACKGROUND.search(title) for title in path)
        self.parts.append(Part(line, start, line.end, path, box, self.annex, self.caption, self.group, background))

    def _open_box(self, line: Line, match: re.Match[str]) -> None:
        self._close_box()
        place = Place(tuple(title for _, title in self.stack), line.origin, line.start, line.end, line.text)
        self.box = OpenBox(match[1], match[2] or "", place, [])
        self.box_is_framed = line.boxed
        self.boxes.append(self.box)

    def _close_box(self) -> None:
        self.box = None
        self.box_is_framed = False

    def _in_box(self, line: Line) -> bool:
        """Whether a line belongs to the open box; a numbered heading of the text outside ends an unframed one."""
        box = self.box
        assert box is not None
        if not box.title and not box.actions and len(line.text) <= LONGEST_HEADING and not line.text.endswith("。"):
            box.title = line.text
            return True
        item = BOX_ITEM.fullmatch(line.text)
        if item and self._next_item(item[1].rstrip(".．、:： ")):
            head = item[2].split("。", 1)[0]
            if len(head) <= LONGEST_RUN_IN:
                start = line.start + item.start(2)
                box.actions.append((head, start, start + len(head)))
                self._part(line, start + len(head) + 1)
                return True
        level = self._level(line)
        if not self.box_is_framed and level is not None and level <= 4:
            self._close_box()
            return False
        self._part(line, line.start)
        return True

    def _next_item(self, number: str) -> bool:
        """Items of a box count 01, 02 … or 1, 2 …; another number is not an item."""
        box = self.box
        assert box is not None
        if not self.box_is_framed and not number.startswith("0") and int(number) < 10:
            return False  # 1. outside a frame is a heading of the text
        return int(number) == len(box.actions) + 1

    def _is_annex(self, at: int, line: Line) -> bool:
        text = line.text
        if ANNEX_LIST.match(text):
            self.listing_annexes = True
            self._part(line, line.start)
            return True
        if self.listing_annexes:
            if re.match(r"\d{1,2}\s*[.．、]", text) and not line.level:
                self._part(line, line.start)
                return True
            self.listing_annexes = False
        if len(text) <= 12 and ANNEX.fullmatch(text):
            following = self.lines[at + 1] if at + 1 < len(self.lines) else None
            title = following.text if following is not None and not following.cells and len(following.text) <= 60 else ""
            self._open_annex(line, text, f"{text} {title}".strip())
            return True
        if TITLED_ANNEX.fullmatch(text):
            self._open_annex(line, text, text)
            return True
        return False

    def _open_annex(self, line: Line, annex: str, title: str) -> None:
        self._close_box()
        self.annex, self.group, self.caption = annex, "", ""
        self.stack = [(1, title)]
        self.headings.append((1, title, Place((), line.origin, line.start, line.end, line.text)))

    def _level(self, line: Line) -> int | None:
        for level, pattern in LEVELS:
            if pattern.match(line.text):
                return level
        return None

    def _heading_or_text(self, line: Line) -> None:
        level = self._level(line)
        text = line.text
        if level is None:
            short = len(text) <= LONGEST_HEADING + 10
            if short and TITLE.search(text) and not self.annex and (line.level or not self.headings):
                self.stack.clear()  # the plan's own name heads everything, so it tells no place
                return
            if line.level and short and not text.endswith("。"):
                if self.annex and self.stack and self.stack[-1][1].endswith(text):
                    return  # the annex's title, already taken with its number
                self._push(line.level if not self.stack else max(line.level, 1), text, line, len(text))
            else:
                self._part(line, line.start)
            return
        head, mark, rest = text.partition("。")
        if rest and len(head) <= LONGEST_RUN_IN:
            self._push(level, head + mark, line, len(head) + 1)
            self._part(line, line.start + len(head) + 1)
        elif len(text) <= LONGEST_HEADING and not text.endswith(("；", ";", "，")):
            self._push(level, text, line, len(text))
        else:
            self._part(line, line.start)

    def _push(self, level: int, title: str, line: Line, length: int) -> None:
        self._close_box()
        if level <= 3:
            self.group = self.caption = ""
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()
        place = Place(tuple(one for _, one in self.stack), line.origin, line.start, line.start + length, title)
        self.stack.append((level, title.rstrip("。")))
        self.headings.append((level, title, place))


def outline(source: Source) -> Outline:
    """The headings, boxes and parts of a document."""
    return Reader(source).read()


def sentences(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Sentences of a stretch with their offsets, without list numbers; entries of a list (；) count as sentences."""
    for match in re.finditer(r"[^。；！？;!?]+[。；！？;!?]?[”」』）]?", text):
        words = match.group()
        lead = len(words) - len(words.lstrip())
        if number := LIST_NUMBER.match(words, lead):
            lead = number.end()
        if words[lead:].strip():
            yield words[lead:].rstrip(), start + match.start() + lead
