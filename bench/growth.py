"""`python -m bench.growth RESULT.json ...`: draws docs/images/growth.svg from results of `bench.sweep` at several sizes.

Both axes are logarithmic: what grows in step with the people is a straight line as steep as the grey one.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "docs/images/growth.svg"
SHOWN = {"fold": ("历史折算（原始逐月行）", "#0f6a70"), "sweep_all": ("全市测算（全部政策）", "#c9822b"), "what_if": ("一次试算（五年）", "#5b7fb0"), "scan_rows": ("只读一遍原始行", "#8a5a83")}
WIDE, HIGH, LEFT, TOP, FOOT, RIGHT = 760, 420, 70, 24, 366, 560
TEXT = 'font-family="Noto Sans CJK SC, sans-serif" font-size="14" fill="#1f2d2f"'


def drawn(results: list[dict[str, Any]]) -> str:
    """The chart as SVG text: seconds of processor by raw rows."""
    points = {name: [(one["rows"], one[name]["cpu_s"]) for one in results if name in one] for name in SHOWN}
    rows = [row for line in points.values() for row, _ in line]
    seconds = [second for line in points.values() for _, second in line]
    low_x, high_x = math.log10(min(rows)), math.log10(max(rows))
    low_y, high_y = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))

    def x(row: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (math.log10(row) - low_x) / (high_x - low_x), 1)

    def y(second: float) -> float:
        return round(FOOT - (FOOT - TOP) * (math.log10(second) - low_y) / (high_y - low_y), 1)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="处理器秒数随人数增长">',
             f'<rect width="{WIDE}" height="{HIGH}" fill="#fffdf8"/>']
    for power in range(low_y, high_y + 1):
        parts.append(f'<path d="M{LEFT} {y(10**power)}H{RIGHT}" stroke="#ebe5d9"/><text x="{LEFT - 8}" y="{y(10**power) + 5}" text-anchor="end" {TEXT}>{10**power:g} 秒</text>')
    for one in results:
        parts.append(f'<text x="{x(one["rows"])}" y="{FOOT + 24}" text-anchor="middle" {TEXT}>{one["rows"] / 1e6:.0f} 百万行</text>')
    start = 10**low_y
    parts.append(f'<path d="M{x(min(rows))} {y(start)}L{x(max(rows))} {y(start * max(rows) / min(rows))}" stroke="#b9b2a2" stroke-dasharray="6 5"/>')
    ends = sorted(((y(line[-1][1]), name) for name, line in points.items() if line), reverse=True)
    labels: dict[str, float] = {}
    for at, (place, name) in enumerate(ends):
        labels[name] = place if at == 0 else min(place, labels[ends[at - 1][1]] - 20)
    for name, (label, colour) in SHOWN.items():
        line = sorted(points[name])
        course = " L".join(f"{x(row)} {y(second)}" for row, second in line)
        parts.append(f'<path d="M{course}" fill="none" stroke="{colour}" stroke-width="3"/>')
        parts += [f'<circle cx="{x(row)}" cy="{y(second)}" r="4.5" fill="{colour}"><title>{second:g} 秒</title></circle>' for row, second in line]
        parts.append(f'<text x="{RIGHT + 12}" y="{labels[name] + 5}" {TEXT}><tspan fill="{colour}">●</tspan> {label}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    read = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    TARGET.write_text(drawn(sorted(read, key=lambda one: one["rows"])), encoding="utf-8")
