"""Asks about plans: what was read, how targets stand on a day, what works wait for."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from renshe.apps.planning.models import Contradiction, Extract, Milestone, Office, Plan, Share, Target, Waypoint, Work
from renshe.apps.planning.terms import Conflict, ExtractKind, ExtractState, Light, PlanState, Resolution, WorkState
from renshe.apps.planning.watch import courses, outlook
from renshe.apps.planning.watch.courses import Course
from renshe.apps.planning.watch.outlook import Outlook
from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators import queries as indicators
from renshe.kernel.indicators import registry
from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.models import Figure
from renshe.kernel.indicators.periods import MONTHS, Period
from renshe.kernel.indicators.terms import Frequency, Sense, Theme
from renshe.kernel.indicators.territory import territory
from renshe.kernel.indicators.words import spoken

OWN = "plan."  # keys of indicators that exist only because a plan names them
ADOPTED = (ExtractState.KEPT, ExtractState.CORRECTED)
DAYS_OF_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure in the unit of the plan."""

    period: Period
    value: Decimal
    figure: Figure
    day: datetime.date
    divisor: Decimal = Decimal(1)
    counts: bool = False

    def shown(self, places: int = 4) -> str:
        """As it is printed: exact to those who see the records, else by its step."""
        return spoken(self.figure, lambda value: show(value / self.divisor, places), counts=self.counts)


@dataclass(frozen=True)
class Watched:
    """A target as it stands on a day, in one division."""

    target: Target
    course: Course
    on: datetime.date
    seen: tuple[Seen, ...]
    expected: Decimal
    progress: Fraction | None
    light: Light
    share: Share | None = None
    also: tuple[Extract, ...] = field(default=())

    @property
    def last(self) -> Seen | None:
        return self.seen[-1] if self.seen else None

    @property
    def to_goal(self) -> Fraction | None:
        """How much of the goal itself is reached."""
        return self.course.progress(self.last.value, self.course.goal) if self.last else None

    @property
    def is_met(self) -> bool:
        return self.last is not None and courses.is_met(self.course, self.last.value)

    def outlook(self) -> Outlook:
        """The forecast from what was seen by that day."""
        step = round(MONTHS[_frequency(self.target)] * DAYS_OF_MONTH)
        return outlook.forecast(self.course, [(one.day, one.value) for one in self.seen], step_days=step)


def plans() -> QuerySet[Plan]:
    """Every plan without its text, newest first, with how many extracts wait."""
    waiting = Count("extracts", filter=Q(extracts__state=ExtractState.READ) & ~Q(extracts__kind=ExtractKind.ACHIEVEMENT))
    return Plan.objects.defer("text", "headings").select_related("imported_by", "reviewed_by", "published_by").annotate(
        waiting=waiting).order_by("-imported_at", "-id")


def published(division: str = "") -> QuerySet[Plan]:
    """Plans being watched, the newest term first."""
    rows = plans().filter(state=PlanState.PUBLISHED)
    return (rows.filter(division=division) if division else rows).order_by("-last_year", "-published_at")


def extracts(plan: Plan, *, kind: str = "", state: str = "", text: str = "") -> QuerySet[Extract]:
    """What was read, in the order of the text; filtered by kind, state of review or words."""
    rows = Extract.objects.filter(plan=plan).select_related("office", "merged_into", "judged_by").order_by("position")
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(quote__icontains=text))
    return rows


def contradictions(plan: Plan) -> QuerySet[Contradiction]:
    """Readings that differ, with every reading."""
    readings = Prefetch("extracts", Extract.objects.order_by("position"), to_attr="readings")
    return Contradiction.objects.filter(plan=plan).select_related("chosen", "decided_by").prefetch_related(readings).order_by("position")


@dataclass(frozen=True)
class Progress:
    """How far a review is."""

    unread: int
    undecided: int
    unowned: int
    targets: int
    by_kind: tuple[tuple[ExtractKind, int, int], ...]


def review_progress(plan: Plan) -> Progress:
    """What still has to be decided before a review can be closed."""
    counts = {
        row["kind"]: row for row in Extract.objects.filter(plan=plan).order_by().values("kind").annotate(
            n=Count("id"), open=Count("id", filter=Q(state=ExtractState.READ)))
    }
    adopted = Extract.objects.filter(plan=plan, kind=ExtractKind.INDICATOR, state__in=ADOPTED)
    by_kind = tuple((kind, counts[kind]["n"], counts[kind]["open"]) for kind in ExtractKind if kind in counts)
    return Progress(
        sum(row["open"] for row in counts.values()),
        Contradiction.objects.filter(plan=plan, resolution=Resolution.OPEN).count(),
        Extract.objects.filter(plan=plan, kind=ExtractKind.INDICATOR, office=None).exclude(
            state__in=(ExtractState.DROPPED, ExtractState.MERGED)).count(),
        adopted.count(), by_kind,
    )


def offices() -> QuerySet[Office]:
    """Every office that can own something."""
    return Office.objects.select_related("account").order_by("division", "name")


def _targets(**only: object) -> QuerySet[Target]:
    rows = Target.objects.filter(**only).select_related("office", "office__account", "part_of", "extract", "plan")
    return rows.defer("plan__text", "plan__headings").order_by("position").prefetch_related(
        Prefetch("waypoints", Waypoint.objects.order_by("on")), Prefetch("shares", Share.objects.order_by("division"))
    )


def targets(plan: Plan) -> QuerySet[Target]:
    """The targets of a plan in its own order."""
    return _targets(plan=plan)


def targets_by_id(target_id: int) -> QuerySet[Target]:
    """One target with all a page needs of it."""
    return _targets(pk=target_id)


def _frequency(target: Target) -> Frequency:
    declared = registry.indicators().get(target.key)
    return declared.frequency if declared is not None and declared.compute is not None else Frequency(target.frequency)


def declare(target: Target) -> Indicator:
    """The indicator a target reads. One that only the plan names is registered here, with the plan's own words."""
    declared = registry.indicators().get(target.key)
    if declared is not None and not target.key.startswith(OWN):
        return declared
    made = Indicator(
        target.key, target.name, target.unit, Theme.PLAN, target.definition, target.source, Sense(target.sense),
        Frequency(target.frequency), places=decimals(target), rank=target.position,
    )
    registry.register(made)
    return made


def decimals(target: Target) -> int:
    """How many decimals the plan prints."""
    printed = [abs(int(value.normalize().as_tuple().exponent)) for value in (target.goal, target.base) if value is not None and int(value.normalize().as_tuple().exponent) < 0]
    return max(printed, default=0)


def course_of(target: Target, share: Share | None = None) -> Course:
    """The course of a target, or of a county's share of it: its waypoints in proportion."""
    waypoints = tuple((one.on, one.value) for one in target.waypoints.all())
    goal, base = target.goal, target.base
    if share is not None:
        part = share.goal / target.goal if target.goal else Decimal(1)
        waypoints = tuple((on, value * part) for on, value in waypoints)
        goal, base = share.goal, share.base
    return Course(Sense(target.sense), target.plan.first_year, target.goal_year, goal, base, target.base_year, waypoints)


def watch(rows: Iterable[Target], on: datetime.date, division: str, *, reader: Actor) -> list[Watched]:
    """How targets stand on a day in a division (the plan's own, or a county by its share), as a reader is shown it. One query."""
    rows = list(rows)
    figures = _figures(rows, [division], reader)
    return [found for target in rows if (found := _stands(target, division, figures, on)) is not None]


def by_county(target: Target, on: datetime.date, *, reader: Actor) -> list[tuple[str, str, Watched | None]]:
    """How a target stands in every county: code, name, and nothing where the county has no share. One query."""
    counties = territory().counties
    figures = _figures([target], list(counties), reader)
    return [(code, name, _stands(target, code, figures, on)) for code, name in counties.items()]


def _figures(rows: list[Target], divisions: list[str], reader: Actor) -> dict[tuple[str, str], list[Figure]]:
    for target in rows:
        declare(target)
    found: dict[tuple[str, str], list[Figure]] = {}
    figures = Figure.objects.filter(indicator__in=[target.key for target in rows], division__in=divisions)
    for one in indicators.as_shown(indicators.shown(figures, reader).order_by("period"), reader):
        found.setdefault((one.indicator, one.division), []).append(one)
    return found


def _stands(target: Target, division: str, figures: dict[tuple[str, str], list[Figure]], on: datetime.date) -> Watched | None:
    share = next((one for one in target.shares.all() if one.division == division), None)
    if division != target.plan.division and share is None:
        return None
    return _watched(target, share, figures.get((target.key, division), []), on)


def _watched(target: Target, share: Share | None, figures: Sequence[Figure], on: datetime.date) -> Watched:
    course = course_of(target, share)
    frequency, seen, today, counts = _frequency(target), [], timezone.localdate(), declare(target).counts and target.divisor == 1
    for figure in figures:
        period = Period.read(figure.period)
        is_in = period.last <= on or (period.first <= on and on == today)
        if period.frequency is frequency and is_in:
            seen.append(Seen(period, figure.value / target.divisor, figure, period.as_of(on), target.divisor, counts))
    if seen and course.sense is Sense.YEARLY:
        expected = course.expected(min(on, seen[-1].day))
    else:
        expected = course.expected(on)
    progress = course.progress(seen[-1].value, expected) if seen else None
    return Watched(target, course, on, tuple(seen), expected, progress, courses.light(progress), share)


def other_readings(target: Target) -> list[Extract]:
    """Other readings of a target's matter that were kept beside it."""
    kept = Contradiction.objects.filter(plan=target.plan, resolution=Resolution.KEEP_BOTH, extracts=target.extract).exclude(kind=Conflict.BASE_MET)
    return list(Extract.objects.filter(contradictions__in=kept).exclude(pk=target.extract_id).distinct().order_by("position"))


def day_of(plan: Plan, name: str = "") -> datetime.date:
    """The day a plan is looked at: the end of a named period, else today, never after the plan's last day."""
    last = datetime.date(plan.last_year, 12, 31)
    if name:
        return min(Period.read(name).last, last)
    return min(timezone.localdate(), last)


def periods(plan: Plan, frequency: Frequency) -> list[Period]:
    """The periods of a plan that are over by today or contain it, newest first."""
    one, found = Period.of(day_of(plan), frequency), []
    while one.first.year >= plan.first_year:
        found.append(one)
        one = one.earlier()
    return found


def _works(**only: object) -> QuerySet[Work]:
    milestones = Prefetch("milestones", Milestone.objects.select_related("done_by").order_by("due_on", "position"), to_attr="steps")
    rows = Work.objects.filter(**only).select_related("office", "office__account", "extract", "plan")
    return rows.defer("plan__text", "plan__headings").prefetch_related(milestones)


def works_by_id(work_id: int) -> QuerySet[Work]:
    """One work with its milestones."""
    return _works(pk=work_id).order_by("id")


def works(plan: Plan, *, kind: str = "", office: str = "", text: str = "", show: str = "") -> QuerySet[Work]:
    """Projects, tasks and promises with their milestones; `show` is late, open or done."""
    rows, today = _works(plan=plan), timezone.localdate()
    if kind:
        rows = rows.filter(kind=kind)
    if office:
        rows = rows.filter(office_id=int(office)) if office.isdigit() else rows.filter(office=None)
    if text:
        rows = rows.filter(name__icontains=text)
    late = Q(milestones__done_on=None, milestones__due_on__lt=today, stopped_on=None)
    if show == "late":
        rows = rows.filter(late)
    elif show == "open":
        rows = rows.filter(milestones__done_on=None, stopped_on=None)
    elif show == "done":
        rows = rows.exclude(milestones__done_on=None)
    return rows.order_by("position").distinct()


def work_state(work: Work, today: datetime.date) -> WorkState:
    """How a work (as `works` gives it) stands: late as soon as one milestone is."""
    steps: list[Milestone] = work.steps  # type: ignore[attr-defined]
    if work.stopped_on:
        return WorkState.STOPPED
    if steps and all(step.done_on for step in steps):
        return WorkState.DONE
    if any(step.done_on is None and step.due_on < today for step in steps):
        return WorkState.LATE
    return WorkState.GOING if any(step.done_on for step in steps) or not steps else WorkState.WAITING


def due(plan: Plan | None, *, since: datetime.date, until: datetime.date) -> QuerySet[Milestone]:
    """Milestones due within a stretch of days, of works that were not stopped."""
    rows = Milestone.objects.filter(due_on__gte=since, due_on__lte=until, work__stopped_on=None)
    if plan is not None:
        rows = rows.filter(work__plan=plan)
    return rows.select_related("work", "work__office", "work__office__account", "work__plan").defer("work__plan__text", "work__plan__headings").order_by("due_on", "work__position", "position")


def open_milestones(until: datetime.date) -> QuerySet[Milestone]:
    """What is not done and due by a day, in plans being watched."""
    return due(None, since=datetime.date.min, until=until).filter(done_on=None, work__plan__state=PlanState.PUBLISHED)


def duties(account_id: int) -> tuple[QuerySet[Target], QuerySet[Milestone]]:
    """What an officer answers for: targets to report, milestones still open."""
    mine = Target.objects.filter(office__account_id=account_id, plan__state=PlanState.PUBLISHED)
    steps = Milestone.objects.filter(work__office__account_id=account_id, work__stopped_on=None, done_on=None, work__plan__state=PlanState.PUBLISHED)
    mine = mine.select_related("office", "plan", "part_of", "extract").defer("plan__text", "plan__headings").prefetch_related("waypoints", "shares")
    return mine.order_by("plan_id", "position"), steps.select_related("work", "work__plan").defer("work__plan__text", "work__plan__headings").order_by("due_on", "position")


def show(value: Decimal | None, places: int = 4) -> str:
    """A number as people read it: no trailing noughts, thousands parted."""
    if value is None:
        return "—"
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    return f"{rounded:,f}"


def same_term(plan: Plan) -> QuerySet[Plan]:
    """Published plans of the same name, division and years: a new version takes their place."""
    return Plan.objects.filter(
        title=plan.title, division=plan.division, first_year=plan.first_year, last_year=plan.last_year,
        state=PlanState.PUBLISHED,
    ).exclude(pk=plan.pk).order_by("id")
