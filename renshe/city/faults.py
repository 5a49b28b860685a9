"""Faults planted at stated rates, and the answer key: kept apart from the city, to measure how well they are found.

The rates stand in the city's folder (`faults.yaml`); the key is `VAR/answers/faults.parquet` (RENSHE_ANSWERS).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.conf import settings

from renshe.city.dice import Array
from renshe.kernel.common.files import read_yaml
from renshe.kernel.frames.manifest import settle

SCHEMA = {"kind": pl.String(), "subject": pl.String(), "number": pl.Int64()}


@dataclass(frozen=True)
class Score:
    """How well one kind of fault was found."""

    planted: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Share of what was found that is planted."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is planted that was found."""
        return self.right / self.planted if self.planted else 1.0


@cache
def kinds(folder: Path) -> dict[str, list[Any]]:
    """The kinds of fault of a city's folder: label, subject, share in percent, of what."""
    found: dict[str, list[Any]] = read_yaml(folder / "faults.yaml")
    return found


@dataclass
class Planting:
    """What was planted so far in one range."""

    chance: np.random.Generator
    planted: list[pl.DataFrame] = field(default_factory=list)

    @staticmethod
    def count(kind: str, of: int) -> int:
        """How many of `of` the kind's share makes: at least one, if there is anybody."""
        share = kinds(Path(settings.CITY))[kind][2] / 100
        return min(of, max(1, round(of * share)))

    def plant(self, kind: str, pool: Array, *, first: int = 0) -> Array:
        """Choose the share of `pool` (row numbers) that the kind says, at least one; notes them as `first` + row."""
        chosen = np.sort(self.chance.choice(pool, self.count(kind, pool.size), replace=False))
        self.note(kind, chosen + first)
        return chosen

    def note(self, kind: str, numbers: Array) -> None:
        """Put subjects into the answer key."""
        subject = kinds(Path(settings.CITY))[kind][1]
        self.planted.append(pl.DataFrame({
            "kind": [kind] * numbers.size, "subject": [subject] * numbers.size, "number": numbers.astype(np.int64),
        }, schema=SCHEMA))

    @property
    def answers(self) -> pl.DataFrame:
        return pl.concat(self.planted) if self.planted else pl.DataFrame(schema=SCHEMA)


def _key() -> Path:
    return Path(settings.ANSWERS) / "faults.parquet"


def keep_answers(answers: Iterable[pl.DataFrame]) -> int:
    """Write the answer key whole; returns how many faults it holds."""
    whole = pl.concat([pl.DataFrame(schema=SCHEMA), *answers]).unique().sort("kind", "number")
    _key().parent.mkdir(parents=True, exist_ok=True)
    settle(_key(), _parquet(whole))
    return whole.height


def _parquet(frame: pl.DataFrame) -> bytes:
    fresh = _key().with_suffix(".making")
    frame.write_parquet(fresh, compression="zstd", statistics=False)
    data = fresh.read_bytes()
    fresh.unlink()
    return data


def answers(kind: str = "") -> pl.DataFrame:
    """The answer key: kind, subject (person, employer, site), number; of one kind or all."""
    whole = pl.read_parquet(_key())
    return whole.filter(pl.col("kind") == kind) if kind else whole


def score(kind: str, found: Sequence[int]) -> Score:
    """Hold the numbers a detector found against the key."""
    planted = set(answers(kind)["number"])
    return Score(len(planted), len(set(found)), len(planted & set(found)))
