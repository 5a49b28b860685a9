"""Case numbers: division, day, and ten characters that nobody mixes up when read out over the phone."""

import datetime
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)


def case_number(division: str, case_id: int, on: datetime.date) -> str:
    """`330802-261124-7Q2M0000AB`: unique because the low bits of a row identifier repeat only after 37 hours."""
    rest = case_id & ((1 << 49) - 1)
    tail = "".join([PAIRS[rest >> shift & 1023] for shift in (40, 30, 20, 10, 0)])
    return f"{division[:6]}-{_day(on)}-{tail}"


@lru_cache(maxsize=8)
def _day(on: datetime.date) -> str:
    return f"{on:%y%m%d}"
