"""Reading a workbook nobody vouches for. Everything about the container is checked before anything is parsed.

A citizen ID in a numeric cell has already lost its last digits when the file was saved; such cells are refused, never
repaired.
"""

import datetime
import io
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from renshe.kernel.common.identifiers import normalise
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.rosters.kinds import RosterKind
from renshe.kernel.rosters.terms import FileFault, RowFault

LARGEST = 20 * 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
MOST_ENTRIES = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 200
HEADER_LINES = 10  # the header may stand below a title
TEXT_ONLY = ("citizen_id", "phone")
FORMULA = re.compile(rb"<f[ >/]")
FORMULA_CELL = re.compile(rb'<c [^>]*?r="([A-Z]+[0-9]+)"[^>]*>\s*<f[ >/]')
CONTROL = {"Cc", "Cf", "Co", "Cs"}
Cell = str | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number as the spreadsheet shows it, its cells by field, its faults."""

    line: int
    cells: dict[str, object]
    faults: tuple[Reason, ...]


@dataclass(frozen=True)
class Sheet:
    """A read workbook: the columns found, in file order, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def _refuse(code: FileFault, text: str, then: str) -> Refused:
    return Refused(Reason(code, text, then=then, field="file"))


def _bomb() -> Refused:
    return _refuse(FileFault.BOMB, "文件解压后的内容过大，不予打开", "请用下载的模板重新填写")


def inspect(data: bytes) -> None:
    """Refuse what is not a plain .xlsx of decent size, by its container alone. Raises Refused."""
    if len(data) > LARGEST:
        raise _refuse(FileFault.TOO_LARGE, f"文件有{len(data) // 1024 // 1024}MB，最多{LARGEST // 1024 // 1024}MB",
                      "请去掉图片和多余的工作表，或分成几个文件上传")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refuse(FileFault.ENCRYPTED, "文件有密码保护，或是旧的xls格式",
                      "请去掉密码，另存为“Excel工作簿（.xlsx）”后上传")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _refuse(FileFault.NOT_WORKBOOK, "文件不是Excel工作簿（.xlsx）", "请用下载的模板填写并保存为.xlsx") from None
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise _bomb()
    if "[content_types].xml" not in names or not any(name.startswith("xl/worksheets/") for name in names):
        raise _refuse(FileFault.NOT_WORKBOOK, "文件里没有工作表", "请用下载的模板填写并保存为.xlsx")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise _refuse(FileFault.MACROS, "文件含有宏，不予打开", "请另存为不含宏的“Excel工作簿（.xlsx）”")


def _first_sheet(data: bytes) -> bytes:
    """The first worksheet, unpacked; counts what really comes out of the container without trusting what it says of
    itself. Raises Refused when that is too much.
    """
    total, sheet = 0, b""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        first = min((name for name in packed.namelist() if name.lower().startswith("xl/worksheets/sheet")), default="")
        for entry in packed.infolist():
            pieces = []
            with packed.open(entry) as part:
                while piece := part.read(1 << 20):
                    total += len(piece)
                    if total > LARGEST_UNPACKED:
                        raise _bomb()
                    if entry.filename == first:
                        pieces.append(piece)
            sheet = b"".join(pieces) or sheet
    return sheet


def _formula_cells(sheet: bytes) -> set[str]:
    """Cell references of a worksheet that hold formulas."""
    if not FORMULA.search(sheet):
        return set()
    return {match.group(1).decode() for match in FORMULA_CELL.finditer(sheet)}


def read(data: bytes, kind: RosterKind) -> Sheet:
    """All rows of the first worksheet that has the template's header. Raises Refused when the file cannot be taken."""
    inspect(data)
    try:
        formulas = _formula_cells(_first_sheet(data))
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, RuntimeError, OSError, ValueError, IndexError, EOFError, NotImplementedError):
        raise _refuse(FileFault.DAMAGED, "文件已损坏或有密码保护，无法打开", "请用Excel打开确认后另存一份再上传") from None
    at, columns = _header(lines, kind)
    rows = tuple(_rows(lines, at, columns, formulas))
    if not rows:
        raise _refuse(FileFault.NO_ROWS, "表头下面没有数据行", "请在模板中填写人员后上传")
    if len(rows) > MOST_ROWS:
        raise _refuse(FileFault.TOO_MANY_ROWS, f"有{len(rows):,}行，一次最多{MOST_ROWS:,}行", "请分成几个文件上传")
    return Sheet(tuple(columns.values()), rows)


def _clean(cell: object) -> object:
    if not isinstance(cell, str):
        return "" if cell is None else cell
    if not cell.isprintable():  # spaces other than the plain one are not printable either, and stay
        cell = "".join(char for char in cell if unicodedata.category(char) not in CONTROL)
    return cell.strip()


def _header(lines: list[list[Cell]], kind: RosterKind) -> tuple[int, dict[int, str]]:
    """Where the header is, and which field each column holds. Columns may come in any order."""
    titles = kind.titles
    plain = {normalise(title).rstrip("*"): name for title, name in titles.items()}
    best: tuple[int, dict[int, str], list[str]] = (0, {}, [])
    for at, line in enumerate(lines[:HEADER_LINES]):
        found: dict[int, str] = {}
        extra = []
        for place, cell in enumerate(line[:MOST_COLUMNS]):
            word = normalise(str(_clean(cell) or "")).rstrip("*")
            if word in plain and plain[word] not in found.values():
                found[place] = plain[word]
            elif word:
                extra.append(str(cell)[:20])
        if len(found) > len(best[1]):
            best = (at, found, extra)
    needed = {name: str(field.title) for name, field in kind.columns if field.is_required()}
    missing = [title for name, title in needed.items() if name not in best[1].values()]
    if missing:
        extra = f"；多出：{'、'.join(best[2][:8])}" if best[2] else ""
        raise _refuse(FileFault.WRONG_HEADER, f"表头不符，缺少：{'、'.join(missing)}{extra}",
                      "请用下载的模板填写，不要改动第一行")
    return best[0], best[1]


def _rows(lines: list[list[Cell]], at: int, columns: dict[int, str], formulas: set[str]) -> Iterator[Row]:
    """The rows below the header that are not empty; cleaned column by column, which costs a third of cell by cell."""
    below = lines[at + 1 :]
    faults: defaultdict[int, list[Reason]] = defaultdict(list)
    cleaned = []
    for place, name in columns.items():
        column: list[object] = [_clean(line[place]) if place < len(line) else "" for line in below]
        if float in set(map(type, column)):
            column = _numeric(column, name, at + 2, faults)
        cleaned.append(column)
        if formulas:
            letter = _letter(place)
            for number in range(at + 2, at + 2 + len(below)):
                if f"{letter}{number}" in formulas:
                    faults[number].append(Reason(
                        RowFault.FORMULA, f"{letter}{number}单元格是公式", field=name,
                        then="请改为直接填写内容（可复制后选择“粘贴为值”）",
                    ))
    names, blank = tuple(columns.values()), ("",) * len(columns)
    for number, cells in enumerate(zip(*cleaned, strict=True), at + 2):
        if cells != blank:
            yield Row(number, dict(zip(names, cells, strict=True)), tuple(faults.get(number, ())))


def _numeric(
    column: list[object], name: str, first: int, faults: defaultdict[int, list[Reason]]
) -> list[object]:
    """Numbers of a column as text; notes a fault where a number cannot have kept all its digits."""
    texts: list[object] = []
    for number, cell in enumerate(column, first):
        if not isinstance(cell, float):
            texts.append(cell)
        elif name in TEXT_ONLY and not (name == "phone" and cell.is_integer() and cell < 1e12):
            texts.append(cell)  # eleven digits survive a numeric cell, eighteen do not
            faults[number].append(Reason(
                RowFault.NUMERIC_ID, "公民身份号码的单元格是数字格式，末几位已被表格软件改动", field=name,
                then="请把该列设为“文本”格式后重新填写号码",
            ))
        else:
            texts.append(str(int(cell)) if cell.is_integer() else repr(cell))
    return texts


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
