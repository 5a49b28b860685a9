"""Figures that only a document tells: entered by one officer, confirmed by another; and where they differ from the records."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators import actions, queries
from renshe.kernel.indicators.models import FigureEntry
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.territory import territory
from renshe.portals import listing
from renshe.portals.cockpit.board import when_of
from renshe.portals.cockpit.plan import known as declared

TITLES = ("指标", "区划", "统计期", "数值", "单位", "依据文件", "填报人", "填报时间", "复核人", "状态")


@requires(Permission.SET_FIGURES)
def listed(request: HttpRequest) -> HttpResponse:
    """The form, what was entered, what waits for a second officer, what differs from the records."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _settle(request)
            return redirect("cockpit:entries")
        except Refused as fault:
            reasons = fault.reasons
        except (FigureEntry.DoesNotExist, ValueError):
            reasons = (Reason("bad_request", "没有这一条填报"),)
    known, names = declared(), territory().names
    rows = queries.entries()
    text = request.GET.get("q", "").strip()
    if text:
        keys = [key for key, one in known.items() if text in one.label]
        rows = rows.filter(indicator__in=keys)
    if "export" in request.GET:
        return listing.workbook("指标填报", TITLES, (
            (known[row.indicator].label if row.indicator in known else row.indicator, names.get(row.division, row.division),
             row.period, row.value, known[row.indicator].unit if row.indicator in known else "", row.document,
             row.entered_by.name, timezone.localtime(row.entered_at).isoformat(" ", "minutes"),
             row.confirmed_by.name if row.confirmed_by else "", state(row))
            for row in rows[: listing.MOST_EXPORTED]
        ))
    page = listing.listed(request, rows)
    for row in page["rows"]:
        one = known.get(row.indicator)
        row.label, row.unit = (one.label, one.unit) if one else (row.indicator, "")
        row.shown, row.place, row.when = one.show(row.value) if one else row.value, names.get(row.division, row.division), when_of(row.period)
        row.state = state(row)
    return render(request, "cockpit/entries.html", {
        **page, "known": [(one, Period.of(timezone.localdate(), one.frequency).name) for one in known.values()],
        "names": names, "reasons": reasons, "given": request.POST, "q": text,
        "differences": [
            {"one": row, "place": names.get(row.entry.division, ""), "when": when_of(row.entry.period),
             "entered": row.indicator.show(row.entry.value), "computed": row.indicator.show(row.computed),
             "gap": row.indicator.show(row.gap)} for row in queries.differences(reader=request.actor)  # type: ignore[attr-defined]
        ],
    }, status=422 if reasons else 200)


def state(row: FigureEntry) -> str:
    """Where an entry stands, in a word."""
    return "已撤回" if row.withdrawn_at else "已复核" if row.confirmed_by_id else "待复核"


def _settle(request: HttpRequest) -> None:
    actor, given = request.actor, request.POST  # type: ignore[attr-defined]
    deed = given.get("deed")
    if deed == "confirm":
        actions.confirm(int(given.get("entry", "")), actor=actor)
    elif deed == "withdraw":
        actions.withdraw(int(given.get("entry", "")), actor=actor)
    else:
        actions.enter(
            indicator=given.get("indicator", ""), division=given.get("division", ""), period=given.get("period", "")[:7],
            value=given.get("value", "")[:40], document=given.get("document", "")[:200], actor=actor,
        )
