"""The schematic map of the counties, from the city's own map.yaml; tiles in rows where a city has drawn none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import ceil, sqrt
from pathlib import Path

from django.conf import settings

from renshe.kernel.common.files import read_yaml
from renshe.kernel.indicators.territory import territory

SHADES = 5
TILE, GAP = 30, 3


@dataclass(frozen=True)
class Shape:
    """One county drawn: its outline as SVG points and where its label stands."""

    code: str
    name: str
    points: str
    x: float
    y: float


@dataclass(frozen=True)
class Plane:
    """The drawing: its name, what it does not claim, its size, its shapes."""

    label: str
    note: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Area:
    """A county with its figure: shade 0 (least) to 4 (most), -1 without a figure."""

    shape: Shape
    shown: str
    shade: int
    share: int = 0  # of the largest, in thousandths: the length of its bar


class BadMap(ValueError):
    """The city's map.yaml is not what it should be; says where."""


@cache
def _read(file: Path, codes: tuple[tuple[str, str], ...]) -> Plane:
    if not file.exists():
        return _tiles(codes)
    raw = read_yaml(file)
    if strange := set(raw["areas"]) ^ {code for code, _ in codes}:
        raise BadMap(f"{file.name}：areas 应恰好是 divisions.csv 中的各县，差在 {sorted(strange)}")
    points, shapes = raw["points"], []
    for code, name in codes:
        area = raw["areas"][code]
        if unknown := set(area["ring"]) - set(points):
            raise BadMap(f"{file.name}：{code} 用了没有的点 {sorted(unknown)}")
        ring = " ".join(f"{points[one][0]},{points[one][1]}" for one in area["ring"])
        shapes.append(Shape(code, name, ring, *area["label"]))
    return Plane(raw["label"], raw["note"], *raw["size"], tuple(shapes))


def _tiles(codes: tuple[tuple[str, str], ...]) -> Plane:
    """Equal tiles in rows: says nothing about place, but every county is there."""
    across, step, shapes = ceil(sqrt(len(codes))), TILE + GAP, []
    for at, (code, name) in enumerate(codes):
        x, y = at % across * step, at // across * step
        ring = f"{x},{y} {x + TILE},{y} {x + TILE},{y + TILE} {x},{y + TILE}"
        shapes.append(Shape(code, name, ring, x + TILE / 2, y + TILE / 2))
    return Plane("各县（市、区）", "等大方格，不表示位置和面积", across * step, ceil(len(codes) / across) * step, tuple(shapes))


def plane() -> Plane:
    """The drawing of this installation."""
    here = territory()
    return _read(Path(settings.CITY) / "map.yaml", tuple(here.counties.items()))


def shaded(values: Mapping[str, Decimal], shown: Mapping[str, str]) -> list[Area]:
    """Every county with its figure and its shade: equal steps from the least to the most."""
    least, most = (min(values.values()), max(values.values())) if values else (Decimal(0), Decimal(0))
    areas = []
    for shape in plane().shapes:
        value = values.get(shape.code)
        shade = length = -1
        if value is not None:
            length = int(value / most * 1000) if most > 0 else 0
            share = (value - least) / (most - least) if most > least else Decimal(1) / 2
            shade = min(int(share * SHADES), SHADES - 1)
        areas.append(Area(shape, shown.get(shape.code, "—"), shade, max(length, 0)))
    return areas
