"""Nobody is meant: every number is well formed and none could have been issued to anybody."""

import csv
import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renshe.city.employers import employer_name
from renshe.city.identity import AREA, citizen_id, citizen_ids, names, nobody, phone, uscc
from renshe.kernel.common.identifiers import birth_on, citizen_id_fault, mobile_fault, sex_code, uscc_fault

FORMER = {"330801", "330821", "330823"}  # codes of the prefecture that were or are in use besides today's counties


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2029, 12, 31)), st.integers(0, 999))
def test_citizen_ids_are_well_formed_and_nobodys(birth, sequence):
    number = citizen_id(birth, sequence)
    assert not citizen_id_fault(number) and birth_on(number) == birth and nobody(number)
    assert sex_code(number) == ("1" if sequence % 2 else "2")
    assert citizen_ids(np.array([birth], "datetime64[D]"), np.array([sequence])) == [number]


@given(st.integers(1, 99_999_999))
def test_credit_codes_are_well_formed_and_nobodys(number):
    assert not uscc_fault(uscc(number)) and nobody(uscc(number))


def test_the_area_is_no_county_now_or_before(settings):
    with (settings.CITY / "divisions.csv").open(encoding="utf-8", newline="") as handle:
        codes = {row["code"][:6] for row in csv.DictReader(handle)}
    assert AREA[:4] == "3308" and AREA not in codes | FORMER
    assert not any(nobody(f"{code}199001010000") for code in codes | FORMER)


def test_phones_are_well_formed():
    assert not mobile_fault(phone(12345)) and phone(12345).startswith("1990000")


def test_names_are_of_two_or_three_characters_and_employers_differ():
    made = names(np.random.default_rng(1), np.arange(90))
    assert {len(name) for name in made} == {2, 3} and len(set(made)) > 80
    assert len({employer_name(number, 3) for number in range(5000)}) == 5000
