"""The map of data for auditors: every field with its class and what follows; and the keyring for operators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import keys, reindexing, rotation, shredding
from renshe.kernel.privacy.classes import RULES, columns
from renshe.kernel.privacy.models import Resealing
from renshe.kernel.privacy.retention import keepings
from renshe.portals import listing

TITLES = ("表", "字段", "级别", "存储", "列表显示", "导出", "查阅")


@requires(Permission.AUDIT)
@reads
def fields(request: HttpRequest) -> HttpResponse:
    """Every field by class; search, filter, export. How long things are kept."""
    text, level = request.GET.get("q", "").strip(), request.GET.get("level", "")
    rows = [
        one for one in columns()
        if (not text or text in one.table or text in one.label) and (not level or str(one.level) == level)
    ]
    if "export" in request.GET:
        return listing.workbook("数据地图", TITLES, (
            (one.table, one.label, one.rule.label, "加密" if one.rule.sealed else "明文", "遮盖" if one.rule.masked else "原样",
             one.rule.exported, "写明目的并留痕" if one.rule.logged else "不限") for one in rows
        ))
    counts = [(rule, sum(one.level == rule.level for one in columns())) for rule in RULES.values()]
    page = {**listing.listed(request, rows), "q": text, "level": level, "counts": counts, "keepings": keepings()}
    return render(request, "desk/data.html", page)


@requires(Permission.OPERATE)
def keyring(request: HttpRequest) -> HttpResponse:
    """The keys on the ring, how far the sealed values have followed, and the deeds: a new key, the end of an old one."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        by = request.actor.account_id  # type: ignore[attr-defined]
        version = request.POST.get("version", "")
        try:
            deed = request.POST.get("deed")
            if deed in ("begin", "begin_index"):
                (rotation if deed == "begin" else reindexing).begin(by=by)
            elif version.isdigit():
                (rotation if deed == "retire" else reindexing).retire(int(version), by=by)
            return redirect("desk:keys")
        except Refused as fault:
            reasons = fault.reasons
    versions = [(one, rotation.held(one), one == keys.leading(), shredding.opened_by(one)) for one in sorted(keys.ring(), reverse=True)]
    indexes = [
        (one, reindexing.held(one), one == keys.leading(keys.INDEX), max(round(keys.settles_in(one, keys.INDEX)), 0))
        for one in sorted(keys.ring(keys.INDEX), reverse=True)
    ]
    jobs = Resealing.objects.order_by("-version", "id")[:40]
    page = {"versions": versions, "indexes": indexes, "jobs": jobs, "going": any(one.finished_at is None for one in jobs), "reasons": reasons}
    return render(request, "desk/keys.html", page, status=422 if reasons else 200)
