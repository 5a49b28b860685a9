"""Months, quarters and years that figures are kept for."""

import datetime
import re
from dataclasses import dataclass
from typing import Self

from renshe.kernel.indicators.terms import Frequency

MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
NAME = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months: `2026`, `2026-Q3` or `2026-11`."""

    frequency: Frequency
    first: datetime.date

    @classmethod
    def of(cls, day: datetime.date, frequency: Frequency) -> Self:
        """The period a day lies in."""
        length = MONTHS[frequency]
        return cls(frequency, datetime.date(day.year, (day.month - 1) // length * length + 1, 1))

    @classmethod
    def read(cls, name: str) -> Self:
        """From its name. Raises ValueError, in words for the page."""
        found = NAME.fullmatch(name.strip())
        if not found:
            raise ValueError(f"“{name}”不是统计期：年写作 2026，季写作 2026-Q3，月写作 2026-11")
        year, quarter, month = found.groups()
        if quarter:
            return cls(Frequency.QUARTERLY, datetime.date(int(year), int(quarter) * 3 - 2, 1))
        if month:
            return cls(Frequency.MONTHLY, datetime.date(int(year), int(month), 1))
        return cls(Frequency.YEARLY, datetime.date(int(year), 1, 1))

    @property
    def name(self) -> str:
        """As it is stored; names of one frequency sort by time."""
        if self.frequency is Frequency.YEARLY:
            return f"{self.first:%Y}"
        if self.frequency is Frequency.QUARTERLY:
            return f"{self.first:%Y}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        """As people say it."""
        if self.frequency is Frequency.YEARLY:
            return f"{self.first.year}年"
        if self.frequency is Frequency.QUARTERLY:
            return f"{self.first.year}年第{'一二三四'[self.first.month // 3]}季度"
        return f"{self.first.year}年{self.first.month}月"

    @property
    def until(self) -> datetime.date:
        """The first day after it."""
        return _shift(self.first, MONTHS[self.frequency])

    @property
    def last(self) -> datetime.date:
        """Its last day."""
        return self.until - datetime.timedelta(days=1)

    def earlier(self, steps: int = 1) -> "Period":
        """The period so many steps before."""
        return Period(self.frequency, _shift(self.first, -steps * MONTHS[self.frequency]))

    def as_of(self, today: datetime.date) -> datetime.date:
        """The day a level is read: the last day of a period gone by, today within the current one."""
        return min(self.last, today)


def _shift(first: datetime.date, months: int) -> datetime.date:
    at = first.year * 12 + first.month - 1 + months
    return datetime.date(at // 12, at % 12 + 1, 1)
