"""The city and its counties, from the city's own list of divisions."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Territory:
    """The city's code and name, its counties' codes and names in the order of their codes."""

    city: str
    name: str
    counties: dict[str, str]

    @property
    def names(self) -> dict[str, str]:
        """Every division figures are kept for."""
        return {self.city: self.name, **self.counties}

    def name_of(self, division: str) -> str:
        """The name of the county a division lies in, or the city's."""
        return self.names[self.county_of(division)]

    def county_of(self, division: str) -> str:
        """The county a division lies in; the city's own code when in none."""
        return division[:6] if division[:6] in self.counties else self.city


@cache
def _read(file: Path) -> Territory:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    top = next(row for row in rows if row["level"] == "prefecture")
    return Territory(top["code"], top["name"], {row["code"]: row["name"] for row in rows if row["level"] == "county"})


def territory() -> Territory:
    """The territory of this installation."""
    return _read(Path(settings.CITY) / "divisions.csv")
