"""Everything held about me: to look at, and to take with me."""

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.privacy import copies
from renshe.portals import listing
from renshe.portals.resident.doorway import own

FIRST = 20


def _first(one: copies.Held) -> list[list[tuple[str, str]]]:
    """The newest rows without the numbers by which rows name each other: those stand in the copy."""
    return [[pair for pair in zip(one.titles, row, strict=True) if pair[0] not in one.links] for row in one.rows[-FIRST:][::-1]]


@requires(Permission.OWN_RECORD)
@reads
def shown(request: HttpRequest) -> HttpResponse:
    """Every table with its first rows; what is withheld and why."""
    text = request.GET.get("q", "").strip()
    held = [one for one in copies.held_about(own(request).pk) if not text or text in one.label]
    return render(request, "resident/data.html", {
        "q": text, "held": [(one, _first(one), max(len(one.rows) - FIRST, 0)) for one in held if not one.withheld],
        "withheld": [one for one in held if one.withheld],
    })


@requires(Permission.OWN_RECORD)
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """The whole copy as JSON, every value a text under its Chinese title."""
    person = own(request)
    content = orjson.dumps({
        "个人": person.name, "生成时间": timezone.localtime().isoformat(timespec="seconds"), "依据": "个人信息保护法 第四十五条",
        "数据": [
            {"表": one.label, "不提供的理由": one.withheld} if one.withheld
            else {"表": one.label, "记录": [dict(zip(one.titles, row, strict=True)) for row in one.rows]}
            for one in copies.take(person.pk)
        ],
    }, option=orjson.OPT_INDENT_2)
    return listing.file(content, "我的全部数据.json", "application/json")
