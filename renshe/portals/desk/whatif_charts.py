"""What a draft comes to, as charts with their tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from renshe.kernel.common.money import yuan, yuan_label
from renshe.kernel.indicators.territory import territory
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.terms import Dimension
from renshe.portals.cockpit import charts
from renshe.portals.cockpit.charts import Chart

WAN = Decimal(1_000_000)  # fen in ten thousand yuan
TITLES = ("分组", "组", "增加", "减少", "不变", "不知道", "现行（元）", "改后（元）", "相差（元）")


@dataclass(frozen=True)
class Shown:
    """The charts of a draft, and its first sentence."""

    cost: Chart
    difference: Chart
    groups: tuple[tuple[str, Chart, bool], ...]
    year: dict[str, Any]
    words: str
    unknown: str


def output(draft: Draft) -> str:
    """The label of the amount weighed."""
    return next((rule.label for rule in policies()[draft.policy].rules if rule.name == draft.output), draft.output)


def _wan(fen: int) -> Decimal:
    return (Decimal(fen) / WAN).quantize(Decimal("0.01"))


def people(count: int | list[int] | None) -> str:
    """How many, exactly, or as much as is told of it; a dash for what is held back."""
    if count is None or isinstance(count, int):
        return "—" if count is None else str(count)
    low, high = count
    return f"少于{high + 1}" if not low else f"约{(low + high) // 2}" if high - low < low / 10 else f"{low}—{high}"


def _drawn(count: int | list[int]) -> int:
    return count if isinstance(count, int) else sum(count) // 2


def shown(found: dict[str, Any]) -> Shown:
    """Charts and words of what a draft comes to, as a reader is shown it."""
    years = found["years"]
    told = next(one for one in years if one["year"] == found["year"])
    apart, word = told["after"] - told["before"], found.get("counted_in", "人")
    same = f"，{told['same']}{word}不变" if told["same"] is not None else ""
    words = (
        f"{found['year']}年：{people(told['more'])}{word}增加，{people(told['less'])}{word}减少{same}；"
        f"全年{'多' if apart >= 0 else '少'} {_wan(abs(apart))} 万元（现行 {_wan(told['before'])} 万元，改后 {_wan(told['after'])} 万元）。"
    )
    rows = tuple((f"{one['year']}年", f"{_wan(one['before'])}", f"{_wan(one['after'])}", f"{_wan(one['after'] - one['before'])}", people(one["unknown"])) for one in years)
    names = [row[0] for row in rows]
    cost = Chart(
        "全年合计", charts.option_of("bar", names, [("现行", [float(_wan(one["before"])) for one in years]), ("改后", [float(_wan(one["after"])) for one in years])], unit="万元"),
        "全年合计：" + "；".join(f"{row[0]}现行{row[1]}万元，改后{row[2]}万元" for row in rows), ("年", "现行（万元）", "改后（万元）", "相差（万元）", "不知道的"), rows,
    )
    difference = charts.line("改后与现行相差", "万元", [(f"{one['year']}年", _wan(one["after"] - one["before"]), f"{_wan(one['after'] - one['before'])}") for one in years])
    return Shown(cost, difference, tuple(_group(by, found["groups"][str(by)], word) for by in Dimension), told, words, people(told["unknown"]) if told["unknown"] else "")


def _group(by: Dimension, found: list[dict[str, Any]], word: str) -> tuple[str, Chart, bool]:
    names = [_name(by, one) for one in found]
    option = charts.option_of(
        "bar", names, [("增加", [_drawn(one["more"]) for one in found]), ("减少", [-_drawn(one["less"]) for one in found])], unit=word, flat=True, stack="all",
    )
    rows = tuple(
        (_name(by, one), people(one["more"]), people(one["less"]), people(one["same"]), yuan_label(one["gained"] + one["lost"]) if "gained" in one else "—")
        for one in found
    )
    words = f"按{by.label}：" + "；".join(f"{_name(by, one)}增加{people(one['more'])}{word}、减少{people(one['less'])}{word}" for one in found)
    return by.label, Chart(by.label, option, words, (by.label, "增加", "减少", "不变", "每次相差（元）"), rows), any(one["small"] for one in found)


def _name(by: Dimension, one: dict[str, Any]) -> str:
    return territory().names.get(one["label"], one["label"]) if by is Dimension.COUNTY else one["label"]


def rows(found: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    """Everything as rows of a workbook; numbers where they are exact, words where they are not."""
    for one in found["years"]:
        yield ("全年合计", f"{one['year']}年", *_counts(one), yuan(one["before"]), yuan(one["after"]), yuan(one["after"] - one["before"]))
    for by in Dimension:
        for one in found["groups"][str(by)]:
            sums = [yuan(one["before"]), yuan(one["after"]), yuan(one["after"] - one["before"])] if "before" in one else [""] * 3
            yield (f"按{by.label}", _name(by, one), *_counts(one), *sums)


def _counts(one: dict[str, Any]) -> list[object]:
    return [one[name] if isinstance(one[name], int) else people(one[name]) for name in ("more", "less", "same", "unknown")]
