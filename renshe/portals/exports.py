"""Lists with personal data that may be taken out. A view registers its list once; pages and exports ask the same rows.

A list without personal columns needs none of this: `listing.workbook` gives it at once.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import exports as records
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.privacy.models import Export
from renshe.kernel.privacy.sealing import Unreadable
from renshe.kernel.privacy.terms import EXPORTED
from renshe.portals import words
from renshe.portals.listing import MOST_EXPORTED, text


@dataclass(frozen=True)
class Exportable:
    """One list: who may take it, its rows for a request, and how a row is written.

    `persons` names whose record a row is of; `own` is a list of one's own (an employer's staff): its purpose is known, and
    no second person is asked.
    """

    key: str
    title: str
    titles: Sequence[str]
    permission: Permission
    rows: Callable[[HttpRequest], Any]
    line: Callable[[Any], Sequence[object]]
    person: Callable[[Any], int | None] = lambda row: None
    own: str = ""


_lists: dict[str, Exportable] = {}


def register(one: Exportable) -> Exportable:
    """Make a list known under the name of its page."""
    _lists[one.key] = one
    return one


def exportable(key: str, actor: Actor) -> Exportable | None:
    """The list of a key, if this actor may take it."""
    one = _lists.get(key)
    return one if one is not None and actor.may(one.permission) else None


def rows_of(one: Exportable, request: HttpRequest, query: str) -> Any:
    """The rows of a list under a filter, as its page would show them to this actor. Raises Refused when its words do not open."""
    asked = HttpRequest()
    asked.actor, asked.user = request.actor, request.user  # type: ignore[attr-defined]
    try:
        asked.GET = words.opened(QueryDict(query), request.actor.account_id)  # type: ignore[attr-defined]
    except Unreadable:
        raise Refused(Reason("words", words.UNREADABLE, then="请回到列表，重新查找后再导出")) from None
    asked.session = request.session
    return one.rows(asked)


def handed_over(export: Export, one: Exportable, request: HttpRequest) -> tuple[bytes, str]:
    """The file with its watermark, and its SHA-256; officers' readings are noted person by person. Raises Refused."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = list(rows_of(one, request, export.query)[:MOST_EXPORTED])
    records.hold_to(export, len(rows))
    if not one.own:
        persons = {person for row in rows if (person := one.person(row))}
        log_readings(actor, sorted(persons), purpose=export.reason[:60], what=f"{EXPORTED}{one.title}")
    content = _workbook(export, one, rows, actor)
    return content, hashlib.sha256(content).hexdigest()


def _workbook(export: Export, one: Exportable, rows: Iterable[Any], actor: Actor) -> bytes:
    post = f"（{actor.post_title}）" if actor.post_title else ""
    mark = (
        f"{settings.RENSHE_BUREAU} · {actor.name}{post} {timezone.localtime():%Y-%m-%d %H:%M} 导出 · 编号 {export.pk} · "
        f"用途：{export.reason} · 含个人信息，限本用途使用，用毕删除"
    )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"comments": mark, "author": actor.name})
    sheet = book.add_worksheet(one.title[:31])
    bold, faint = book.add_format({"bold": True}), book.add_format({"italic": True, "font_color": "#a52a22"})
    sheet.set_column(0, len(one.titles), 18)
    sheet.set_footer(f"&C{mark.replace('&', '&&')[:240]}")
    sheet.write_string(0, 0, mark, faint)
    for at, title in enumerate(one.titles):
        sheet.write_string(1, at, title, bold)
    for number, row in enumerate(rows, 2):
        for at, cell in enumerate(one.line(row)):
            sheet.write_string(number, at, text(cell))
    sheet.freeze_panes(2, 0)
    book.close()
    return out.getvalue()
