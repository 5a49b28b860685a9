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
from renshe.kernel.sweeps.weighing import SMALL
from renshe.portals.cockpit import charts
from renshe.portals.cockpit.charts import Chart

WAN = Decimal(1_000_000)  # fen in ten thousand yuan
FEW = f"少于{SMALL}人的组不显示"
TITLES = ("分组", "组", "增加的人", "减少的人", "不变的人", "不知道的人", "现行（元）", "改后（元）", "相差（元）")


@dataclass(frozen=True)
class Shown:
    """The charts of a draft, and its first sentence."""

    cost: Chart
    difference: Chart
    groups: tuple[tuple[str, Chart, bool], ...]
    year: dict[str, Any]
    words: str
    unknown: int


def change(draft: Draft) -> str:
    """What is changed, in words."""
    policy = policies().get(draft.policy)
    if policy is None:
        return draft.parameter or draft.rule
    if draft.parameter:
        known = policy.parameters[draft.parameter]
        return f"{known.label}改为{known.unit.show(known.unit.read(draft.value))}"
    label = next((rule.label for rule in policy.rules if rule.name == draft.rule), draft.rule)
    old = draft.rule_since is None or draft.rule_since.year == 1
    return f"“{label}”改用{'最初' if old else draft.rule_since.isoformat() + '起'}的公式"  # type: ignore[union-attr]


def output(draft: Draft) -> str:
    """The label of the amount weighed."""
    return next((rule.label for rule in policies()[draft.policy].rules if rule.name == draft.output), draft.output)


def _wan(fen: int) -> Decimal:
    return (Decimal(fen) / WAN).quantize(Decimal("0.01"))


def shown(draft: Draft) -> Shown:
    """Charts and words of a draft that was weighed."""
    found = draft.result
    years = found["years"]
    told = next(one for one in years if one["year"] == found["year"])
    apart = told["after"] - told["before"]
    words = (
        f"{found['year']}年：{told['more']}人增加，{told['less']}人减少，{told['same']}人不变；"
        f"全年{'多' if apart >= 0 else '少'} {_wan(abs(apart))} 万元（现行 {_wan(told['before'])} 万元，改后 {_wan(told['after'])} 万元）。"
    ) if not 0 < told["more"] + told["less"] < SMALL else f"{found['year']}年受影响的人少于{SMALL}人，不显示。"
    if 0 < told["more"] + told["less"] < SMALL:
        years = []
    rows = tuple((f"{one['year']}年", f"{_wan(one['before'])}", f"{_wan(one['after'])}", f"{_wan(one['after'] - one['before'])}", f"{one['unknown']}") for one in years)
    names = [row[0] for row in rows]
    cost = Chart(
        "全年合计", charts.option_of("bar", names, [("现行", [float(_wan(one["before"])) for one in years]), ("改后", [float(_wan(one["after"])) for one in years])], unit="万元"),
        "全年合计：" + "；".join(f"{row[0]}现行{row[1]}万元，改后{row[2]}万元" for row in rows), ("年", "现行（万元）", "改后（万元）", "相差（万元）", "不知道的人"), rows,
    )
    difference = charts.line("改后与现行相差", "万元", [(f"{one['year']}年", _wan(one["after"] - one["before"]), f"{_wan(one['after'] - one['before'])}") for one in years])
    return Shown(cost, difference, tuple(_group(by, found["groups"][str(by)]) for by in Dimension), told, words, told["unknown"])


def _group(by: Dimension, found: list[dict[str, Any]]) -> tuple[str, Chart, bool]:
    told = [one for one in found if not one["small"]]
    names = [_name(by, one) for one in told]
    option = charts.option_of(
        "bar", names, [("增加", [one["more"] for one in told]), ("减少", [-one["less"] for one in told])], unit="人", flat=True, stack="all",
    )
    rows = tuple(
        (_name(by, one), *([FEW, "—", "—", "—"] if one["small"] else [str(one["more"]), str(one["less"]), str(one["same"]), yuan_label(one["gained"] + one["lost"])]))
        for one in found
    )
    words = f"按{by.label}：" + "；".join(f"{_name(by, one)}增加{one['more']}人、减少{one['less']}人" for one in told)
    return by.label, Chart(by.label, option, words, (by.label, "增加的人", "减少的人", "不变的人", "每次相差（元）"), rows), any(one["small"] for one in found)


def _name(by: Dimension, one: dict[str, Any]) -> str:
    return territory().names.get(one["label"], one["label"]) if by is Dimension.COUNTY else one["label"]


def rows(draft: Draft) -> Iterator[tuple[object, ...]]:
    """Everything as rows of a workbook."""
    for one in draft.result["years"]:
        yield ("全年合计", f"{one['year']}年", one["more"], one["less"], one["same"], one["unknown"], yuan(one["before"]), yuan(one["after"]), yuan(one["after"] - one["before"]))
    for by in Dimension:
        for one in draft.result["groups"][str(by)]:
            cells = [FEW, *[""] * 6] if one["small"] else [one["more"], one["less"], one["same"], one["unknown"], yuan(one["before"]), yuan(one["after"]), yuan(one["after"] - one["before"])]
            yield (f"按{by.label}", _name(by, one), *cells)
