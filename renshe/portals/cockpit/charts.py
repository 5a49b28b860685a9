"""What a chart says, as ECharts options (colours and type are the page's), as a table and as a sentence."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ROUGH = "少不约—"
SPARK_WIDE, SPARK_HIGH, EDGE = 120, 36, 3


@dataclass(frozen=True)
class Chart:
    """One chart: `option` for the drawing, `titles` and `rows` for the table, `words` for who cannot see it."""

    label: str
    option: str
    words: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def option_of(kind: str, names: Sequence[str], lines: Sequence[tuple[str, Sequence[float | None]]], **more: Any) -> str:
    series = [{"type": kind, "name": name, "data": list(values)} for name, values in lines]
    return json.dumps({"names": list(names), "series": series, **more}, ensure_ascii=False, separators=(",", ":"))


def _said(shown: Sequence[str]) -> dict[str, list[str]]:
    """The words to stand at the marks, where a number would claim more than is told."""
    return {"said": list(shown)} if any(set(one) & set(ROUGH) for one in shown) else {}


def _drawn(value: Decimal, shown: str) -> float:
    return round(float(value), len(shown.partition(".")[2]))


def line(label: str, unit: str, points: Sequence[tuple[str, Decimal, str]]) -> Chart:
    """The course of one figure: (when, value, as printed); drawn at the precision it is printed with."""
    rows = tuple((when, shown) for when, _, shown in points)
    words = f"{label}：" + "，".join(f"{when} {shown}{unit}" for when, shown in rows[-6:]) if rows else f"{label}还没有数"
    option = option_of("line", [when for when, _, _ in points], [(label, [_drawn(value, shown) for _, value, shown in points])], unit=unit, **_said([shown for *_, shown in points]))
    return Chart(label, option, words, ("时间", f"{label}（{unit}）"), rows)


def bars(label: str, unit: str, points: Sequence[tuple[str, Decimal, str]]) -> Chart:
    """Divisions side by side: (name, value, as printed), in the order given."""
    rows = tuple((name, shown) for name, _, shown in points)
    words = f"{label}：" + "，".join(f"{name} {shown}{unit}" for name, shown in rows)
    option = option_of("bar", [name for name, _, _ in points], [(label, [_drawn(value, shown) for _, value, shown in points])], unit=unit, flat=True, **_said([shown for *_, shown in points]))
    return Chart(label, option, words, ("区划", f"{label}（{unit}）"), rows)


def stacked(label: str, unit: str, names: Sequence[str], parts: Sequence[tuple[str, Sequence[float]]]) -> Chart:
    """Wholes side by side, each in its parts: (part, its value for each name)."""
    rows = tuple((name, *(f"{values[at]:.1f}" for _, values in parts)) for at, name in enumerate(names))
    words = f"{label}：" + "；".join(f"{row[0]} " + "，".join(f"{part} {cell}" for (part, _), cell in zip(parts, row[1:], strict=True)) for row in rows)
    option = option_of("bar", names, [(part, [round(value, 1) for value in values]) for part, values in parts], unit=unit, flat=True, stack="all")
    return Chart(label, option, words, ("区划", *(part for part, _ in parts)), rows)


def spark(values: Sequence[Decimal]) -> str:
    """A small line as the points of an SVG polyline; empty when there is nothing to join."""
    if len(values) < 2:
        return ""
    least, most = min(values), max(values)
    spread = float(most - least) or 1.0
    step = (SPARK_WIDE - 2 * EDGE) / (len(values) - 1)
    high = SPARK_HIGH - 2 * EDGE
    flat = most == least
    return " ".join(
        f"{EDGE + at * step:.1f},{SPARK_HIGH / 2 if flat else EDGE + high - float(value - least) / spread * high:.1f}"
        for at, value in enumerate(values)
    )
