"""Case numbers: division, day, and ten characters that nobody mixes up when read out over the phone."""

import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = 10


def case_number(division: str, case_id: int, on: datetime.date) -> str:
    """`330802-261124-7Q2M0000AB`: unique because the low bits of a row identifier repeat only after 37 hours."""
    rest, tail = case_id & ((1 << 49) - 1), ""
    for _ in range(DIGITS):
        rest, digit = divmod(rest, 32)
        tail = ALPHABET[digit] + tail
    return f"{division[:6]}-{on:%y%m%d}-{tail}"
