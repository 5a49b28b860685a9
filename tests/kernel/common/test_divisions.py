"""What lies in what, by code: only whole levels are noughts."""

import pytest

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import Permission, Role
from renshe.kernel.cases import queries as cases
from renshe.kernel.common.divisions import prefix, within
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import search_persons
from tests.factories import a_person, an_officer


@pytest.mark.parametrize(("code", "begins"), [
    ("330000", "33"), ("330800", "3308"), ("330802", "330802"), ("330110", "330110"), ("331000", "3310"), ("330100", "3301"),
    ("330802100", "330802100"), ("330802000", "330802"), ("330802100000", "330802100"), ("330800000000", "3308"), ("000000", ""), ("", ""),
])
def test_noughts_are_dropped_by_whole_levels(code, begins):
    assert prefix(code) == begins


@pytest.mark.parametrize(("inner", "outer", "so"), [
    ("330111", "330110", False),  # Fuyang is not Yuhang's
    ("330110005", "330110", True), ("330110", "330100", True), ("330802101", "330802100", False), ("330802100001", "330802100", True),
    ("330802", "330800", True), ("331002", "331000", True), ("331102", "331000", False), ("330802", "", False), ("", "330800", False),
    ("330802", "000000", False),
])
def test_a_division_lies_in_another(inner, outer, so):
    assert within(inner, outer) is so
    assert Actor(account_id=1, name="", division=outer).covers(inner) is so


@pytest.mark.django_db
def test_an_officer_of_a_county_whose_code_ends_in_nought_finds_nobody_of_the_next():
    """Hangzhou's Yuhang is 330110; Fuyang, Lin'an and Linping begin with 33011 too."""
    for division in ("330110", "330111", "330112005"):
        Person.objects.filter(pk=a_person().pk).update(name="同名人", division=division)
    officer = an_officer(Role.CLERK)
    actor = Actor(account_id=officer.pk, name="", division="330110", permissions=frozenset({Permission.HANDLE}))
    assert [one.division for one in search_persons("同名人", actor)] == ["330110"]
    assert "330110" in str(cases.covered(actor).query) and "33011%" not in str(cases.covered(actor).query)
