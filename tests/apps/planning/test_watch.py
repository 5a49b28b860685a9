"""The numbers of watching: courses, lights, forecasts, points. No database."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renshe.apps.planning.terms import Chance, Light
from renshe.apps.planning.watch import courses, outlook, scores
from renshe.apps.planning.watch.courses import Course
from renshe.kernel.indicators.terms import Sense
from renshe.portals import charts

YEAR_END = datetime.date(2023, 12, 31)


def a_course(sense: Sense = Sense.LEVEL, *, goal: str = "62", base: str | None = "47", **traits) -> Course:
    return Course(sense, 2021, 2025, Decimal(goal), None if base is None else Decimal(base), 2020, **traits)


def test_a_level_runs_straight_from_base_to_goal():
    course = a_course()
    assert course.expected(datetime.date(2020, 12, 31)) == 47
    assert course.expected(datetime.date(2025, 12, 31)) == 62 == course.expected(datetime.date(2030, 1, 1))
    assert course.expected(YEAR_END) == 56  # three fifths of the way


def test_a_schedule_bends_the_course():
    course = a_course(waypoints=((datetime.date(2022, 12, 31), Decimal(60)),))
    assert course.yearly_goal(2022) == 60 and 60 < course.yearly_goal(2023) < 62


def test_yearly_counts_start_anew_and_sums_start_at_nought():
    yearly = a_course(Sense.YEARLY, goal="2", base="2")
    assert yearly.yearly_goal(2022) == 2 and abs(yearly.expected(datetime.date(2022, 6, 30)) - 1) < Decimal("0.01")
    total = a_course(Sense.CUMULATIVE, goal="20", base=None)
    assert total.expected(YEAR_END) == 12


@pytest.mark.parametrize(("course", "value", "light"), [
    (a_course(), "56", Light.GREEN), (a_course(), "55", Light.YELLOW), (a_course(), "54", Light.RED),  # 8/9, 7/9 of the gain
    (a_course(goal="204", base="202"), "202.9", Light.RED),  # 99 % of the level, but three quarters of the gain
    (a_course(Sense.CEILING, goal="5.5", base=None), "5.5", Light.GREEN), (a_course(Sense.CEILING, goal="5.5", base=None), "6", Light.YELLOW),
    (a_course(Sense.CEILING, goal="5.5", base=None), "7", Light.RED), (a_course(Sense.FLOOR, goal="98", base=None), "90", Light.YELLOW),
])
def test_lights(course, value, light):
    asked = course.expected(YEAR_END)
    assert courses.light(course.progress(Decimal(value), asked)) is light


def ends(values: list[float]) -> list[tuple[datetime.date, Decimal]]:
    return [(datetime.date(2021 + at // 4, (3, 6, 9, 12)[at % 4], (31, 30, 30, 31)[at % 4]), Decimal(str(value))) for at, value in enumerate(values)]


def test_a_forecast_states_its_method_and_widens_with_time():
    seen = ends([47.5, 48.4, 49.0, 50.1, 50.8, 51.3, 52.2, 53.0])
    found = outlook.forecast(a_course(), seen, step_days=91)
    assert found.method == outlook.DRIFT and len(found.course) == 12
    widths = [high - low for _, _, low, high in found.course]
    assert widths == sorted(widths) and found.low < found.value < found.high
    assert found.chance is Chance.OPEN
    # by hand: seven steps of mean 5.5/7, so 53 + 12 × 5.5/7
    assert abs(found.value - (53 + 12 * 5.5 / 7)) < 1e-9


@pytest.mark.parametrize(("seen", "sense", "chance"), [
    ([47.5, 48.0, 48.5, 49.1, 49.5], Sense.LEVEL, Chance.UNLIKELY), ([50, 53.0, 56.1, 59, 62], Sense.LEVEL, Chance.LIKELY),
    ([47, 48, 49], Sense.LEVEL, Chance.UNKNOWN), ([5.0, 5.01, 5.0, 5.02, 5.01], Sense.CEILING, Chance.LIKELY),
])
def test_what_a_forecast_says_of_the_goal(seen, sense, chance):
    course = a_course() if sense is Sense.LEVEL else a_course(Sense.CEILING, goal="5.5", base=None)
    assert outlook.forecast(course, ends(seen), step_days=91).chance is chance


def test_yearly_counts_are_forecast_by_the_mean_of_whole_years():
    years = [(datetime.date(year, 12, 31), Decimal(value)) for year, value in ((2021, 9), (2022, 10), (2023, 11))]
    found = outlook.forecast(a_course(Sense.YEARLY, goal="10", base="8"), years, step_days=365)
    assert found.value == 10 and found.method == outlook.AVERAGE and found.chance is Chance.OPEN
    assert outlook.forecast(a_course(Sense.YEARLY, goal="10", base="8"), years[:2], step_days=365).value is None


def test_nothing_is_forecast_once_the_term_is_over():
    found = outlook.forecast(a_course(), [(datetime.date(2025, 12, 31), Decimal(60))], step_days=91)
    assert found.value is None and "以实际数为准" in found.method


@given(st.decimals(0, 100, places=2), st.one_of(st.none(), st.fractions(-2, 3)))
def test_points_stay_between_nought_and_the_weight(points, progress):
    assert 0 <= scores.score(points, progress) <= points.quantize(Decimal("0.01"))


@given(st.integers(1, 60))
def test_an_even_split_adds_up_to_the_cent(count):
    assert sum(scores.even(Decimal(70), count)) == 70


def test_percent_rounds_half_up():
    assert scores.percent(Fraction(17, 20)) == "85.0%" and scores.percent(None) == ""


@given(st.lists(st.decimals(-10_000, 10_000, places=2), min_size=1, max_size=30), st.decimals(0, 10_000, places=2))
def test_a_drawing_stays_inside_its_frame(values, goal):
    seen = [(datetime.date(2021, 3, 31) + datetime.timedelta(days=91 * at), value) for at, value in enumerate(values)]
    made = charts.course([(datetime.date(2021, 1, 1), goal), (datetime.date(2025, 12, 31), goal)], seen, goal)
    assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y, _ in made.dots)
    assert 3 <= len(made.rows) <= 12
