"""A small columnar city, its history folded, in several ranges."""

import datetime

import polars as pl
import pytest

from renshe.apps.insurance.offers import standing
from renshe.city import columns as city_columns
from renshe.city.shape import city
from renshe.kernel.frames import folding, reading, writing

ON = datetime.date(2026, 11, 24)
RANGE = 200


def split(name: str, people: int) -> None:
    """Publish a table anew in ranges of RANGE persons."""
    frame = reading.whole(name)
    writing.publish(name, [
        writing.write_range(name, frame.filter(pl.col("person").is_between(first, first + RANGE, closed="left")), first, first + RANGE)
        for first in range(0, people, RANGE)
    ])


@pytest.fixture
def small_city(settings, tmp_path, db):
    settings.FRAMES, settings.ANSWERS = tmp_path / "frames", tmp_path / "answers"
    one = city(500, 2)
    city_columns.build(one, processes=1)
    split("persons", one.people)
    folding.fold()
    standing.fold(ON)
    return one
