"""Bytes to clean lines that know where they came from: .txt, .md, .docx.

The clean text is the file's own words without markup, page breaks inside sentences and table of contents. Everything
later points into it; each line keeps the line (or paragraph) numbers of the file.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

LARGEST = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_LINES = 60_000
CATALOGUE = re.compile(r"(?:\.{3,}|…{2,}|·{4,}|\t+)\s*\d{1,3}$|^目\s*录$|^(?:<b>)?(?:附件|附录)(?:</b>)?\t$")
MARKUP = re.compile(r"\*\*|__|</?(?:b|strong|i|em|u|span|p|div|center|font)\b[^>]*>|<br\s*/?>", re.IGNORECASE)
WIDE = r"\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
LOOSE = re.compile(rf"(?<=[{WIDE}]) +| +(?=[{WIDE}])")
NUMBERED = re.compile(
    r"第[一二三四五六七八九十百]+[章节部篇]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
    r"|[（(]\d{1,2}[）)]|[①-⑳]|专栏|附件|附表|附\d|表\s*\d|图\s*\d|备注|注[:：]|资料来源|0\d"
)
ENDS = tuple("。；：！？;:!?”》）)】")
SHORTEST_WRAPPED = 18


class Unreadable(ValueError):
    """The file cannot be read as a plan; the text says why and what to do."""


@dataclass(slots=True)
class Line:
    """A clean line. `cells` are the stretches of a table row; `origins` pairs offsets with lines of the file."""

    text: str
    origin: int
    start: int = 0
    level: int = 0
    boxed: bool = False
    cells: tuple[tuple[int, int], ...] = ()
    origins: list[tuple[int, int]] = field(default_factory=list)
    table: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def line_of(self, offset: int) -> int:
        """The line of the file in which an offset of the clean text stands."""
        found = self.origin
        for start, origin in self.origins:
            if start <= offset:
                found = origin
        return found

    def cell_texts(self) -> list[str]:
        return [self.text[start - self.start : end - self.start] for start, end in self.cells]


@dataclass(frozen=True, slots=True)
class Source:
    """A document as clean lines, with what was left out and why (line, reason, words)."""

    lines: tuple[Line, ...]
    text: str
    left_out: tuple[tuple[int, str, str], ...]


def clean(text: str) -> str:
    """Words without markup, odd blanks and blanks between Chinese characters; width of digits and Latin made plain."""
    text = MARKUP.sub("", text).replace("\u200b", "").replace("\ufeff", "")
    made = []
    for char in text:
        if char in "％．，" and char != "，":
            char = {"％": "%", "．": "."}[char]
        elif "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ":
            char = unicodedata.normalize("NFKC", char)
        elif unicodedata.category(char) in ("Zs", "Cc", "Cf"):
            char = " "
        made.append(char)
    return LOOSE.sub("", re.sub(r" {2,}", " ", "".join(made))).strip()


def read(data: bytes, filename: str) -> Source:
    """The clean lines of a file. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(f"文件有{len(data) // 1024 // 1024}MB，最多{LARGEST // 1024 // 1024}MB。请去掉图片后再试")
    if not data.strip():
        raise Unreadable("文件是空的。请检查后重新选择")
    name = filename.lower()
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable("这是旧的 .doc 或有密码的文件。请去掉密码，另存为“Word 文档（.docx）”")
    if data[:5] == b"%PDF-":
        raise Unreadable("这是 PDF。请用原来的 Word 文档，或把文字另存为 .txt")
    if data[:2] == b"PK" or name.endswith(".docx"):
        return _assemble(*_docx(data))
    if not name.endswith((".txt", ".md", ".markdown")):
        raise Unreadable("只收 .txt、.md、.docx 三种文件。请另存为其中一种")
    return _assemble(*_plain(_decode(data)))


def _decode(data: bytes) -> str:
    for coding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable("认不出文件的文字编码。请另存为 UTF-8 编码的文本")


Left = list[tuple[int, str, str]]


def _plain(text: str) -> tuple[list[Line], Left]:
    """Lines of a text or Markdown file, page-broken paragraphs joined."""
    made: list[Line] = []
    left: Left = []
    table = 0
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(rows) > MOST_LINES:
        raise Unreadable(f"文件有{len(rows)}行，最多{MOST_LINES}行。请确认是一份规划")
    for number, raw in enumerate(rows, 1):
        bare = raw.strip(" \u3000")
        if not bare.strip():
            continue
        if CATALOGUE.search(MARKUP.sub("", bare.lstrip("# "))) and not bare.startswith("|") and not _is_row(bare):
            left.append((number, "目录", clean(bare)))
            continue
        if re.fullmatch(r"\|?[\s:|-]+\|[\s:|-]*", bare) or re.fullmatch(r"[-*_=\s]{3,}", bare):
            continue  # rulers of Markdown
        line = _line(bare, number)
        if not line.text:
            continue
        if line.cells:
            table += not (made and made[-1].cells)
            line.table = table
        if made and _goes_on(made[-1], line):
            _join(made[-1], line)
        else:
            made.append(line)
    return made, left


def _is_row(bare: str) -> bool:
    parts = [part for part in bare.split("\t") if part.strip()]
    return len(parts) >= 3


def _line(bare: str, number: int) -> Line:
    level = boxed = 0
    while bare.startswith(">"):
        bare, boxed = bare[1:].lstrip(), 1
    if match := re.match(r"(#{1,6})(?:\s+|$)", bare):
        level, bare = len(match[1]), bare[match.end():]
    bare = re.sub(r"^[-*+•●■◆]\s+", "", bare)
    if bare.startswith("|") and bare.count("|") >= 2:
        return row([clean(part) for part in bare.strip("|").split("|")], number, boxed=bool(boxed))
    if "\t" in bare and len([part for part in bare.split("\t") if part.strip()]) >= 2:
        return row([clean(part) for part in bare.split("\t")], number, boxed=bool(boxed))
    return Line(clean(bare), number, level=level, boxed=bool(boxed))


def row(parts: Iterable[str], number: int, *, boxed: bool = False) -> Line:
    """A table row; its cells keep their stretches (from 0; `_assemble` moves them)."""
    text, cells = "", []
    for at, part in enumerate(parts):
        if at:
            text += "\t"
        cells.append((len(text), len(text) + len(part)))
        text += part
    if not text.strip():
        return Line("", number)
    return Line(text, number, boxed=boxed, cells=tuple(cells))


def _goes_on(last: Line, line: Line) -> bool:
    """Whether a line continues the paragraph above: cut by a page or wrapped."""
    if last.cells or line.cells or line.level or last.boxed != line.boxed or last.text.endswith(ENDS):
        return False
    if NUMBERED.match(line.text) and not re.match(r"\d+[.．]?\d*[%万亿]", line.text):
        return False
    running = "。" in last.text or "，" in last.text
    if last.level:
        return running and "。" in last.text
    return running and len(last.text) >= SHORTEST_WRAPPED


def _join(last: Line, line: Line) -> None:
    last.origins.append((len(last.text), line.origin))
    last.text += line.text


def _docx(data: bytes) -> tuple[list[Line], Left]:
    """Paragraphs and tables of a Word document in order; a one-column table is a box."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("文件解压后过大，不予打开。请另存一份再试")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, SyntaxError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable("文件不是 Word 文档（.docx），或已损坏。请用 Word 打开确认后另存一份") from None
    made: list[Line] = []
    left: Left = []
    table = 0
    for number, block in enumerate(_blocks(document), 1):
        if isinstance(block, Paragraph):
            line = _paragraph(block, number)
            if line.text and not CATALOGUE.search(block.text.strip()):
                made.append(line)
            elif line.text:
                left.append((number, "目录", line.text))
            continue
        table += 1
        made += [one for one in _table(block, number, table) if one.text]
    for box in document.element.body.iter(qn("w:txbxContent")):
        words = clean("".join(node.text or "" for node in box.iter(qn("w:t"))))
        if words:
            left.append((0, "文本框不在正文次序中，没有读", words[:400]))
    return made, left


def _blocks(document: Document) -> Iterator[Paragraph | Table]:
    for node in document.element.body.iterchildren():
        if node.tag == qn("w:p"):
            yield Paragraph(node, document)
        elif node.tag == qn("w:tbl"):
            yield Table(node, document)


def _paragraph(block: Paragraph, number: int, *, boxed: bool = False) -> Line:
    style = (block.style.name or "") if block.style is not None else ""
    match = re.search(r"(?:Heading|标题)\s*(\d)", style)
    level = int(match[1]) if match else (1 if style in ("Title", "标题") else 0)
    return Line(clean(block.text.replace("\n", " ")), number, level=level, boxed=boxed)


def _table(block: Table, number: int, table: int) -> Iterator[Line]:
    if len(block.columns) == 1:
        for line in block.rows:
            for paragraph in line.cells[0].paragraphs:
                yield _paragraph(paragraph, number, boxed=True)
        return
    for line in block.rows:
        cells, seen = [], set()
        for cell in line.cells:
            if id(cell._tc) in seen:  # a merged cell is listed once for every column it covers
                cells.append("")
                continue
            seen.add(id(cell._tc))
            cells.append(clean("".join(paragraph.text for paragraph in cell.paragraphs).replace("\n", "")))
        made = row(cells, number)
        made.table = table
        yield made


def _assemble(lines: list[Line], left: Left) -> Source:
    """Give every line its offset in the clean text."""
    if not lines:
        raise Unreadable("文件里没有文字。扫描件请先识别文字再导入")
    at, texts = 0, []
    for line in lines:
        line.start = at
        line.cells = tuple((start + at, end + at) for start, end in line.cells)
        line.origins = [(start + at, origin) for start, origin in line.origins]
        texts.append(line.text)
        at += len(line.text) + 1
    return Source(tuple(lines), "\n".join(texts), tuple(left))
