"""Where a value of law holds: a division code (GB/T 2260), a few names for codes, and what lies above a place."""

import re

from renshe.kernel.policy.engine.units import BadInput

NAMES = {"national": "", "zhejiang": "330000", "quzhou": "330800"}
ACCEPTED = f"区划代码，如 330802，或 {'、'.join(NAMES)}"
CODE = re.compile(r"\d{6}(\d{3}(\d{3})?)?")


def code(place: str) -> str:
    """The division code of a place given as code or name; the whole country is empty. Raises BadInput."""
    if place in NAMES:
        return NAMES[place]
    if place and not CODE.fullmatch(place):
        raise BadInput(f"place：“{place[:20]}”不可用，应为{ACCEPTED}", field="place", accepts=ACCEPTED)
    return place


def upward(place: str) -> tuple[str, ...]:
    """A place and those above it, nearest first, ending with the whole country: `330802` -> 330800 -> 330000 -> ``."""
    here = code(place)
    steps = [here, here[:9], here[:6], f"{here[:4]}00", f"{here[:2]}0000"] if here else []
    return (*dict.fromkeys(steps), "")
