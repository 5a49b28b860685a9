"""What outsiders are told of figures: an attacker who knows the rule and reads everything finds no cell inside its step."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renshe.kernel.indicators.cells import told
from renshe.kernel.indicators.declaration import Indicator, Parts
from renshe.kernel.indicators.terms import Theme

SMALL = 2
COUNTIES = {"01": "甲县", "02": "乙县"}
CITY = "00"
PLACES = (*COUNTIES, CITY)  # under the city's code: what lies in no county


def declared(key, **traits):
    return Indicator(key, key, "人", Theme.EMPLOYMENT, "。", "试", **traits)


COUNT = declared("count")
SHARE = declared("share", is_share=True, per=100)
RATE = declared("rate", is_share=True, per=100, rest_is_told=True)


def published(world):
    """Everything that is told of one period: `world` gives (part, rest) of each place.

    As the platform does: the whole as a count, the part as a share of it, and a rate whose other part is a count as well.
    """
    whole = {place: Parts(part + rest) for place, (part, rest) in zip(PLACES, world, strict=True)}
    share = {place: Parts(part, part + rest) for place, (part, rest) in zip(PLACES, world, strict=True)}
    return tuple(str(told(one, cells, COUNTIES, CITY, SMALL)) for one, cells in ((COUNT, whole), (SHARE, share)))


def published_of_a_rate(world):
    """The same where part and rest are figures of their own and the whole is not."""
    parts = [{place: Parts(cell[at]) for place, cell in zip(PLACES, world, strict=True)} for at in (0, 1)]
    share = {place: Parts(part, part + rest) for place, (part, rest) in zip(PLACES, world, strict=True)}
    return tuple(str(told(one, cells, COUNTIES, CITY, SMALL)) for one, cells in ((COUNT, parts[0]), (COUNT, parts[1]), (RATE, share)))


WHOLES = [(part, whole - part) for whole in range(6) for part in range(whole + 1)]
RATES = list(product(range(4), range(4)))


@pytest.mark.parametrize(("publish", "cells", "numbers"), [
    (published, WHOLES, lambda part, rest: (part, part + rest)), (published_of_a_rate, RATES, lambda part, rest: (part, rest)),
])
def test_of_all_worlds_those_that_read_alike_hold_every_number_of_a_cells_step(publish, cells, numbers):
    """Every small world there is, sorted by all that is published of it: what an attacker can know is which pile he is in."""
    piles = defaultdict(list)
    for world in product(cells, repeat=len(PLACES)):
        piles[publish(world)].append(world)
    assert len(piles) > 20, "something is told"
    for pile in piles.values():
        for at in range(len(PLACES)):
            for which in (0, 1):
                possible = {numbers(*world[at])[which] for world in pile}
                low = min(possible) // SMALL * SMALL
                assert possible >= {number for number in range(low, low + SMALL) if number < 4}, (pile[0], PLACES[at], sorted(possible))
            rests = {part + rest - part for world in pile for part, rest in (world[at],)}
            assert len(rests) >= SMALL, "what a share leaves over is not found by subtraction"


@st.composite
def a_world(draw):
    """A number for each of so many counties and for what lies in none, at so many periods; and where in its step each could lie."""
    small, counties, periods = draw(st.integers(2, 12)), draw(st.integers(1, 6)), draw(st.integers(1, 4))
    numbers = st.lists(st.integers(0, 60), min_size=counties + 1, max_size=counties + 1)
    return small, [draw(numbers) for _ in range(periods)], draw(st.lists(st.lists(st.integers(0, small - 1), min_size=counties + 1, max_size=counties + 1), min_size=periods, max_size=periods))


@given(a_world())
def test_whatever_lies_on_the_same_steps_is_told_alike_over_all_counties_and_periods(drawn):
    """From any number of a step to any other of it: all divisions and periods together do not tell which."""
    small, world, shifts = drawn
    counties = {str(at): "" for at in range(len(world[0]) - 1)}
    other = [[number // small * small + shift for number, shift in zip(row, rows, strict=True)] for row, rows in zip(world, shifts, strict=True)]

    def everything(numbers):
        cells = [dict(zip([*counties, CITY], map(Parts, row), strict=True)) for row in numbers]
        return [told(COUNT, row, counties, CITY, small) for row in cells]

    assert everything(world) == everything(other)
    for row, spans in zip(world, everything(world), strict=True):
        for place, number in zip([*counties, CITY], row, strict=True):
            span = spans[place]
            if place != CITY:
                assert span.low <= number <= span.high and span.high - span.low == small - 1
        assert spans[CITY].low <= sum(row) <= spans[CITY].high


def test_a_share_of_nobody_looks_like_a_share_of_a_few_and_a_sum_hides_its_largest_record():
    few = told(SHARE, {"01": Parts(1, 1), "02": Parts(40, 50)}, COUNTIES, CITY, 10)
    nobody = told(SHARE, {"02": Parts(40, 50)}, COUNTIES, CITY, 10)
    assert few == nobody and few["01"] is None and few["02"].low <= 80 <= few["02"].high
    wages = declared("wages", grain=(30_000, 1))
    one, none = (told(wages, {"01": Parts(900_000 + more)}, COUNTIES, CITY, 10) for more in (29_999, 0))
    assert one == none
