"""The public ledger: a page for people, static-like files for machines (C2SP tlog-tiles)."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.ledger import export, queries
from renshe.kernel.ledger.tree import WIDTH

TILE = re.compile(r"(entries|\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")


@requires(Permission.OPEN)
@reads
def page(request: HttpRequest) -> HttpResponse:
    """How far the log is, its key, and how to check it."""
    return render(request, "open/ledger.html", {"status": queries.status()})


@requires(Permission.OPEN)
@reads
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint."""
    last = queries.latest()
    if last is None:
        raise Http404("账本还没有条目")
    return HttpResponse(last.note, content_type="text/plain; charset=utf-8")


@requires(Permission.OPEN)
@reads
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile or an entry bundle."""
    match = TILE.fullmatch(rest)
    width = int(match[3]) if match and match[3] else WIDTH
    last = queries.latest()
    if match is None or last is None or not 0 < width <= WIDTH:
        raise Http404("没有这一瓦片")
    number = int(match[2].replace("x", "").replace("/", ""))
    level = 0 if match[1] == "entries" else int(match[1])
    if number * WIDTH + width > last.size >> (8 * level):
        raise Http404("账本还没有这么长")
    read = export.entry_bytes(number, width) if match[1] == "entries" else export.tile_bytes(level, number, width)
    if read is None:
        raise Http404("没有这一瓦片")
    response = HttpResponse(read, content_type="application/octet-stream")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if width == WIDTH else "public, max-age=60"
    return response
