"""The demonstration city's plan: a digest with the real goals, carried out by made-up figures that say they are made up."""

import datetime
import random
from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from renshe.apps.planning import queries
from renshe.apps.planning.actions import plans, targets
from renshe.apps.planning.models import Milestone, Office, Plan, Target
from renshe.apps.planning.terms import ExtractKind, Resolution
from renshe.kernel.access.actor import Actor, actor_of
from renshe.kernel.access.models import Account
from renshe.kernel.indicators.models import Figure, FigureEntry
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Frequency, Origin, Sense
from renshe.kernel.indicators.territory import territory
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed

DOCUMENT = "演示数据（按种子生成，不是官方数字）"
OFFICES = ("就业促进处", "社会保险处", "人才开发处", "职业能力建设处", "劳动关系处", "调解仲裁院", "劳动监察支队", "信息中心")
BY_WORDS = (  # words of a name, and who answers for it; the first that fits
    ("调解|仲裁|速裁|裁审", "调解仲裁院"), ("监察|欠薪|工资支付", "劳动监察支队"), ("卡|数字|数改|监测|档案|应用", "信息中心"),
    ("参保|保险|养老|社保", "社会保险处"), ("技能|技工|工匠|大赛|培训|职业资格证书或", "职业能力建设处"),
    ("人才|博士|职称|专业技术|收入|薪酬|工资", "人才开发处"), ("劳动关系|和谐|企业", "劳动关系处"),
)
ELSE = "就业促进处"
# How the made-up course ends: the share of the way from base to goal that is reached, by number of the indicator.
REACHED = {"6": 0.86, "8": 1.09, "12": 0.78, "14": 0.93, "15": 0.6, "19": 1.12, "2": 1.02, "5": 1.05, "13": 1.04, "10": 0.9}
DONE_OF_DUE = 0.9


def build(seed: int) -> int:
    """Import the city's digest, review it, publish it and carry it out; returns how many targets. Does nothing twice."""
    file = settings.CITY / "plan.md"
    planner = Account.objects.filter(username="planner").first()
    if planner is None or not file.exists():
        return 0
    plan, new = plans.take_in(file.read_bytes(), file.name, division=territory().city, account=planner)
    if not new:
        return 0
    second = Account.objects.get(username="planner2")
    _review(plan, actor_of(planner))
    plans.publish(plan.pk, actor=actor_of(second))
    rows = list(queries.targets(plan))
    for target in rows:
        _figures(target, random.Random(seed * 1000 + target.position), planner, second)
    _shares(rows, actor_of(planner))
    _milestones(plan, random.Random(seed), planner)
    return len(rows)


def _office(name: str, offices: dict[str, Office]) -> Office:
    for words, office in BY_WORDS:
        if any(word in name for word in words.split("|")):
            return offices[office]
    return offices[ELSE]


def _review(plan: Plan, actor: Actor) -> None:
    clerk = Account.objects.filter(username="clerk").first()
    offices = {name: plans.name_office(name, plan.division, clerk if name == ELSE else None, actor=actor) for name in OFFICES}
    for kind in ExtractKind:
        plans.keep_rest(plan.pk, kind, actor=actor)
    owned: dict[int, list[int]] = {}
    for extract in queries.extracts(plan):
        owned.setdefault(_office(extract.title, offices).pk, []).append(extract.pk)
    for office in offices.values():
        plans.assign(owned.get(office.pk, []), office, actor=actor)
    for one in queries.contradictions(plan):
        plans.decide(one.pk, Resolution.KEEP_BOTH, reason="两处都留，按指标表考核", actor=actor)
    plans.close_review(plan.pk, actor=actor)


def _figures(target: Target, dice: random.Random, planner: Account, second: Account) -> None:
    """Figures of every period for the city, as if one officer had entered and another confirmed them."""
    course, frequency = queries.course_of(target), Frequency(target.frequency)
    end = Decimal(str(REACHED.get(target.number, 1.0 + dice.uniform(-0.03, 0.06))))
    period = Period.of(datetime.date(target.plan.first_year, 12, 31), frequency)
    if frequency is Frequency.QUARTERLY:
        period = Period.of(datetime.date(target.plan.first_year, 3, 31), frequency)
    entered, figures = [], []
    while period.last <= course.last_day and period.last < timezone.localdate():
        value = _value(target, course, period, end, dice)
        at = timezone.make_aware(datetime.datetime.combine(period.until, datetime.time(10)))
        entered.append(FigureEntry(
            id=ids.new(), indicator=target.key, division=target.plan.division, period=period.name, value=value, document=DOCUMENT,
            entered_by=planner, entered_at=at, confirmed_by=second, confirmed_at=at,
        ))
        figures.append(Figure(
            id=ids.new(), indicator=target.key, division=target.plan.division, period=period.name, value=value, origin=Origin.ENTERED,
            source=target.source, document=DOCUMENT, computed_at=at, closed=True,
        ))
        period = Period.of(period.until, frequency)
    with deed():
        FigureEntry.objects.bulk_create(entered)
        Figure.objects.bulk_create(figures)


def _value(target: Target, course: queries.Course, period: Period, end: Decimal, dice: random.Random) -> Decimal:
    places = Decimal(1).scaleb(-max(queries.decimals(target), 1 if target.unit == "%" else 2 if target.unit.startswith("万") else 0))
    wobble = Decimal(str(dice.uniform(-0.03, 0.03)))
    if course.sense is Sense.CEILING:
        return (course.goal * (2 - end + wobble)).quantize(places)
    if course.sense is Sense.YEARLY:
        return (course.yearly_goal(period.first.year) * (end + 2 * wobble)).quantize(places)
    start = course.base if course.base is not None else Decimal(0)
    straight = replace(course, waypoints=())
    return (start + (straight.expected(period.last) - start) * (end + wobble)).quantize(places)


def _shares(rows: list[Target], actor: Actor) -> None:
    """A split for the demonstration: counts by population, rates alike; figures by county as made up as the city's."""
    weights = dict(zip(territory().counties, (Decimal(part) for part in ("0.23", "0.13", "0.12", "0.12", "0.17", "0.23")), strict=True))
    for target in rows:
        if target.number not in ("3", "6", "12", "15", "16", "18"):
            continue
        rate = "%" in target.unit
        shares = {
            code: (None if target.base is None else target.base if rate else (target.base * part).quantize(Decimal("0.01")),
                   target.goal if rate else (target.goal * part).quantize(Decimal("0.01")))
            for code, part in weights.items()
        }
        targets.share_out(target.pk, shares, DOCUMENT, actor=actor)
        _county_figures(target, weights, rate)


def _county_figures(target: Target, weights: dict[str, Decimal], rate: bool) -> None:
    dice, made = random.Random(target.position), []
    for figure in Figure.objects.filter(indicator=target.key, division=target.plan.division).order_by("period"):
        for code, part in weights.items():
            lean = Decimal(str(dice.uniform(-0.02, 0.02)))
            value = figure.value * (1 + lean / 4) if rate else figure.value * part * (1 + lean)
            made.append(Figure(
                id=ids.new(), indicator=target.key, division=code, period=figure.period, value=value.quantize(Decimal("0.01")), origin=Origin.ENTERED,
                source=target.source, document=DOCUMENT, computed_at=figure.computed_at, closed=True,
            ))
    with deed():
        Figure.objects.bulk_create(made)


def _milestones(plan: Plan, dice: random.Random, planner: Account) -> None:
    """Most of what is due has been done, some of it late, a tenth not at all."""
    today, done = timezone.localdate(), []
    for step in Milestone.objects.filter(work__plan=plan, due_on__lt=today).order_by("due_on", "id"):
        if dice.random() >= DONE_OF_DUE:
            continue
        step.done_on, step.done_by = min(step.due_on + datetime.timedelta(days=dice.randrange(-60, 12)), today), planner
        step.evidence = f"{DOCUMENT}：验收单{step.position + 1}号"
        if step.goal is not None:
            step.reached = (step.goal * Decimal(str(round(dice.uniform(1.0, 1.08), 2)))).quantize(Decimal(1)) if "%" not in step.unit else step.goal
        done.append(step)
    with deed():
        Milestone.objects.bulk_update(done, ["done_on", "done_by", "evidence", "reached"])
