"""Our pensions beside those of openfisca-core, which reckons the same law in binary floats of 32 bits."""

import pytest

pytest.importorskip("openfisca_core", reason="the package group bench is not installed")
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


def test_sums_agree_and_no_pension_is_further_off_than_a_rounding_step() -> None:
    law = pytest.importorskip("bench.law")
    found = law.cross_check(60)
    assert found["sums_apart"] < 1e-5
    assert found["largest_apart_yuan"] <= 0.1
