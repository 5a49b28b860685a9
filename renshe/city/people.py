"""A handful of people for tests and demonstrations: they belong to nobody (see `identity`)."""

import datetime
import random
from dataclasses import dataclass

from renshe.city.identity import GIVEN, SURNAMES, citizen_id, phone


@dataclass(frozen=True)
class Someone:
    """A made-up person."""

    name: str
    citizen_id: str
    phone: str
    birth_on: datetime.date
    female: bool


def people(count: int, seed: int, *, youngest: int = 18, oldest: int = 58) -> list[Someone]:
    """`count` different working-age people, the same for the same seed."""
    dice = random.Random(seed)
    today, made, taken = datetime.date(2026, 1, 1), [], set()
    while len(made) < count:
        birth = today - datetime.timedelta(days=dice.randrange(youngest * 365, oldest * 365))
        sequence = dice.randrange(1000)
        number = citizen_id(birth, sequence)
        if number in taken:
            continue
        taken.add(number)
        name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
        made.append(Someone(name, number, phone(len(made)), birth, sequence % 2 == 0))
    return made
