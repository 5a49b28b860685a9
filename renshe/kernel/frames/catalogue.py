"""Which tables and columns there are: read from catalogue.yaml, and from `frames.yaml` of the apps that have tables of their own."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from django.apps import apps

from renshe.kernel.common.files import read_yaml

DTYPES: dict[str, pl.DataType] = {
    "Int8": pl.Int8(), "Int16": pl.Int16(), "Int32": pl.Int32(), "Int64": pl.Int64(), "String": pl.String(),
    "Boolean": pl.Boolean(),
}
UNITS = {
    "number": "序号", "code": "代码", "month": "年月（年×12+月−1）", "year": "年", "day": "日（自1970-01-01起）",
    "fen": "分", "count": "个", "flag": "是否", "share": "千分之", "index": "万分之",
}
LEVELS = {"L1": "不敏感", "L2": "低敏感", "L3": "较敏感", "L4": "敏感"}  # 浙江公共数据分类分级指南


class UnknownTable(LookupError):
    """No table of this name; says which there are."""


@dataclass(frozen=True)
class Column:
    """One column: its type, unit, Chinese label, data level, and whether it may be empty."""

    name: str
    dtype: pl.DataType
    unit: str
    label: str
    level: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its grain, its unique sorted key, its columns; `monthly` tables take month partitions."""

    name: str
    label: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    monthly: bool = False

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return {name: column.dtype for name, column in self.columns.items()}


def read(file: Path) -> dict[str, Table]:
    """The tables one file declares. Raises ValueError naming the column that is not well declared."""
    found = {}
    for name, raw in read_yaml(file).items():
        columns = {one: _column(f"{name}.{one}", one, line) for one, line in raw["columns"].items()}
        if strange := set(raw["key"]) - set(columns):
            raise ValueError(f"{file.name}：{name} 的键 {sorted(strange)} 不是它的列")
        found[name] = Table(
            name, raw["label"], raw["grain"], tuple(raw["key"]), columns, bool(raw.get("monthly", False))
        )
    return found


def column(name: str, dtype: str, unit: str, label: str, level: str, *, nullable: bool = False) -> Column:
    """A column in the words of the catalogue. Raises ValueError."""
    if dtype not in DTYPES or unit not in UNITS or level not in LEVELS:
        raise ValueError(f"{name}：类型、单位或数据级别不在目录约定之中：{dtype}、{unit}、{level}")
    return Column(name, DTYPES[dtype], unit, label, level, nullable)


def _column(where: str, name: str, line: list[Any]) -> Column:
    dtype, unit, label, level, *rest = line
    try:
        return column(name, dtype, unit, label, level, nullable=rest == ["nullable"])
    except ValueError as fault:
        raise ValueError(f"{where}：{fault}") from None


@cache
def tables() -> dict[str, Table]:
    """Every table by name: the kernel's own and those of installed apps."""
    found = read(Path(__file__).with_name("catalogue.yaml"))
    for config in apps.get_app_configs():
        file = Path(config.path) / "frames.yaml"
        if file.exists():
            more = read(file)
            if twice := set(more) & set(found):
                raise ValueError(f"{config.name}：表 {sorted(twice)} 已由别处声明")
            found |= more
    return found


def table(name: str) -> Table:
    """One table. Raises UnknownTable."""
    try:
        return tables()[name]
    except KeyError:
        raise UnknownTable(f"没有“{name}”这张表；现有：{'、'.join(tables())}") from None
