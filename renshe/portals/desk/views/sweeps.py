"""The last sweep: policy by policy how many people, how many entitled, what it comes to, what is lacking."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan_label
from renshe.kernel.common.steps import Span
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import facts, queries
from renshe.portals import listing, words

COUNTS = ("asked", "entitled", "refused", "undecided")
TITLES = (
    "政策", "主题", "测算的范围", "数量", "符合条件", "不符合", "待定", "单位", "用时（毫秒）", "结果项", "已知", "是", "合计（元）", "缺少的事实",
    "缺少的法定值", "没有测算的原因", "政策版本",
)


@dataclass(frozen=True)
class Line:
    """One policy of the sweep as the page shows it."""

    said: dict[str, Any]
    outputs: tuple[tuple[str, dict[str, Any], str], ...]

    @property
    def share(self) -> int:
        """How many of a thousand are entitled."""
        totals = self.said["totals"]
        if not totals or not totals["entitled"]:
            return 0
        entitled, asked = (middle(totals[name]) for name in ("entitled", "asked"))
        return round(1000 * entitled / asked) if asked else 0

    @property
    def took_ms(self) -> int:
        """Milliseconds of judging, over all ranges."""
        return round((self.said["totals"] or {}).get("us", 0) / 1000)


def middle(count: int | Span) -> int:
    """A count, or the middle of what is told of it."""
    return count if isinstance(count, int) else int(count.low + count.high) // 2


def _people(count: int | Span | None) -> object:
    if count is None or isinstance(count, int):
        return count
    return f"约{middle(count)}" if count.low else f"少于{count.high + 1}"


def _sum(fen: int | Span) -> str:
    return yuan_label(fen) if isinstance(fen, int) else f"约{yuan_label(middle(fen))}" if fen.low else f"不到{yuan_label(int(fen.high))}"


@requires(Permission.SET_VALUES)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search, filter, export; progress while a sweep is under way."""
    reader: Actor = request.actor  # type: ignore[attr-defined]
    said, text, show = queries.shown(reader), request.GET.get("q", "").strip(), request.GET.get("show", "")
    lines = [_line(one) for one in (said or {"policies": []})["policies"] if text in one["title"] + one["topic"] + one["policy"]]
    if show == "swept":
        lines = [one for one in lines if one.said["totals"]]
    elif show == "lacking":
        lines = [one for one in lines if one.said["lacking"] or one.said["values"] or one.said["why_not"]]
    if "export" in request.GET:
        return listing.workbook("全市测算", TITLES, [row for one in lines for row in _rows(one)])
    counted = [one for one in (said or {"policies": []})["policies"] if one["totals"]]
    page = {
        **listing.listed(request, lines), "words": words.address(request, "page", "show"), "said": said, "q": text, "show": show, "going": queries.going(),
        "swept": len(counted), "finished": said and timezone.localtime(parse_datetime(said["finished_at"])),
        "tables": facts.asked_tables(), "idle": len(said["policies"]) - len(counted) if said else 0,
        "waiting": sum(bool(one["values"]) for one in counted),
        "exact": said is None or reader.sees(said["place"]), "step": settings.RENSHE_SMALL_CELL,
    }
    return render(request, "desk/sweeps.html", page)


def _line(said: dict[str, Any]) -> Line:
    labels = {rule.name: rule.label for rule in policies()[said["policy"]].rules} if said["policy"] in policies() else {}
    totals = said["totals"] or {"outputs": {}}
    if said["totals"]:
        counts = {name: _people(said["totals"][name]) for name in COUNTS if name in said["totals"]}
        said = {**said, "words": counts}
    return Line(said, tuple(
        (labels.get(name, name), {**one, **{key: _people(one[key]) for key in ("known", "true") if key in one}}, _sum(one["sum"]) if "sum" in one else "") for name, one in totals["outputs"].items()
    ))


def _rows(line: Line) -> list[tuple[object, ...]]:
    said = line.said
    counts = (said.get("words", {}).get(name, "") for name in COUNTS)
    head = (said["title"], said["topic"], said["whom"], *counts, said.get("counted_in", ""), line.took_ms if said["totals"] else "")
    tail = ("、".join(said["lacking"]), "；".join(said["values"]), said["why_not"], said["version"])
    return [
        (*head, label, one["known"], one.get("true", ""), shown, *tail) for label, one, shown in line.outputs
    ] or [(*head, "", "", "", "", *tail)]
