"""Everything held about me: to look at, and to take with me on paper or for another program."""

from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from renshe.apps.rights.actions import copies as handing
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.ledger import queries as ledger
from renshe.kernel.privacy import copies
from renshe.kernel.subjects.models import Person
from renshe.portals import listing
from renshe.portals.resident.doorway import own
from renshe.portals.typeset import typeset

FIRST = 20
PRINTED = 200  # rows of one table on paper; the file has all
FORMAT = "renshe-copy/1"
TEMPLATE = Path(__file__).parents[1] / "copy.typ"


def _first(one: copies.Held, count: int = FIRST) -> list[list[tuple[str, str]]]:
    """The newest rows without the numbers by which rows name each other: those stand in the copy."""
    return [[pair for pair in zip(one.titles, row, strict=True) if pair[0] not in one.links] for row in one.rows[-count:][::-1]]


@requires(Permission.OWN_RECORD)
@reads
def shown(request: HttpRequest) -> HttpResponse:
    """Every table with its first rows; what is withheld and why."""
    text = request.GET.get("q", "").strip()
    held = [one for one in copies.held_about(own(request).pk, words=True) if not text or text in one.label]
    return render(request, "resident/data.html", {
        "q": text, "held": [(one, _first(one), max(len(one.rows) - FIRST, 0)) for one in held if not one.withheld],
        "withheld": [one for one in held if one.withheld],
    })


def as_json(person: Person, held: list[copies.Held]) -> bytes:
    """The copy for programs: every value a text under its Chinese title, with the names of tables and fields."""
    return orjson.dumps({
        "格式": FORMAT, "个人": person.name, "生成时间": timezone.localtime().isoformat(timespec="seconds"), "依据": "个人信息保护法 第四十五条",
        "数据": [
            {"表": one.label, "表名": one.table, "不提供的理由": one.withheld} if one.withheld
            else {"表": one.label, "表名": one.table, "字段": dict(zip(one.titles, one.names, strict=True)),
                  "记录": [dict(zip(one.titles, row, strict=True)) for row in one.rows]}
            for one in held
        ],
    }, option=orjson.OPT_INDENT_2)


def _as_pdf(person: Person, held: list[copies.Held], case: Case, content: bytes) -> bytes:
    """The copy on paper, its code leading to the entry of the hand-over in the ledger."""
    leaf = ledger.leaves_of(case.number)[-1]
    today = timezone.localdate()
    printed: dict[str, Any] = {
        "bureau": settings.RENSHE_BUREAU, "name": person.name, "number": case.number, "day": [today.year, today.month, today.day],
        "rows": sum(len(one.rows) for one in held), "sha256": handing.digest(content),
        "address": f"{settings.RENSHE_ADDRESS}/open/verify/{case.number}?d={ledger.receipt_code(leaf)}",
        "parts": [
            {"label": one.label, "count": len(one.rows), "more": max(len(one.rows) - PRINTED, 0),
             "rows": [[pair for pair in row if pair[1]] for row in _first(one, PRINTED)]}
            for one in held if not one.withheld
        ],
        "withheld": [[one.label, one.withheld] for one in held if one.withheld],
    }
    return typeset(TEMPLATE, printed)


@requires(Permission.OWN_RECORD)
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """The whole copy, as a PDF to keep or as JSON for another program; the case of the hand-over is its receipt."""
    person = own(request)
    on_paper = request.POST.get("form") == "pdf"
    held = copies.held_about(person.pk)
    content = as_json(person, held)
    case = handing.hand_over(
        person, content, sum(len(one.rows) for one in held), "纸质（PDF）" if on_paper else "电子（JSON）",
        actor=request.actor, channel=Channel.FORM,  # type: ignore[attr-defined]
    )
    if on_paper:
        return listing.file(_as_pdf(person, copies.held_about(person.pk, words=True), case, content), "我的全部数据.pdf", "application/pdf")
    return listing.file(content, "我的全部数据.json", "application/json")
