"""Writing workbooks: the template to fill in, and the result. Everything is written as text, so no cell can run."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, get_args

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from renshe.kernel.common.terms import Terms
from renshe.kernel.rosters.kinds import RosterKind
from renshe.kernel.rosters.workbook import MOST_ROWS

RESULT_TITLES = ("结果", "办件编号", "理由", "依据", "怎么办")


def _choices(field: Any) -> list[str]:
    for part in (field.annotation, *get_args(field.annotation)):
        if isinstance(part, type) and issubclass(part, Terms):
            return [one.label for one in part]
    return []


def _head(book: Any, sheet: Worksheet, kind: RosterKind, more: Sequence[str] = ()) -> None:
    must = book.add_format({"bold": True, "bg_color": "#0F5257", "font_color": "#FFFFFF", "border": 1, "num_format": "@"})
    may = book.add_format({"bold": True, "bg_color": "#DCE9E8", "border": 1, "num_format": "@"})
    for at, (_, field) in enumerate(kind.columns):
        sheet.write_string(0, at, str(field.title), must if field.is_required() else may)
    for at, title in enumerate(more, len(kind.columns)):
        sheet.write_string(0, at, title, may)
    sheet.freeze_panes(1, 2)


def template(kind: RosterKind) -> bytes:
    """The workbook to fill in: text columns, lists of choices, an instruction sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("名册")
    for at, (_, field) in enumerate(kind.columns):
        sheet.set_column(at, at, max(14, len(str(field.title)) * 2 + 4), text)
        if words := _choices(field):
            sheet.data_validation(1, at, MOST_ROWS, at, {"validate": "list", "source": words})
    _head(book, sheet, kind)
    guide = book.add_worksheet("填写说明")
    guide.set_column(0, 0, 22)
    guide.set_column(1, 2, 44)
    for at, line in enumerate((
        f"{kind.label}名册", f"一行一人，最多{MOST_ROWS:,}行。深色列必填，浅色列选填。不要改动第一行。",
        "公民身份号码列已设为文本格式；从别处复制时请选择“粘贴为值”，否则末几位会被改成0。", "",
    )):
        guide.write_string(at, 0, line)
    for at, (_, field) in enumerate(kind.columns, 5):
        guide.write_string(at, 0, str(field.title))
        guide.write_string(at, 1, str(field.description or ""))
        guide.write_string(at, 2, f"例：{(field.examples or [''])[0]}" + ("（必填）" if field.is_required() else ""))
    book.close()
    return out.getvalue()


def result(kind: RosterKind, lines: Iterable[tuple[dict[str, object], tuple[str, ...]]], summary: Sequence[tuple[str, str]]) -> bytes:
    """The result workbook: refused rows first (to correct and upload again), then all rows, then a summary.

    `lines` gives each row's cells by field and its five result texts.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": False})
    text = book.add_format({"num_format": "@"})
    refused, everything, count = book.add_worksheet("未通过"), book.add_worksheet("全部"), book.add_worksheet("汇总")
    for sheet in (refused, everything):
        sheet.set_column(0, len(kind.columns) + len(RESULT_TITLES), 18, text)
        _head(book, sheet, kind, RESULT_TITLES)
    at_refused = at = 1
    for cells, outcome in lines:
        _line(everything, at, kind, cells, outcome)
        at += 1
        if outcome[0] == "未通过":
            _line(refused, at_refused, kind, cells, outcome)
            at_refused += 1
    count.set_column(0, 1, 28)
    for row, (name, value) in enumerate(summary):
        count.write_string(row, 0, name)
        count.write_string(row, 1, value)
    book.close()
    return out.getvalue()


def _line(sheet: Worksheet, at: int, kind: RosterKind, cells: dict[str, object], outcome: tuple[str, ...]) -> None:
    for place, (name, _) in enumerate(kind.columns):
        value = cells.get(name)
        if value not in (None, ""):
            shown = value.isoformat() if hasattr(value, "isoformat") else str(value)
            sheet.write_string(at, place, shown)
    for place, word in enumerate(outcome, len(kind.columns)):
        sheet.write_string(at, place, word)
