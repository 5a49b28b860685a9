"""From what a plan says to milestones with days: a promise for every year is one each year; what names no day is due by
the plan's last. Nothing finer is invented: officers move the days."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from renshe.apps.planning.terms import Timing, Wording

LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone to be: name, day, and what number is asked for where one is."""

    name: str
    due_on: datetime.date
    goal: Decimal | None = None
    unit: str = ""


def of_promise(said: Mapping[str, Any], first_year: int, last_year: int) -> list[Step]:
    """The milestones of a promise."""
    number = Decimal(said["number"]) * said["scale"] if said["number"] is not None else None
    timing, years = said["timing"], said["years"]
    words = f"{said['subject']}{amount(said)}"
    if timing == Timing.YEARLY:
        due = list(range(first_year, last_year + 1))
    elif timing == Timing.EVERY_YEARS and years:
        due = list(range(first_year + years - 1, last_year + 1, years)) or [last_year]
    elif timing == Timing.BY_YEAR and years:
        due = [years]
    else:
        due = [last_year]
    return [_step(words if len(due) == 1 else f"{year}年：{words}", year, number, said["unit"]) for year in due]


def of_entries(entries: list[list[Any]], period: str, last_year: int) -> list[Step]:
    """One milestone for each entry of a project or task, due by the end of its period, else of the plan."""
    named = [int(year) for year in re.findall(r"20\d\d", period)]
    year = max(named) if named else last_year
    return [_step(str(text), year) for text, *_ in entries]


def amount(said: Mapping[str, Any]) -> str:
    """`4万人次以上`, as a promise prints it; empty where it prints no number or is nought (不发生一起 says so itself)."""
    if said["wording"] != Wording.PRINTED or said["number"] == "0":
        return ""
    return in_full(said)


def in_full(said: Mapping[str, Any]) -> str:
    """The number of a promise with scale, unit and bound, printed or implied; empty where there is none."""
    if said["number"] is None:
        return ""
    scale = {10_000: "万", 100_000_000: "亿"}.get(said["scale"], "")
    tail = {"at_least": "以上", "at_most": "以下", "about": "左右"}.get(said["bound"], "")
    return f"{said['number']}{scale}{said['unit']}{tail if said['number'] != '0' else ''}"


def _step(name: str, year: int, goal: Decimal | None = None, unit: str = "") -> Step:
    return Step(name[:LONGEST_NAME], datetime.date(year, 12, 31), goal, unit)
