"""What an indicator is: a definition, a way to compute it from records, and the rows behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase
from typing import Any

from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Frequency, Sense, Theme

SETTLED = ("*.settle", "*.approve")  # ledger entries after which records of the apps may read differently
SIXTH = Decimal("0.000001")  # figures are kept to six decimals; numerator and denominator are kept whole


@dataclass(frozen=True, slots=True)
class Parts:
    """What a figure is made of; no denominator for a plain count. Adding up counties adds both."""

    numerator: int | Decimal
    denominator: int | Decimal | None = None

    def __add__(self, other: "Parts") -> "Parts":
        if self.denominator is None or other.denominator is None:
            return Parts(self.numerator + other.numerator)
        return Parts(self.numerator + other.numerator, self.denominator + other.denominator)


Newest = Callable[[], Period]
Compute = Callable[[Period], Mapping[str, Parts]]


@dataclass(frozen=True, slots=True)
class Rows:
    """The records behind a figure, as a list anybody who may see the figure may see: no identity numbers, masked names.

    `find(division, period)` gives a sliceable with `count()` (a QuerySet); `cells(row)` its cells under `titles`.
    """

    titles: Sequence[str]
    find: Callable[[str, Period], Any]
    cells: Callable[[Any], Sequence[object]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Without `compute` its figures are entered by officers, each with its document.

    `watches` are patterns of ledger entries (`hire.*`): when one arrives, the figure is computed anew.
    `compute` gives parts by division code, summed here to counties and to the city. `dated` says that the records
    carry their dates, so that a period long gone can still be computed. What is computed on `frames` (tables of the
    columnar city) follows those tables instead of the ledger, and `period` says which period they stand at.
    `grain` is the most that one record adds to numerator and denominator (1 for counts), `rest_is_told` says that what a
    share leaves over is a figure of its own: both decide what outsiders are told (`cells`).
    """

    key: str
    label: str
    unit: str
    theme: Theme
    definition: str
    source: str
    sense: Sense = Sense.LEVEL
    frequency: Frequency = Frequency.MONTHLY
    per: int = 1
    places: int = 0
    watches: tuple[str, ...] = ()
    compute: Compute | None = None
    rows: Rows | None = None
    frames: tuple[str, ...] = ()
    period: Newest | None = None
    dated: bool = True
    is_share: bool = False
    grain: tuple[int, int] = (1, 1)
    rest_is_told: bool = False
    rank: int = 100

    @property
    def is_computed(self) -> bool:
        """Whether records give the figure; else officers enter it."""
        return self.compute is not None

    @property
    def counts(self) -> bool:
        """Whether it is a number of persons or things, neither a share nor a sum."""
        return not self.is_share and self.grain == (1, 1)

    def watches_any(self, kinds: set[str]) -> bool:
        """Whether one of these kinds of ledger entry changes the figure."""
        return any(fnmatchcase(kind, pattern) for kind in kinds for pattern in self.watches)

    def value(self, parts: Parts) -> Decimal | None:
        """The figure, to six decimals, half up; None when there is nothing to divide by."""
        if parts.denominator is None:
            return Decimal(parts.numerator).quantize(SIXTH, ROUND_HALF_UP)
        if not parts.denominator:
            return None
        return (Decimal(parts.numerator) * self.per / Decimal(parts.denominator)).quantize(SIXTH, ROUND_HALF_UP)

    def show(self, value: Decimal) -> str:
        """As it is printed, without the unit: thousands parted, the declared number of decimals."""
        return f"{value.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP):,}"
