"""The course of a target: what should be reached by a day, how far it is, and the light that follows.

A level runs from its base to its goal, in a straight line or through the waypoints of a schedule. What counts each year
starts anew every January; what adds up over the term starts at nought. Progress is measured on the increase the plan
asks for, since 202 of 204 is no achievement when the base was 202.
"""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from renshe.apps.planning.terms import Light
from renshe.kernel.indicators.terms import Sense

BEHIND = Fraction(85, 100)  # below this share of the course a light is red
Point = tuple[datetime.date, Decimal]


@dataclass(frozen=True, slots=True)
class Course:
    """What a target asks for: years of the plan, base, goal, waypoints (day, value), how it counts."""

    sense: Sense
    first_year: int
    goal_year: int
    goal: Decimal
    base: Decimal | None = None
    base_year: int | None = None
    waypoints: tuple[Point, ...] = field(default=())

    @property
    def last_day(self) -> datetime.date:
        return datetime.date(self.goal_year, 12, 31)

    def points(self) -> list[Point]:
        """The corners of the course, oldest first."""
        if self.sense is Sense.CUMULATIVE:
            start: Point | None = (datetime.date(self.first_year - 1, 12, 31), Decimal(0))
        elif self.base is not None and self.sense is not Sense.YEARLY:
            start = (datetime.date(self.base_year or self.first_year - 1, 12, 31), self.base)
        else:
            start = None
        between = sorted(point for point in self.waypoints if point[0] < self.last_day)
        return [*([start] if start else []), *between, (self.last_day, self.goal)]

    def expected(self, on: datetime.date) -> Decimal:
        """What should be reached by the end of a day."""
        if self.sense is Sense.YEARLY:
            return self._of_the_year(on)
        corners = self.points()
        if on <= corners[0][0]:
            return corners[0][1]
        for (before, low), (after, high) in itertools.pairwise(corners):
            if on <= after:
                return low + (high - low) * _decimal((_years(on) - _years(before)) / (_years(after) - _years(before)))
        return corners[-1][1]

    def yearly_goal(self, year: int) -> Decimal:
        """What is asked for by the end of a year; for what counts each year, within it."""
        if self.sense is Sense.YEARLY:
            named = [value for day, value in self.waypoints if day.year == year]
            return named[-1] if named else self.goal
        return self.expected(datetime.date(year, 12, 31))

    def _of_the_year(self, on: datetime.date) -> Decimal:
        return self.yearly_goal(on.year) * _decimal(_years(on) - on.year)

    def progress(self, value: Decimal, asked: Decimal) -> Fraction:
        """How much of what is asked for is reached: 1 is all of it; more than 1 is ahead."""
        value_, asked_ = Fraction(value), Fraction(asked)
        if self.sense is Sense.CEILING:
            return Fraction(1) if value_ <= asked_ else asked_ / value_
        start = Fraction(self.base) if self.base is not None and self.sense in (Sense.LEVEL, Sense.FLOOR) else Fraction(0)
        if start and asked_ > start:
            return (value_ - start) / (asked_ - start)
        if not asked_:
            return Fraction(1)
        return value_ / asked_


def _years(day: datetime.date) -> Fraction:
    """The end of a day in years: the last of December is the next whole year, leap or not, so that year ends are exact."""
    first, following = datetime.date(day.year, 1, 1), datetime.date(day.year + 1, 1, 1)
    return day.year + Fraction((day - first).days + 1, (following - first).days)


def _decimal(part: Fraction) -> Decimal:
    return Decimal(part.numerator) / Decimal(part.denominator)


def light(progress: Fraction | None) -> Light:
    """Green on course, yellow a little behind, red below 85 % of the course."""
    if progress is None:
        return Light.NONE
    if progress >= 1:
        return Light.GREEN
    return Light.YELLOW if progress >= BEHIND else Light.RED


def is_met(course: Course, value: Decimal) -> bool:
    """Whether a value reaches the goal itself."""
    return value <= course.goal if course.sense is Sense.CEILING else value >= course.goal


def corners(course: Course, days: Sequence[datetime.date]) -> list[Point]:
    """The course on given days, for a drawing."""
    return [(day, course.expected(day)) for day in days]
