"""An evaluation as a Word document and as PDF/A, from the same content."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import docx
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

TEMPLATE = Path(__file__).parent / "evaluation.typ"
SERIF, HEADS = "仿宋", "黑体"


def word(content: dict[str, Any]) -> bytes:
    """The paper as .docx, to be finished by hand: headings as headings, tables as tables."""
    book = docx.Document()
    _fonts(book)
    book.add_heading(content["title"], 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    book.add_paragraph(content["lead"])
    for chapter in content["chapters"]:
        book.add_heading(chapter["title"], 1)
        for block in chapter["blocks"]:
            if "text" in block:
                book.add_paragraph(block["text"]).paragraph_format.first_line_indent = Pt(24)
            else:
                _table(book, block["table"]["columns"], block["table"]["rows"])
    book.add_heading("数据来源", 1)
    _table(book, ["编号", "数据", "数值", "来源", "查看"], [[one["number"], one["what"], one["value"], one["origin"], one["link"]] for one in content["sources"]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fonts(book: Any) -> None:
    for name, font, size in (("Normal", SERIF, 12), ("Heading 1", HEADS, 16), ("Title", HEADS, 20)):
        style = book.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(book: Any, columns: list[str], rows: list[list[str]]) -> None:
    table = book.add_table(rows=1, cols=len(columns), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)


def pdf(content: dict[str, Any], day: tuple[int, int, int]) -> bytes:
    """The paper as PDF/A."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "evaluation.typ").write_bytes(TEMPLATE.read_bytes())
        (Path(folder) / "content.json").write_text(json.dumps({**content, "day": day}, ensure_ascii=False), encoding="utf-8")
        return bytes(typst.compile(Path(folder) / "evaluation.typ", format="pdf", pdf_standards=["a-2b"]))
