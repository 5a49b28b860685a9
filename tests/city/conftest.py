"""One city of 20,000 insured in columns, made once for all tests that only read it."""

import pytest
from django.conf import settings

from renshe.city import columns
from renshe.city.shape import City, city


@pytest.fixture(scope="session")
def _made(tmp_path_factory) -> tuple[City, object]:
    place = tmp_path_factory.mktemp("city")
    before = settings.FRAMES, settings.ANSWERS
    settings.FRAMES, settings.ANSWERS = place / "frames", place / "answers"
    one = city(20000, 1)
    columns.build(one, processes=1)
    settings.FRAMES, settings.ANSWERS = before
    return one, place


@pytest.fixture
def built(_made, settings) -> City:
    """The city, with the settings that lead to its columns and its answer key."""
    one, place = _made
    settings.FRAMES, settings.ANSWERS = place / "frames", place / "answers"
    return one
