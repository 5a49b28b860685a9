"""The quarterly monitoring sheet and the yearly scoring sheet, as content; `workbook` prints one as .xlsx."""

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from renshe.apps.planning import queries
from renshe.apps.planning.models import Milestone, Plan
from renshe.apps.planning.queries import Watched
from renshe.apps.planning.terms import Light, Nature, SheetKind
from renshe.apps.planning.watch import scores
from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators.periods import Period

QUARTER = ("序号", "指标", "单位", "属性", "基数", "规划目标", "本期应达到", "本期实际", "进度", "评价", "责任单位", "数据来源")
YEAR = ("序号", "指标", "单位", "分值", "本年目标", "本年实际", "完成率", "得分", "扣分说明", "责任单位", "数据来源")
WORKS = ("序号", "重点工作", "节点", "期限", "完成日", "佐证材料", "评价", "责任单位")
COMMENT = {Light.GREEN: "达到进度", Light.YELLOW: "略慢，关注", Light.RED: "滞后，须说明", Light.NONE: "未报"}


def sheet(plan: Plan, kind: SheetKind, period: Period, division: str, place: str, *, reader: Actor) -> dict[str, Any]:
    """The content of a sheet: what a period asked for and what was reported by its end, as a reader is shown it."""
    on = min(period.last, datetime.date(plan.last_year, 12, 31))
    rows = queries.watch(queries.targets(plan), on, division, reader=reader)
    steps = list(queries.due(plan, since=period.first, until=on))
    lines = [_quarter(one) for one in rows] if kind is SheetKind.QUARTER else [_year(one, period) for one in rows]
    content: dict[str, Any] = {
        "title": f"《{plan.title}》{period.label}{kind.label}", "place": place, "on": on.isoformat(),
        "columns": list(QUARTER if kind is SheetKind.QUARTER else YEAR), "rows": lines,
        "work_columns": list(WORKS), "works": [_work(at, step, on) for at, step in enumerate(steps, 1)],
    }
    content["summary"] = _summary(plan, kind, rows, lines, steps, on)
    return content


def _source(one: Watched) -> str:
    return (one.last.figure.document or one.last.figure.source) if one.last else "未报"


def _owner(one: Watched) -> str:
    return one.target.office.name if one.target.office else "未定"


def _quarter(one: Watched) -> list[str]:
    target, places = one.target, max(queries.decimals(one.target), 2)
    return [
        target.number, target.name, target.unit, Nature(target.nature).label, queries.show(one.course.base),
        queries.show(one.course.goal), queries.show(one.expected, places), one.last.shown(places) if one.last else "",
        scores.percent(one.progress), COMMENT[one.light], _owner(one), _source(one),
    ]


def _of_year(one: Watched, period: Period) -> bool:
    return one.last is not None and one.last.day.year == period.first.year


def _year(one: Watched, period: Period) -> list[str]:
    """A line of the yearly sheet: the year's goal, what was reached within the year, the points earned."""
    target, goal, places = one.target, one.course.yearly_goal(period.first.year), max(queries.decimals(one.target), 2)
    reported = _of_year(one, period) and one.last is not None
    progress = one.course.progress(one.last.value, goal) if reported and one.last else None
    earned = scores.score(target.points, progress)
    lost = target.points - earned
    why = "" if not lost else ("本年未报" if progress is None else f"完成{scores.percent(progress)}，按完成率计分")
    return [
        target.number, target.name, target.unit, f"{target.points:.2f}", queries.show(goal, places),
        one.last.shown(places) if reported and one.last else "", scores.percent(progress), f"{earned:.2f}", why,
        _owner(one), _source(one) if reported else "未报",
    ]


def _work(at: int, step: Milestone, on: datetime.date) -> list[str]:
    comment = "按期完成" if step.done_on and step.done_on <= step.due_on else "逾期完成" if step.done_on else "逾期未完成" if step.due_on < on else "未完成"
    return [
        str(at), step.work.name, step.name, str(step.due_on), str(step.done_on or ""), step.evidence, comment,
        step.work.office.name if step.work.office else "未定",
    ]


def _summary(
    plan: Plan, kind: SheetKind, rows: Sequence[Watched], lines: Sequence[Sequence[str]], steps: Sequence[Milestone], on: datetime.date
) -> list[str]:
    done = sum(step.done_on is not None and step.done_on <= on for step in steps)
    works = f"本期应完成节点{len(steps)}个，已完成{done}个"
    if kind is SheetKind.QUARTER:
        counts = "，".join(f"{light.label}{sum(one.light is light for one in rows)}个" for light in Light)
        return [f"监测指标{len(rows)}个：{counts}", works]
    marks = sum((Decimal(line[7]) for line in lines), Decimal(0))
    full = sum((one.target.points for one in rows), Decimal(0))
    share = Decimal(plan.work_points) * done / len(steps) if steps else Decimal(plan.work_points)
    return [
        f"指标得分{marks:.2f}（满分{full:.2f}）", f"重点工作得分{share:.2f}（满分{plan.work_points}）：{works}，按完成比例计分",
        f"总分{marks + share:.2f}", "计分办法：指标得分＝分值×完成率，不超过分值、不低于零；未报不得分",
    ]


def workbook(content: dict[str, Any]) -> bytes:
    """The sheet as .xlsx with a title, a header that repeats in print, borders, and a second sheet for works."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E4EFEE"})
    cell = book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True})
    for name, columns, rows in (("指标", content["columns"], content["rows"]), ("重点工作", content["work_columns"], content["works"])):
        page = book.add_worksheet(name)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        page.merge_range(0, 0, 0, len(columns) - 1, content["title"], title)
        page.set_row(0, 36)
        page.write_string(1, 0, f"{content['place']}　截至{content['on']}")
        for at, column in enumerate(columns):
            page.set_column(at, at, 32 if column in ("指标", "重点工作", "节点", "数据来源", "佐证材料") else 13)
            page.write_string(2, at, column, head)
        for number, row in enumerate(rows, 3):
            for at, words in enumerate(row):
                page.write_string(number, at, words, cell)
        if name == "指标":
            for at, words in enumerate(content["summary"], len(rows) + 4):
                page.write_string(at, 0, words)
    book.close()
    return out.getvalue()
