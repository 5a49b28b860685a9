"""The pension "if I retire at ...": the past from the record, the future from assumptions the resident sees and may change.

Law is never guessed: where a year is still to come, its pension base, base of payments and interest follow from the
assumptions by plain growth, and the policies then reckon with them as they would with published figures.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from renshe.kernel.policy.engine.account import Line
from renshe.kernel.policy.engine.evaluate import Evaluation, evaluate
from renshe.kernel.policy.engine.units import Fen, Month, month_day
from renshe.kernel.policy.engine.values import MissingValue
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.portals.resident.facts import Life

FIRST_ACCOUNT = 1998 * 12  # accounts were set up then; what was earlier counts as deemed months
STEP = 6  # months between two points of the picture


@dataclass(frozen=True)
class Wish:
    """When to retire, on what base and for how many more months to pay, and what is assumed.

    Rates are yearly. `deemed_months` were worked without an account, `balance_fen` is the account on the last statement
    (end of last year); None reckons it from the record.
    """

    chosen: int
    base_fen: int
    pays: int
    growth: Fraction
    interest: Fraction
    spread: Fraction
    deemed_months: int
    deemed_index: Fraction
    balance_fen: int | None


@dataclass(frozen=True)
class Path:
    """One course the future may take: wages grow, accounts bear interest."""

    growth: Fraction
    interest: Fraction


@dataclass(frozen=True)
class Reckoned:
    """The pension of one month of retirement on one path, with the evaluations it stands on."""

    chosen: int
    pension: Evaluation
    index: Evaluation
    accounts: tuple[Evaluation, ...]
    inputs: dict[str, object]

    @property
    def total_fen(self) -> int | None:
        total = self.pension.results.get("total")
        return int(total) if isinstance(total, int | Fraction) else None


@dataclass(frozen=True, eq=False)
class Prospect:
    """Everything that is worked out for one life and one wish."""

    life: Life
    wish: Wish
    _made: dict[object, Evaluation] = field(default_factory=dict, repr=False)

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        """The lower, the assumed and the upper: both rates less and more by the spread, never below nought."""
        wish = self.wish
        return (
            Path(max(wish.growth - wish.spread, Fraction(0)), max(wish.interest - wish.spread, Fraction(0))),
            Path(wish.growth, wish.interest),
            Path(wish.growth + wish.spread, wish.interest + wish.spread),
        )

    @cached_property
    def latest_base(self) -> tuple[int, int]:
        """The newest pension base that is published: its year and fen. Raises MissingValue."""
        return self._published("employee_pension", "pension_base")[-1]

    @cached_property
    def interest_years(self) -> frozenset[int]:
        """Years whose account interest is published."""
        return frozenset(year for year, _ in self._published("account_interest", "account_interest_rate"))

    def _published(self, name: str, parameter: str) -> list[tuple[int, int]]:
        one, life = policy(name), self.life
        line = one.law(life.on, life.place, entered(life.place)).timelines[parameter]
        found = [(day.year, value.value) for day, value in line if value is not None and day <= life.on]
        if not found:
            known = one.parameters[parameter]
            raise MissingValue(parameter, known.label, life.place, life.on, known.document)
        return found  # type: ignore[return-value]

    def months(self, chosen: int, pays: int, growth: Fraction | None) -> list[tuple[int, int]]:
        """Month and base, past and future, up to retirement; the base to come grows each year, or not (`growth` None)."""
        past = [(one.month, one.base_fen) for one in self.life.rows if FIRST_ACCOUNT <= one.month <= chosen and one.base_fen]
        ahead = range(self.life.now + 1, min(self.life.now + pays, chosen) + 1)
        bases = {
            year: grown(self.wish.base_fen, growth or Fraction(0), year - self.life.on.year)
            for year in range(ahead.start // 12, ahead.stop // 12 + 1)
        }
        return [*past, *((month, bases[month // 12]) for month in ahead)]

    def reckon(self, chosen: int, path: Path, pays: int) -> Reckoned:
        """The pension from one month of retirement on. Raises MissingValue."""
        life, wish = self.life, self.wish
        # Bases and average wages are assumed to grow alike, so the index of a month to come is that of today's figures.
        index = self._once((chosen, pays), lambda: self._evaluate("contribution_index", life.on, {
            "rows": _rows(self.months(chosen, pays, None)), "deemed_months": wish.deemed_months,
            "deemed_index": _decimal(wish.deemed_index),
        }))
        accounts = tuple(self._accounts(chosen, path, pays))
        balance = accounts[-1].outputs["balance"] if accounts else Fen.write(wish.balance_fen or 0)
        year, base = self.latest_base
        if chosen // 12 > life.on.year:
            base = grown(base, path.growth, chosen // 12 - year)
        inputs = {
            "group": life.group, "birth": Month.write(life.birth), "chosen": Month.write(chosen), "now": Month.write(chosen),
            "base": Fen.write(base), "avg_index": index.outputs["avg_index"], "months": index.outputs["paid_months"],
            "account_balance": balance, "index_to_1997": _decimal(wish.deemed_index),
            "years_to_1997": _decimal(Fraction(wish.deemed_months, 12)),
        }
        return Reckoned(chosen, self._evaluate("employee_pension", month_day(chosen), inputs), index, accounts, inputs)

    def _accounts(self, chosen: int, path: Path, pays: int) -> Iterator[Evaluation]:
        """The account year by year, in stretches whose interest is known alike: published, assumed, none in the last year."""
        rows = self.months(chosen, pays, path.growth)
        last, this = chosen // 12, self.life.on.year
        balance, first = 0, min((month // 12 for month, _ in rows), default=this)
        if self.wish.balance_fen is not None:
            balance, first = self.wish.balance_fen, this
        stretches: list[tuple[str | None, list[int]]] = []
        for year in range(first, last + 1):
            rate = "0" if year == last else None if year in self.interest_years else _decimal(path.interest)
            if not stretches or stretches[-1][0] != rate:
                stretches.append((rate, []))
            stretches[-1][1].append(year)
        held: object = Fen.write(balance)
        for rate, years in stretches:
            found = self._stretch(held, rate, tuple(years), tuple(row for row in rows if years[0] <= row[0] // 12 <= years[-1]))
            if "balance" in found.missing:
                raise found.missing["balance"]
            held = found.outputs["balance"]
            yield found

    def _stretch(self, held: object, rate: str | None, years: tuple[int, ...], rows: tuple[tuple[int, int], ...]) -> Evaluation:
        """An account over years alike; the years gone by are the same on every path and for every month of retirement."""
        given = {} if rate is None else {"account_interest_rate": rate}
        return self._once((held, rate, years, rows), lambda: self._evaluate("account_interest", self.life.on, {
            "balance": held, "years": list(years), "rows": _rows(rows), **given,
        }))

    def _once(self, key: object, make: Callable[[], Evaluation]) -> Evaluation:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def yearly(self, reckoned: Reckoned) -> list[Line]:
        """The account year by year, each by the policy itself on what the year before left."""
        found: list[Line] = []
        for stretch in reckoned.accounts:
            given = {name: stretch.law.policy.parameters[name].unit.write(value) for name, value in stretch.law.given}
            rows, held = stretch.inputs["rows"], stretch.inputs["balance"]
            for year in stretch.inputs["years"]:  # type: ignore[union-attr]
                own = [(month, base) for month, base in rows if month // 12 == year]  # type: ignore[union-attr,misc]
                one = self._evaluate("account_interest", self.life.on, {"balance": Fen.write(held), "years": [year], "rows": _rows(own), **given})  # type: ignore[arg-type]
                sums = [int(one.results[name]) for name in ("credited", "interest", "closing_balance")]  # type: ignore[arg-type]
                found.append(Line(int(year), int(held), *sums))  # type: ignore[arg-type]
                held = sums[-1]
        return found

    def _evaluate(self, name: str, on: datetime.date, inputs: dict[str, object]) -> Evaluation:
        return evaluate(policy(name), inputs, on=on, place=self.life.place, entered=entered(self.life.place))

    @cached_property
    def scenarios(self) -> tuple[Reckoned, Reckoned, Reckoned]:
        """The chosen month on the three paths."""
        low, middle, high = (self.reckon(self.wish.chosen, path, self.wish.pays) for path in self.paths)
        return low, middle, high

    def growing(self, earliest: int, latest: int) -> list[tuple[int, int, int, int]]:
        """How the pension grows with later retirement: month, and fen on the assumed, the lower and the upper path.

        Who means to pay until retirement pays that much longer; who means to stop earlier stops then.
        """
        months = sorted({*range(earliest, latest, STEP), latest, self.wish.chosen})
        stops = self.wish.pays < self.wish.chosen - self.life.now
        found = []
        for month in months:
            pays = self.wish.pays if stops else max(month - self.life.now, 0)
            low, middle, high = (self.reckon(month, path, pays).total_fen for path in self.paths)
            if low is not None and middle is not None and high is not None:
                found.append((month, middle, low, high))
        return found

    def in_todays_money(self, fen: int) -> int:
        """An amount at retirement measured by today's wages."""
        years = max(self.wish.chosen // 12 - self.life.on.year, 0)
        return int(fen / (1 + self.wish.growth) ** years)


def grown(fen: int, growth: Fraction, years: int) -> int:
    """An amount after so many years of growth, half up to the fen; unchanged for years gone by."""
    return int(fen * (1 + growth) ** max(years, 0) + Fraction(1, 2))


def _rows(rows: Iterable[tuple[int, int]]) -> list[dict[str, object]]:
    return [{"month": Month.write(month), "base": Fen.write(base)} for month, base in rows]


def _decimal(number: Fraction) -> str:
    """As policies read it: at most twelve decimals."""
    whole, rest = divmod(round(number * 10**12), 10**12)
    return f"{whole}.{rest:012d}".rstrip("0").rstrip(".")
