"""The whole reading of a plan."""

import re

from renshe.apps.planning.reader import contradictions, numbers, promises, source, tables
from renshe.apps.planning.reader.findings import Box, Found, Listed, Place, Reading, Unread
from renshe.apps.planning.reader.outline import TITLE, OpenBox, outline
from renshe.apps.planning.reader.source import Source
from renshe.apps.planning.terms import ExtractKind

DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}〔20\d\d〕\d+号")
USUAL_YEARS = 5


def read(data: bytes, filename: str) -> Reading:
    """Read a plan. Raises `source.Unreadable` with words for the person who brought the file."""
    lines = source.read(data, filename)
    drawn = outline(lines)
    found: list[tuple[ExtractKind, Found]] = [(ExtractKind.BOX, _box(one)) for one in drawn.boxes]
    found += tables.read(drawn)
    found += promises.read(drawn)
    found += [
        (ExtractKind.UNREAD, Unread(reason, Place((), line, 0, 0, ""), words))
        for line, reason, words in lines.left_out if reason != "目录" and words
    ]
    found.sort(key=lambda one: (one[1].place.start, list(ExtractKind).index(one[0])))
    title = _title(lines)
    first, last = numbers.plan_years(title)
    if first is None:
        first, last = numbers.plan_years(lines.text)
    years = last - first + 1 if first and last else USUAL_YEARS
    number = DOCUMENT_NUMBER.search(lines.text)
    return Reading(
        title, number.group() if number else "", first, last, lines.text, drawn.headings, tuple(found),
        contradictions.find(found, lines.text, years),
    )


def _box(box: OpenBox) -> Box:
    return Box(box.number, box.title, tuple(Listed(*action) for action in box.actions), box.place)


def _title(lines: Source) -> str:
    """The plan's name: the first line that ends as plans are named, else the first line."""
    for line in lines.lines[:60]:
        plain = line.text.strip("《》 ")
        if TITLE.search(plain) and len(plain) <= 60:
            return plain
    return lines.lines[0].text[:60]
