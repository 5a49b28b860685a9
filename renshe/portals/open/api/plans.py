"""Published plans by program: indicators with goals, course, figures and sources. Open to everybody."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from renshe.apps.planning import queries
from renshe.apps.planning.models import Plan
from renshe.apps.planning.queries import Watched
from renshe.apps.planning.terms import PlanState
from renshe.kernel.access.actor import NOBODY
from renshe.kernel.indicators.territory import territory
from renshe.portals.open.api.door import PROBLEMS

router = Router(tags=["规划"], auth=None)
LARGEST = (1 << 63) - 1


class PlanOut(Schema):
    id: str
    title: str
    document_number: str
    first_year: int
    last_year: int
    division: str
    published_at: datetime.datetime
    sha256: str


class FigureOut(Schema):
    period: str
    value: str
    expected: str
    exact: bool
    origin: str
    document: str


class TargetOut(Schema):
    number: str
    name: str
    unit: str
    group: str
    nature: str
    sense: str
    base: str | None
    goal: str
    goal_year: int
    expected: str
    light: str
    definition: str
    source: str
    owner: str
    line: int
    figures: list[FigureOut]


class PlanWhole(PlanOut):
    on: datetime.date
    targets: list[TargetOut]


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "id": str(plan.pk), "title": plan.title, "document_number": plan.document_number, "first_year": plan.first_year,
        "last_year": plan.last_year, "division": plan.division, "published_at": plan.published_at, "sha256": plan.digest,
    }


def _target(one: Watched) -> dict[str, Any]:
    target, course = one.target, one.course
    return {
        "number": target.number, "name": target.name, "unit": target.unit, "group": target.group, "nature": target.nature,
        "sense": target.sense, "base": None if course.base is None else f"{course.base.normalize():f}", "goal": f"{course.goal.normalize():f}",
        "goal_year": target.goal_year, "expected": f"{one.expected:.4f}", "light": str(one.light), "definition": target.definition,
        "source": target.source, "owner": target.office.name if target.office else "", "line": target.extract.line,
        "figures": [
            {"period": seen.period.name, "value": f"{seen.value.normalize():f}", "expected": f"{course.expected(seen.day):.4f}",
             "exact": not seen.figure.is_rough,
             "origin": seen.figure.origin, "document": seen.figure.document or seen.figure.source} for seen in one.seen
        ],
    }


@router.get("", response=list[PlanOut], summary="监测中的规划")
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """Every plan being watched."""
    return [_plan(plan) for plan in queries.published()]


@router.get("/{plan_id}", response={200: PlanWhole, **PROBLEMS}, summary="一个规划的指标和数据")
def one(
    request: HttpRequest, plan_id: int = Path(ge=1, le=LARGEST), division: str = Query("", max_length=12),
) -> dict[str, Any]:
    """Every target with its figures and sources, for the plan's division or one of its counties."""
    plan = Plan.objects.defer("text", "headings").filter(pk=plan_id, state=PlanState.PUBLISHED).first()
    if plan is None or (division and division not in territory().names):
        raise Http404("没有这一规划，或没有这一区划")
    on = queries.day_of(plan)
    return {**_plan(plan), "on": on, "targets": [_target(found) for found in queries.watch(queries.targets(plan), on, division or plan.division, reader=NOBODY)]}
