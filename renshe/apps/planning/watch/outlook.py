"""Where a target is going: a simple forecast with an 80 % band, its method stated with it.

Levels, rates and sums: a random walk with drift. The step is the mean of the steps so far; h steps ahead the band is
t · s · √(h + h²/n), with s the spread of the steps and n their number. What counts each year: the mean of the finished
years, band t · s · √(1 + 1/n). With fewer than four figures (three finished years) nothing is forecast.
"""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

from renshe.apps.planning.terms import Chance
from renshe.apps.planning.watch.courses import Course, Point
from renshe.kernel.indicators.terms import Sense

# Student's t, 90 % quantile (a band of 80 %), by degrees of freedom; beyond the list the normal one.
T90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341,
       1.337, 1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310)
NORMAL = 1.282
FEWEST_STEPS, FEWEST_YEARS = 3, 3
DRIFT = "逐期增量的平均数外推；区间为80%，按增量的离散程度和期数计算（带漂移的随机游走）"
AVERAGE = "已完成年度的平均数；区间为80%，按各年离散程度计算"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast for the goal's last day, or why there is none."""

    on: datetime.date
    value: float | None
    low: float | None
    high: float | None
    chance: Chance
    method: str
    course: tuple[tuple[datetime.date, float, float, float], ...] = ()


def forecast(course: Course, seen: Sequence[Point], *, step_days: int) -> Outlook:
    """Forecast from figures (day, value), oldest first, `step_days` apart."""
    on = course.last_day
    if seen and seen[-1][0] >= on:
        return Outlook(on, None, None, None, Chance.UNKNOWN, "规划期已满，以实际数为准")
    if course.sense is Sense.YEARLY:
        return _average(course, [point for point in seen if (point[0].month, point[0].day) == (12, 31)])
    steps = [float(after - before) for (_, before), (_, after) in itertools.pairwise(seen)]
    if len(steps) < FEWEST_STEPS:
        return Outlook(on, None, None, None, Chance.UNKNOWN, f"只有{len(seen)}期数据，至少要{FEWEST_STEPS + 1}期才作预测")
    drift, spread, n = mean(steps), stdev(steps), len(steps)
    last_day, last = seen[-1][0], float(seen[-1][1])
    ahead = max(round((on - last_day).days / step_days), 1)
    drawn = []
    for h in range(1, ahead + 1):
        half = _t(n - 1) * spread * sqrt(h + h * h / n)
        middle = last + drift * h
        day = on if h == ahead else last_day + datetime.timedelta(days=round((on - last_day).days * h / ahead))
        drawn.append((day, middle, middle - half, middle + half))
    _, middle, low, high = drawn[-1]
    return Outlook(on, middle, low, high, _chance(course, low, high), DRIFT, tuple(drawn))


def _average(course: Course, years: Sequence[Point]) -> Outlook:
    on = course.last_day
    values = [float(value) for _, value in years]
    if len(values) < FEWEST_YEARS:
        return Outlook(on, None, None, None, Chance.UNKNOWN, f"只有{len(values)}个完整年度，至少要{FEWEST_YEARS}个才作预测")
    middle, n = mean(values), len(values)
    half = _t(n - 1) * stdev(values) * sqrt(1 + 1 / n)
    low, high = middle - half, middle + half
    return Outlook(on, middle, low, high, _chance(course, low, high), AVERAGE, ((on, middle, low, high),))


def _t(freedom: int) -> float:
    return T90[freedom - 1] if 1 <= freedom <= len(T90) else NORMAL


def _chance(course: Course, low: float, high: float) -> Chance:
    goal = float(course.goal)
    if course.sense is Sense.CEILING:
        low, high, goal = -high, -low, -goal
    if low >= goal:
        return Chance.LIKELY
    return Chance.UNLIKELY if high < goal else Chance.OPEN
