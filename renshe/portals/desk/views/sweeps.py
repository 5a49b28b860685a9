"""The last sweep: policy by policy how many people, how many entitled, what it comes to, what is lacking."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan_label
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import facts, queries
from renshe.portals import listing

TITLES = ("政策", "主题", "测算的人", "人数", "符合条件", "待定", "结果项", "已知人数", "是", "合计（元）", "缺少的事实", "缺少的法定值", "没有测算的原因", "政策版本")


@dataclass(frozen=True)
class Line:
    """One policy of the sweep as the page shows it."""

    said: dict[str, Any]
    outputs: tuple[tuple[str, dict[str, Any], str], ...]

    @property
    def share(self) -> int:
        """How many of a thousand are entitled."""
        totals = self.said["totals"]
        return round(1000 * totals["entitled"] / totals["asked"]) if totals and totals["asked"] and totals["entitled"] else 0


@requires(Permission.SET_VALUES)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search, filter, export; progress while a sweep is under way."""
    said, text, show = queries.published(), request.GET.get("q", "").strip(), request.GET.get("show", "")
    lines = [_line(one) for one in (said or {"policies": []})["policies"] if text in one["title"] + one["topic"] + one["policy"]]
    if show == "swept":
        lines = [one for one in lines if one.said["totals"]]
    elif show == "lacking":
        lines = [one for one in lines if one.said["lacking"] or one.said["values"] or one.said["why_not"]]
    if "export" in request.GET:
        return listing.workbook("全市测算", TITLES, [row for one in lines for row in _rows(one)])
    counted = [one for one in (said or {"policies": []})["policies"] if one["totals"]]
    page = {
        **listing.listed(request, lines), "said": said, "q": text, "show": show, "going": queries.going(),
        "swept": len(counted), "finished": said and timezone.localtime(parse_datetime(said["finished_at"])),
        "columns": facts.known_columns(), "people": max((one["totals"]["asked"] for one in counted), default=0),
    }
    return render(request, "desk/sweeps.html", page)


def _line(said: dict[str, Any]) -> Line:
    labels = {rule.name: rule.label for rule in policies()[said["policy"]].rules} if said["policy"] in policies() else {}
    totals = said["totals"] or {"outputs": {}}
    return Line(said, tuple(
        (labels.get(name, name), one, yuan_label(one["sum"]) if "sum" in one else "") for name, one in totals["outputs"].items()
    ))


def _rows(line: Line) -> list[tuple[object, ...]]:
    said, totals = line.said, line.said["totals"] or {}
    head = (said["title"], said["topic"], said["whom"], totals.get("asked", ""), totals.get("entitled", ""), totals.get("undecided", ""))
    tail = ("、".join(said["lacking"]), "；".join(said["values"]), said["why_not"], said["version"])
    return [
        (*head, label, one["known"], one.get("true", ""), shown, *tail) for label, one, shown in line.outputs
    ] or [(*head, "", "", "", "", *tail)]
