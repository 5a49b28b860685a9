"""What every list does: pages of fifty, filters kept in the address, export as a workbook."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from renshe.portals import words

PAGE = 50
MOST_EXPORTED = 100_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Personal(str):
    """The title of a column of class 3 (DB33/T 2350): a list with one leaves the platform only through `exports`."""


@dataclass(frozen=True)
class Bar:
    """Parts of a whole, drawn 1000 units wide."""

    accepted: int
    referred: int
    refused: int
    total: int

    @property
    def rest(self) -> int:
        return max(self.total - self.accepted - self.referred - self.refused, 0)

    def _wide(self, part: int) -> int:
        return round(1000 * part / self.total) if self.total else 0

    @property
    def x1(self) -> int:
        return self._wide(self.accepted)

    @property
    def w2(self) -> int:
        return self._wide(self.referred)

    @property
    def x2(self) -> int:
        return self.x1 + self.w2

    @property
    def w3(self) -> int:
        return self._wide(self.refused)


def listed(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """`rows` as the page asked for, and `query`, the filters without the page."""
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)  # fetched once; a sliced query would be asked item by item
    return {"rows": page, "query": words.address(request, "page")}


def text(cell: object) -> str:
    """A cell of an export in words: nothing as nothing, a moment by the clock on the wall here."""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else str(cell)


def workbook(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A list without personal columns as .xlsx, every cell as text. ValueError when there is one."""
    if personal := [title for title in titles if isinstance(title, Personal)]:
        raise ValueError(f"{'、'.join(personal)}: register the list with portals.exports")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True})
    sheet.set_column(0, len(titles), 18)
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, bold)
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            sheet.write_string(number, at, text(cell))
    book.close()
    return file(out.getvalue(), f"{name}.xlsx", WORKBOOK)


def file(content: bytes, filename: str, kind: str) -> HttpResponse:
    """A download with a Chinese name."""
    disposition = f"attachment; filename*=UTF-8''{quote(filename)}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
