"""The public ledger: pages for people, static-like files for machines (C2SP tlog-tiles)."""

import re
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.ledger import export, queries
from renshe.kernel.ledger.models import Witness
from renshe.kernel.ledger.tree import WIDTH
from renshe.portals import listing
from renshe_verify import Broken, consistent, verify
from renshe_verify.note import LABELS, Key, decoded

SILENT_AFTER = timedelta(hours=2)
SHOWN = 6
TITLES = ("条目数", "签发时间", "见证机构数", "根哈希")
TILE = re.compile(r"(entries|\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?", re.ASCII)
FOR_GOOD = "public, max-age=31536000, immutable"  # a tile of a given width never changes, a partial one neither


@requires(Permission.OPEN)
@reads
def page(request: HttpRequest) -> HttpResponse:
    """How far the log is, who watches it, its keys, and how to check it."""
    status = queries.status()
    keys = [(one, LABELS[Key.parse(one.key).kind]) for one in status.keys]
    seen = [(one, *standing(one, status.size)) for one in status.witnesses]
    return render(request, "open/ledger.html", {
        "status": status, "keys": keys, "witnesses": seen, "alarms": [one for one in status.witnesses if one.alarm],
        "awake": sum(tone == "good" for _, tone, *_ in seen), "recent": queries.checkpoints()[:SHOWN],
    })


def standing(witness: Witness, size: int) -> tuple[str, str, int]:
    """How a witness stands: tone, words, and how much of the log it has seen, in thousandths."""
    seen = min(round(1000 * witness.size / size), 1000) if size else 0
    if witness.alarm:
        return "bad", "指出账本不一致", seen
    if witness.seen_at is None:
        return "warn", "还没有见证过", seen
    if timezone.now() - witness.seen_at > SILENT_AFTER:
        return "warn", "很久没有见证", seen
    return "good", "正常见证", seen


@requires(Permission.OPEN)
@reads
def checkpoints(request: HttpRequest) -> HttpResponse:
    """Every checkpoint, searchable by size, exportable."""
    rows, text = queries.checkpoints(), request.GET.get("q", "").strip()
    if text.isdigit() and len(text) < 16:
        rows = rows.filter(size__gte=int(text)).order_by("size")
    if "export" in request.GET:
        return listing.workbook("检查点", TITLES, (
            (one.size, one.made_at, one.signed, bytes(one.root).hex())
            for one in rows[: listing.MOST_EXPORTED]
        ))
    return render(request, "open/checkpoints.html", {**listing.listed(request, rows), "q": text})


@requires(Permission.OPEN)
@reads
def checkpoint_at(request: HttpRequest, size: int) -> HttpResponse:
    """The checkpoint of one size, with the signatures of the log and the witnesses, and where it was anchored."""
    found = queries.checkpoints().filter(size=size).first()
    if found is None:
        raise Http404("没有这一长度的检查点")
    return render(request, "open/checkpoint.html", {
        "checkpoint": found, "note": queries.published(found), "anchorings": found.anchorings.order_by("at"),
    })


@requires(Permission.OPEN)
@reads
def entries(request: HttpRequest) -> HttpResponse:
    """From a position typed in to its entry."""
    text = request.GET.get("position", "").strip()
    if not text.isdigit() or len(text) > 15:
        return redirect("open:ledger")
    return redirect("open:entry", position=int(text))


@requires(Permission.OPEN)
@reads
def entry(request: HttpRequest, position: int) -> HttpResponse:
    """One entry and its inclusion proof, checked before your eyes."""
    leaf = queries.leaf_at(position)
    proof = queries.proof(leaf) if leaf else None
    if leaf is None or proof is None:
        raise Http404("账本里没有这一序号的条目")
    page: dict[str, object] = {"leaf": leaf, "proof": proof}
    try:
        page["found"] = verify(proof, queries.trust())
    except Broken as fault:
        page["fault"] = str(fault)
    return render(request, "open/entry.html", page)


@requires(Permission.OPEN)
@reads
def consistency(request: HttpRequest) -> HttpResponse:
    """That the log of one size begins with the log of a smaller one, checked before your eyes."""
    old, new = (request.GET.get(name, "").strip() for name in ("old", "new"))
    last = queries.latest()
    page: dict[str, object] = {"old": old, "new": new or (last.size if last else ""), "size": last.size if last else 0}
    if old or new:
        sizes = [int(one) if one.isdigit() and len(one) < 16 else 0 for one in (old, str(page["new"]))]
        if last is None or not 0 < sizes[0] <= sizes[1] <= last.size:
            page["fault"] = f"两个数应为1到{page['size']}之间的整数，前一个不大于后一个"
            return render(request, "open/consistency.html", page, status=422)
        found = queries.consistency(*sizes)
        page["found"] = found
        page["sound"] = consistent(
            sizes[0], decoded(found["old_root"]), sizes[1], decoded(found["new_root"]), [decoded(one) for one in found["path"]]
        )
    return render(request, "open/consistency.html", page)


@requires(Permission.OPEN)
@reads
def keys(request: HttpRequest) -> HttpResponse:
    """The key list that a verifier reads."""
    response = JsonResponse(queries.key_list(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="renshe-keys.json"'
    return response


@requires(Permission.OPEN)
@reads
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint, as machines read it."""
    last = queries.latest()
    if last is None:
        raise Http404("账本还没有条目")
    response = HttpResponse(queries.published(last), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@requires(Permission.OPEN)
@reads
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile or an entry bundle, under its one name (C2SP tlog-tiles): no additional noughts, no partial tile of full width."""
    match = TILE.fullmatch(rest)
    width = int(match[3]) if match and match[3] else WIDTH
    last = queries.latest()
    if match is None or last is None or not 0 < width <= WIDTH:
        raise Http404("没有这一瓦片")
    number = int(match[2].replace("x", "").replace("/", ""))
    level = 0 if match[1] == "entries" else int(match[1])
    if rest != export.tile_name(match[1] if match[1] == "entries" else level, number, width).removeprefix("tile/"):
        raise Http404("没有这一瓦片")
    if number * WIDTH + width > last.size >> (8 * level):
        raise Http404("账本还没有这么长")
    read = export.entry_bytes(number, width) if match[1] == "entries" else export.tile_bytes(level, number, width)
    if read is None:
        raise Http404("没有这一瓦片")
    response = HttpResponse(read, content_type="application/octet-stream")
    response.headers["Cache-Control"] = FOR_GOOD
    return response
