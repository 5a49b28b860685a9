"""Counting days as the law counts them: the day of the event is not counted; make-up Saturdays are working days.

Days off come from PyPI chinesecalendar, which knows the years the State Council has announced. Later years count
weekends only, and `is_announced` tells that such a date is provisional.
"""

import datetime

import chinese_calendar

ONE = datetime.timedelta(days=1)


def is_announced(year: int) -> bool:
    """Whether the days off of a year are known."""
    try:
        chinese_calendar.is_workday(datetime.date(year, 6, 15))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: datetime.date) -> bool:
    """Whether offices work on a day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def due_on(start: datetime.date, days: int, day_kind: str) -> datetime.date:
    """The last day of a period of `days` after the event of `start`: `working`, or `natural` rolled to a working day."""
    day = start
    if day_kind == "working":
        for _ in range(days):
            day += ONE
            while not is_working_day(day):
                day += ONE
        return day
    day += datetime.timedelta(days=days)
    while not is_working_day(day):
        day += ONE
    return day


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    count, day = 0, start
    while day < end:
        day += ONE
        count += is_working_day(day)
    return count


def month_start(day: datetime.date) -> datetime.date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def next_month(day: datetime.date) -> datetime.date:
    """The first day of the month after."""
    return datetime.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def full_years(birth: datetime.date, on: datetime.date) -> int:
    """Completed years of age (周岁): reached on the birthday itself."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
