"""A draft of law beside the law: cost by year, who would get more and who less, on the facts a sweep stored.

The facts stay as they stand today: nobody pays on, is hired or dies. A year is judged on its last day; whoever is entitled
then counts with a whole year.
"""

import dataclasses
import datetime
import math
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
from django.conf import settings

from renshe.kernel.common.steps import step
from renshe.kernel.frames.offered import columns as known_columns
from renshe.kernel.policy.engine.draft import Drafted
from renshe.kernel.policy.engine.policy import Entered, Law
from renshe.kernel.sweeps import running
from renshe.kernel.sweeps.facts import DESCRIBING, Ready, Swept, ready
from renshe.kernel.sweeps.judging import judged
from renshe.kernel.sweeps.summing import entitled, most_fen
from renshe.kernel.sweeps.terms import Dimension

YEARS = 5
BLOCK = 100_000  # persons judged at once: what bounds memory, and stays near the processor
AGES = (16, 30, 40, 50, 60, 70, 80)
INCOMES = (3000_00, 5000_00, 8000_00, 12000_00, 20000_00)  # fen a month
COUNTS = ("more", "less", "same", "unknown")
TOLD = ("more", "less")  # those that outsiders are told of
SUMS = ("before", "after", "gained", "lost")
Progress = Callable[[int, int], None]


def drafted_ready(draft: Drafted, output: str, on: datetime.date, place: str, before: Callable[[str], Entered]) -> Ready:
    """The drafted policy as it is asked of everybody once it is in force. Raises LookupError where that cannot be."""
    one = ready(draft.policy, max(on, draft.since), place, draft.entered(before)(place))
    if output not in one.outputs:
        law = draft.policy.law(max(on, draft.since), place, draft.entered(before)(place))
        behind = _behind(law, output)
        lacking = [f"缺少{item.label}" for item in one.lacking if item.name in behind]
        values = [str(law.lacking[name]) for name in behind if name in law.lacking]
        label = next(rule.label for rule in draft.policy.rules if rule.name == output)
        raise LookupError(f"照这样改，全市算不出“{label}”：{one.why_not or '；'.join([*lacking, *values]) or '草案用到了列表'}")
    return one


def _behind(law: Law, output: str) -> dict[str, None]:
    """An output and everything it stands on."""
    found, waiting = dict.fromkeys([output]), [output]
    while waiting:
        more = [name for name in sorted(law.needs.get(waiting.pop(), ())) if name not in found]
        found.update(dict.fromkeys(more))
        waiting.extend(more)
    return found


def weigh(
    key: str, one: Ready, draft: Drafted, output: str, on: datetime.date, before: Callable[[str], Entered],
    progress: Progress = lambda done, of: None, *, place: str = "330800",
) -> dict[str, Any]:
    """`{"years": [{"year", "before", "after", "unknown", ...}], "groups": {dimension: [...]}, "year", "asked"}`; sums in fen.

    `place` is where it is tried whether the draft can be asked of everybody. Raises LookupError where it cannot.
    """
    years = [datetime.date(on.year + ahead, 12, 31) for ahead in range(YEARS)]
    told = next((day for day in years if day >= draft.since), years[-1])
    other, added = drafted_ready(draft, output, on, place, before), draft.entered(before)
    blocks = list(_blocks(key, one, other))
    asked, would_be_asked = (
        dataclasses.replace(each, outputs=tuple(dict.fromkeys([*each.conditions, output]))) for each in (one, other)
    )
    found: list[pl.DataFrame] = []
    for number, facts in enumerate(blocks):
        groups = facts.filter(one.swept.among).sort(one.key).select(*one.key, *_bands(on, facts.columns))
        for at, day in enumerate(years):
            was = _amounts(asked, judged(asked, facts, day, before), output)
            would = was if day < draft.since else _amounts(would_be_asked, judged(would_be_asked, facts, day, added), output)
            found.append(_counted(groups, was, would, day.year))
            progress(number * YEARS + at + 1, len(blocks) * YEARS)
    cells = pl.concat(found).group_by("year", *Dimension).sum().sort("year", *Dimension) if found else pl.DataFrame()
    return {
        "years": [_year(cells, day.year, one.swept.times) for day in years], "year": told.year, "times": one.swept.times,
        "counted_in": one.swept.counted_in, "asked": sum(block.height for block in blocks),
        "groups": {str(by): _groups(cells, str(by), told.year) for by in Dimension},
        "told": _told(cells, _keys(key, one.swept.table), [day.year for day in years], told.year, one.swept),
    }


def _blocks(key: str, one: Ready, other: Ready) -> Iterator[pl.DataFrame]:
    """The stored facts of those the policy is asked for, so many persons at once; with what the draft asks besides."""
    held: list[pl.DataFrame] = []
    described = [name for name in DESCRIBING if name in known_columns(one.swept.table)]
    columns = list(dict.fromkeys([*one.key, *described, *one.columns, *other.columns]))
    for frame in running.facts(key, columns, one.swept.table):
        held.append(frame.filter(one.swept.among))
        if sum(part.height for part in held) >= BLOCK:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)


def _bands(on: datetime.date, known: list[str]) -> list[pl.Expr]:
    """Age, county and income of each row, -1 for what is not known of it (an employer has no age)."""
    birth, wage = (pl.col(name) if name in known else pl.lit(None, pl.Int32) for name in ("birth_month", "wage"))
    age = (on.year * 12 + on.month - 1 - birth) // 12
    return [
        pl.when(age.is_null()).then(pl.lit(-1)).otherwise(sum((age >= limit).cast(pl.Int8) for limit in AGES)).cast(pl.Int8).alias("age"),
        pl.col("county"),
        pl.when(wage.is_null()).then(pl.lit(-1)).otherwise(sum((wage >= limit).cast(pl.Int8) for limit in INCOMES)).cast(pl.Int8).alias("income"),
    ]


def _amounts(one: Ready, found: pl.DataFrame, output: str) -> pl.Series:
    """What each gets: nothing without entitlement, null where it is not known."""
    test = entitled(one)
    amount = pl.col(output) if test is None else pl.when(test).then(output).when(~test).then(0)
    return found.select(amount.alias("amount"))["amount"]


def _counted(groups: pl.DataFrame, was: pl.Series, would: pl.Series, year: int) -> pl.DataFrame:
    both = groups.with_columns(was.alias("was"), would.alias("would"))
    known, apart = pl.col("was").is_not_null() & pl.col("would").is_not_null(), pl.col("would") - pl.col("was")
    return both.group_by(*Dimension).agg(
        (apart > 0).sum().cast(pl.Int64).alias("more"), (apart < 0).sum().cast(pl.Int64).alias("less"),
        (apart == 0).sum().cast(pl.Int64).alias("same"), (~known).sum().cast(pl.Int64).alias("unknown"),
        pl.col("was").filter(known).sum().alias("before"), pl.col("would").filter(known).sum().alias("after"),
        apart.filter(apart > 0).sum().alias("gained"), apart.filter(apart < 0).sum().alias("lost"),
    ).with_columns(pl.lit(year, pl.Int32).alias("year")).select("year", *Dimension, *COUNTS, *SUMS)


def _year(cells: pl.DataFrame, year: int, times: int) -> dict[str, Any]:
    own = cells.filter(pl.col("year") == year).select(*COUNTS, *SUMS).sum().to_dicts()[0] if cells.height else dict.fromkeys((*COUNTS, *SUMS), 0)
    return {"year": year, **{name: own[name] for name in COUNTS}, **{name: own[name] * times for name in SUMS}}


def _groups(cells: pl.DataFrame, by: str, year: int) -> list[dict[str, Any]]:
    """One dimension's groups; `small` are those in which so few gain or lose that they may not be passed on."""
    if not cells.height:
        return []
    rows = cells.filter(pl.col("year") == year).group_by(by).agg(pl.col(*COUNTS, *SUMS).sum()).sort(by).to_dicts()
    return [
        {"key": row[by], "label": _label(by, row[by]), "small": any(0 < row[name] < settings.RENSHE_SMALL_CELL for name in ("more", "less")),
         **{name: row[name] for name in (*COUNTS, *SUMS)}}
        for row in rows
    ]


def _told(cells: pl.DataFrame, keys: dict[str, list[int]], years: list[int], year: int, what: Swept) -> dict[str, Any]:
    """What is told of it to others: every count from the steps of the finest cells (age, county and income together, empty ones
    too), so that neither two tables nor two years side by side tell more; sums of the whole city on a step of their own. Who stays
    as he is and who is not known are held back: they make up a whole with the others, and it is the same in every draft."""
    small = settings.RENSHE_SMALL_CELL
    stepped = cells.with_columns(pl.col(name) // small * small for name in TOLD)
    every = math.prod(map(len, keys.values()))
    rows = []
    for one in years:
        whole = _year(cells, one, what.times)
        sums = {name: step(whole[name], small, most_fen(what.counted_in)) for name in ("before", "after")}
        rows.append({
            "year": one, **_spans(stepped.filter(pl.col("year") == one), every),
            **{name: int(span.low + span.high) // 2 for name, span in sums.items()},
        })
    now = stepped.filter(pl.col("year") == year)
    return {"years": rows, "asked": None, "groups": {by: [
        {"key": key, "label": _label(by, key), "small": False, **_spans(now.filter(pl.col(by) == key), every // len(known))} for key in known
    ] for by, known in keys.items()}}


def _spans(stepped: pl.DataFrame, cells: int) -> dict[str, list[int] | None]:
    """From the least to the most each count can be that so many cells hold, each on its step."""
    least = {name: int(stepped[name].sum()) for name in TOLD}
    return {**dict.fromkeys(COUNTS), **{name: [low, low + cells * (settings.RENSHE_SMALL_CELL - 1)] for name, low in least.items()}}


def _keys(key: str, table: str) -> dict[str, list[int]]:
    """Every group of each dimension, also those in which nobody is asked."""
    counties = set[int]().union(*(set(frame["county"].unique().to_list()) for frame in running.facts(key, ["county"], table)))
    return {Dimension.AGE.value: list(range(-1, len(AGES) + 1)), Dimension.COUNTY.value: sorted(counties), Dimension.INCOME.value: list(range(-1, len(INCOMES) + 1))}


def _label(by: str, key: int) -> str:
    if by == Dimension.COUNTY:
        return str(key)
    if by == Dimension.AGE:
        return "不按人计" if key < 0 else f"{AGES[-1]}岁以上" if key == len(AGES) else f"不满{AGES[0]}岁" if key == 0 else f"{AGES[key - 1]}—{AGES[key] - 1}岁"
    if key < 0:
        return "没有申报工资"
    low, high = (None, *INCOMES)[key], (*INCOMES, None)[key]
    return f"{low // 100}元以上" if high is None else f"不满{high // 100}元" if low is None else f"{low // 100}—{high // 100}元"  # type: ignore[operator]
