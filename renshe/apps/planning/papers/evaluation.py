"""The mid-term and the final evaluation, drafted from the data. Every figure carries a number in square brackets that leads
to the list of sources at the end: which indicator, division, period, value, from what document or what records.

The draft says what the figures say and nothing else; an officer writes the judgements into the Word document.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from renshe.apps.planning import queries
from renshe.apps.planning.models import Plan, Work
from renshe.apps.planning.queries import Watched
from renshe.apps.planning.terms import Bound, Chance, Light, Nature, Resolution, Review, WorkKind, WorkState
from renshe.apps.planning.watch import scores
from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators.terms import Origin, Sense

CHINESE = "一二三四五六七八九十"


@dataclass
class Draft:
    """A paper being written: chapters of paragraphs and tables, and the sources its figures cite."""

    title: str
    lead: str
    chapters: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)
    _cited: dict[str, int] = field(default_factory=dict)

    def chapter(self, title: str) -> list[dict[str, Any]]:
        """Open a chapter; returns its blocks to be filled."""
        blocks: list[dict[str, Any]] = []
        self.chapters.append({"title": f"{CHINESE[len(self.chapters)]}、{title}", "blocks": blocks})
        return blocks

    def cite(self, key: str, what: str, value: str, origin: str, link: str) -> str:
        """The mark of a source, [3]; the same source keeps its number."""
        if key not in self._cited:
            self._cited[key] = len(self.sources) + 1
            self.sources.append({"number": str(self._cited[key]), "what": what, "value": value, "origin": origin, "link": link})
        return f"[{self._cited[key]}]"

    def content(self) -> dict[str, Any]:
        """The paper as plain data, for the page, Word and PDF."""
        return {"title": self.title, "lead": self.lead, "chapters": self.chapters, "sources": self.sources}


def draft(plan: Plan, review: Review, on: datetime.date, address: str, *, reader: Actor) -> dict[str, Any]:
    """The evaluation of a plan as of a day, from the figures as a reader is shown them. `address` heads the links of the sources."""
    rows = queries.watch(queries.targets(plan), on, plan.division, reader=reader)
    works = list(queries.works(plan))
    paper = Draft(f"《{plan.title}》{review.label}报告（初稿）", f"数据截至{on:%Y年%m月%d日}。本稿由平台依据已确认的数据起草，方括号内为数据来源编号，见文末。")
    _overview(paper, plan, rows, works, on, address)
    _indicators(paper, rows, address)
    _behind(paper, rows, review, address)
    _works(paper, works, on, address)
    _promises(paper, works, on, address)
    _readings(paper, plan, address)
    return paper.content()


def _value(paper: Draft, one: Watched, address: str) -> str:
    """A target's value with its mark."""
    if one.last is None:
        return "未报"
    figure, shown = one.last.figure, one.last.shown(max(queries.decimals(one.target), 2))
    how = "填报" if figure.origin == Origin.ENTERED else "系统统计"
    mark = paper.cite(
        f"figure {figure.pk}", f"{one.target.name}，{one.last.period.label}", f"{shown}{one.target.unit}",
        f"{how}：{figure.document or figure.source}", f"{address}/desk/plans/targets/{one.target.pk}?on={one.last.period.name}",
    )
    return f"{shown}{mark}"


def _goal(paper: Draft, one: Watched, address: str) -> str:
    extract = one.target.extract
    mark = paper.cite(
        f"extract {extract.pk}", f"{one.target.name}目标", f"{queries.show(one.course.goal)}{one.target.unit}",
        f"规划原文第{extract.line}行，{' › '.join(extract.path[-2:])}", f"{address}/desk/plans/{one.target.plan_id}/review?kind={extract.kind}#i{extract.pk}",
    )
    around = {Bound.ABOUT: "左右", Bound.AT_LEAST: "以上", Bound.AT_MOST: "以下"}.get(Bound(one.target.bound), "")
    return f"{queries.show(one.course.goal)}{around}{mark}"


def _overview(paper: Draft, plan: Plan, rows: Sequence[Watched], works: Sequence[Work], on: datetime.date, address: str) -> None:
    blocks = paper.chapter("总体进展")
    counts = {light: sum(one.light is light for one in rows) for light in Light}
    met = sum(one.is_met for one in rows)
    steps = [step for work in works for step in work.steps if step.due_on <= on]  # type: ignore[attr-defined]
    done = sum(step.done_on is not None and step.done_on <= on for step in steps)
    board = paper.cite("board", "各指标进度合计", f"{len(rows)}个指标", "按亮灯规则由各指标数据算出", f"{address}/desk/plans/{plan.pk}?on={on.year}")
    listed = paper.cite("works", "重点工作节点合计", f"{len(steps)}个节点", "工作节点的期限、完成日和佐证材料", f"{address}/desk/plans/{plan.pk}/works")
    blocks.append({"text": f"规划确定监测指标{len(rows)}个。截至{on:%Y年%m月%d日}，达到进度的{counts[Light.GREEN]}个，略慢的{counts[Light.YELLOW]}个，"
                   f"滞后的{counts[Light.RED]}个，没有数据的{counts[Light.NONE]}个；其中{met}个已达到规划目标{board}。"})
    blocks.append({"text": f"重点项目、重点任务和量化承诺共{len(works)}项，到期节点{len(steps)}个，已完成{done}个，未完成{len(steps) - done}个{listed}。"})


def _indicators(paper: Draft, rows: Sequence[Watched], address: str) -> None:
    blocks = paper.chapter("主要指标完成情况")
    lines = [
        [one.target.number, one.target.name, one.target.unit, Nature(one.target.nature).label, queries.show(one.course.base), _goal(paper, one, address),
         _value(paper, one, address), scores.percent(one.to_goal), "已达目标" if one.is_met else one.light.label]
        for one in rows
    ]
    blocks.append({"table": {"columns": ["序号", "指标", "单位", "属性", "基数", "目标", "实际", "目标完成度", "评价"], "rows": lines}})
    blocks.append({"text": "目标完成度：有基数的按增量计算（实际减基数，除以目标减基数）；逐年考核的按当年数与年度目标之比；上限类不超过目标即为100%。"})


def _behind(paper: Draft, rows: Sequence[Watched], review: Review, address: str) -> None:
    blocks = paper.chapter("差距与趋势" if review is Review.MIDTERM else "未达目标的指标")
    slow = [one for one in rows if not one.is_met and (review is Review.FINAL or one.light is not Light.GREEN)]
    if not slow:
        blocks.append({"text": "没有需要列出的指标。"})
    for one in slow:
        gap = one.course.goal - one.last.value if one.last else None
        if one.course.sense is Sense.CEILING and gap is not None:
            gap = -gap
        words = f"“{one.target.name}”目标{_goal(paper, one, address)}{one.target.unit}，现为{_value(paper, one, address)}"
        unit = "个百分点" if one.target.unit == "%" else one.target.unit
        words += f"，差{queries.show(gap, 2)}{unit}" if gap is not None else "，尚未填报"
        blocks.append({"text": f"{words}。{_trend(one, review)}责任单位：{one.target.office.name if one.target.office else '未定'}。"})


def _trend(one: Watched, review: Review) -> str:
    if review is Review.FINAL:
        return ""
    seen = one.outlook()
    if seen.value is None or seen.low is None or seen.high is None:
        return f"{seen.method}。"
    low, middle, high = (queries.show(Decimal(str(round(value, 4))), 2) for value in (seen.low, seen.value, seen.high))
    return f"按现有趋势，到{seen.on.year}年末约为{middle}{one.target.unit}（80%区间{low}至{high}，方法：{seen.method}），{seen.chance.label}。" if seen.chance is not Chance.UNKNOWN else ""


def _works(paper: Draft, works: Sequence[Work], on: datetime.date, address: str) -> None:
    blocks = paper.chapter("重点项目和重点任务")
    lines = []
    for work in (one for one in works if one.kind != WorkKind.PROMISE):
        steps = [step for step in work.steps if step.due_on <= on]  # type: ignore[attr-defined]
        done = [step for step in steps if step.done_on and step.done_on <= on]
        evidence = "；".join(
            f"{step.name[:20]}：{step.evidence}" + paper.cite(f"step {step.pk}", step.name, f"{step.done_on} 完成", f"佐证：{step.evidence}", f"{address}/desk/plans/works/{work.pk}")
            for step in done[:3]
        )
        lines.append([work.number, work.name, WorkKind(work.kind).label, f"{len(done)}/{len(steps)}", queries.work_state(work, on).label, evidence, work.office.name if work.office else "未定"])
    blocks.append({"table": {"columns": ["序号", "名称", "种类", "完成节点", "状态", "佐证（至多三条）", "责任单位"], "rows": lines}})


def _promises(paper: Draft, works: Sequence[Work], on: datetime.date, address: str) -> None:
    blocks = paper.chapter("量化承诺兑现情况")
    lines = []
    for work in (one for one in works if one.kind == WorkKind.PROMISE):
        steps = [step for step in work.steps if step.due_on <= on]  # type: ignore[attr-defined]
        done = [step for step in steps if step.done_on and step.done_on <= on]
        extract = work.extract
        mark = paper.cite(f"extract {extract.pk}", work.name, "原文承诺", f"规划原文第{extract.line}行", f"{address}/desk/plans/{work.plan_id}/review?kind={extract.kind}#i{extract.pk}")
        if work.stopped_on:
            state = f"{WorkState.STOPPED.label}：{work.stopped_because}"
        else:
            state = "已兑现" if steps and len(done) == len(steps) else f"到期{len(steps)}次，完成{len(done)}次"
        lines.append([f"{work.name}{mark}", state, work.office.name if work.office else "未定"])
    blocks.append({"table": {"columns": ["承诺", "兑现", "责任单位"], "rows": lines}})


def _readings(paper: Draft, plan: Plan, address: str) -> None:
    blocks = paper.chapter("文本不一致处的处理")
    rows = list(queries.contradictions(plan))
    if not rows:
        blocks.append({"text": "规划文本没有发现不一致。"})
    for one in rows:
        said = "；".join(f"第{extract.line}行“{extract.title}”" for extract in one.readings)  # type: ignore[attr-defined]
        chosen = f"，以第{one.chosen.line}行为准" if one.chosen else ""
        mark = paper.cite(f"contradiction {one.pk}", one.subject, Resolution(one.resolution).label, one.reason or one.note, f"{address}/desk/plans/{plan.pk}/contradictions#c{one.pk}")
        blocks.append({"text": f"{one.subject}：{one.note}。{said}{'。' if said else ''}处理：{Resolution(one.resolution).label}{chosen}{mark}。"})
