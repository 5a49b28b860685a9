"""From trees to one plain Python function: microseconds for one person, every value kept, exact."""

import bisect
import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from renshe.kernel.policy.engine.lines import FRACTIONAL, constant, opened
from renshe.kernel.policy.engine.policy import Law, waiting
from renshe.kernel.policy.engine.units import BadInput, Datum, Exact, month_index
from renshe.kernel.policy.engine.values import MissingValue, Timeline
from renshe.kernel.policy.engine.write import Writer

REMEMBERED = 4096  # keys of a dated value kept with their value: every month of three centuries


class OutOfRange(BadInput):
    """A key that a table of the law has no row for."""


@dataclass(frozen=True)
class Compiled:
    """A function over the named inputs; `run(**inputs)` gives every rule's exact value by name."""

    run: Callable[..., dict[str, Any]]
    inputs: tuple[str, ...]
    rules: tuple[str, ...]
    source: str
    whole: frozenset[str]


def usable(law: Law, given: frozenset[str], without: frozenset[str] = frozenset()) -> list[str]:
    """Rules whose values of law are known and whose inputs are given, in order of dependence.

    A name that is given needs no rule: what the caller states wins over what would be derived.
    """
    found: list[str] = []
    for name, mentioned in law.needs.items():
        needs = mentioned - given
        ready = needs & set(law.trees) <= set(found) and not (needs & set(law.policy.inputs) - set(law.trees))
        if (name not in law.lacking and name not in without and ready) or name in given:
            found.append(name)
    return found


def compiled(law: Law, given: frozenset[str], without: frozenset[str] = frozenset()) -> Compiled:
    """The function for this law when just these inputs are given (others are not asked). Kept for the next call."""
    return law.kept((given, without), lambda: _compile(law, given, without))


def _compile(law: Law, given: frozenset[str], without: frozenset[str]) -> Compiled:
    writer = Writer(law)
    arguments = tuple(dict.fromkeys(name for name in (*law.policy.inputs, *law.trees) if name in given))
    for name in arguments:
        unit = law.policy.inputs[name].unit if name in law.policy.inputs else law.rules[name].unit
        writer.known[name] = opened(name, unit.key in FRACTIONAL and not law.is_list(name))
    for name, value in law.values.items():
        writer.known[name] = constant(value.value)
    rules = usable(law, given, without)
    results = []
    whole = set()
    for name in rules:
        if name in given:
            results.append(f"{name!r}: {name}")
            continue
        writer.rule = name
        pair = writer.expression(law.trees[name])
        rounding = law.rules[name].rounding
        if rounding and not law.is_list(name):
            pair = writer.rounded(pair, rounding)
        if law.is_list(name):
            writer.known[name] = pair
        else:
            writer.known[name] = type(pair)(writer.variable(pair.top), pair.bottom)
        if pair.bottom == 1:
            whole.add(name)
        results.append(f"{name!r}: {writer.boxed(writer.known[name])}")
    known = [f"{name} = {source}" for source, name in writer.remembered.items()]
    body = "\n    ".join([*known, *writer.sorting, *writer.lines, f"return {{{', '.join(results)}}}"])
    source = f"def run({', '.join(arguments)}):\n    {body}\n"
    remembered: dict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
    scope: dict[str, Any] = {
        "_fraction": Fraction, "_row": _row_reader(law), "_at": _value_reader(law, remembered), "_known": remembered,
        "_zero": _zero, "_sum": _sum,
        "_month_of": _month_of, "_functions": writer.functions,
    }
    exec(compile(source, f"<{law.policy.name}>", "exec"), scope)  # our own text, made from a checked tree
    return Compiled(scope["run"], arguments, tuple(rules), source, frozenset(whole))


def _zero() -> NoReturn:
    raise ZeroDivisionError


def _month_of(day: int) -> int:
    return month_index(datetime.date.fromordinal(day))


def _row_reader(law: Law) -> Callable[[str, int | str], Exact]:
    def row(table: str, key: int | str) -> Exact:
        rows = law.tables[table].rows
        if key not in rows:
            known = "、".join(str(one) for one in rows)
            raise OutOfRange(f"表“{law.tables[table].label}”没有“{key}”一行，可用：{known}")
        return rows[key]

    return row


def breaks(timeline: Timeline, by: str) -> list[int]:
    """From which key on each entry of a timeline holds, keys being months, years or days."""
    counted = {
        "month": lambda day: month_index(day) + (day.day > 1),
        "year": lambda day: day.year + (day > datetime.date(day.year, 1, 1)),
        "day": datetime.date.toordinal,
    }[by]
    return [counted(day) for day, _ in timeline]


def key_day(by: str, key: int) -> datetime.date:
    """The day a key stands for. Raises BadInput where no calendar has it."""
    try:
        if by == "day":
            return datetime.date.fromordinal(key)
        return datetime.date(key, 1, 1) if by == "year" else datetime.date(key // 12, key % 12 + 1, 1)
    except (ValueError, OverflowError):
        raise OutOfRange(f"{key}不是可用的{'年份' if by == 'year' else '日期'}") from None


def _sum(by_bottom: dict[int, int]) -> Fraction:
    return sum((Fraction(top, bottom) for bottom, top in by_bottom.items()), Fraction(0))


def _value_reader(
    law: Law, remembered: dict[tuple[str, str, int], dict[int, int]]
) -> Callable[[str, str, str, int, int], int]:
    known = {
        (name, by): breaks(timeline, by) for name, timeline in law.timelines.items() for by in ("month", "year", "day")
    }

    def at(rule: str, name: str, by: str, bottom: int, key: int) -> int:
        place = bisect.bisect_right(known[name, by], key)
        found = law.timelines[name][place - 1][1] if place else None
        if found is None:
            parameter = law.policy.parameters[name]
            raise MissingValue(name, parameter.label, law.place, key_day(by, key), parameter.document, rule=rule)
        top = int(Fraction(found.value) * bottom)
        memory = remembered[name, by, bottom]
        if len(memory) < REMEMBERED:
            memory[key] = top
        return top

    return at


def answer(law: Law, facts: Mapping[str, Datum]) -> tuple[dict[str, Datum], dict[str, MissingValue]]:
    """Every rule the facts suffice for, and what the others wait for. Raises OutOfRange, or BadInput for a divisor."""
    given, without = frozenset(facts), frozenset[str]()
    lacking = dict(law.lacking)
    while True:
        try:
            results = compiled(law, given, without).run(**facts)
            break
        except MissingValue as fault:  # of another time than the day of judgement: leave out that rule alone
            without |= {fault.rule}
            lacking[fault.rule] = fault
        except ZeroDivisionError:
            raise BadInput(f"{law.policy.title}：除数为零，请检查输入的年限、月数或系数") from None
    return results, waiting(law.needs, law.trees, lacking, given)


def run(law: Law, inputs: Mapping[str, Datum]) -> dict[str, Any]:
    """Evaluate every rule the inputs suffice for. Raises OutOfRange, or BadInput when a divisor is zero."""
    return answer(law, inputs)[0]
