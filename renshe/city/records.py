"""Puts the city into the records: subjects, their history under cases of takeover, and the same city in columns beside."""

from typing import Any

import numpy as np
import polars as pl
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from renshe.city import columns
from renshe.city.columns import Progress
from renshe.city.making import make
from renshe.city.register import Register, register_employers, register_people
from renshe.city.shape import City
from renshe.city.takeover import Taken, open_cases, take_over
from renshe.kernel.access.actor import actor_of
from renshe.kernel.access.models import Account
from renshe.kernel.frames import writing
from renshe.kernel.indicators.actions import mark_stale
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects.models import Organisation

TAKER = "takeover"  # the account the history is taken over by: nobody can sign in with it


def build(city: City, progress: Progress = lambda done, of: None) -> dict[str, int]:
    """Insert the whole city, all or nothing; a register that holds employers already stays as it is. Returns what was made."""
    if Organisation.objects.exists():
        return {}
    subjects.load_places(settings.CITY / "divisions.csv")
    now, register, ranges = timezone.now(), Register(), writing.ranges(city.people)
    counts: dict[str, int] = {}
    written: list[Any] = []
    with deed():
        account, _ = Account.objects.get_or_create(username=TAKER, defaults={"name": "数据接续", "password": make_password(None)})
        employers = register_employers(city, now)
        cases = open_cases(city, employers, actor_of(account), now)
        taken = Taken(np.empty(0, np.int64), employers, cases)
        counts["单位"] = employers.size
        for first, last in ranges:
            made = make(city, first, last)
            taken.persons = register_people(city, made.people, register)
            more = {"人员": taken.persons.size, **take_over(city, made, taken)}
            counts |= {name: counts.get(name, 0) + count for name, count in more.items()}
            made.tables["persons"] = made.tables["persons"].with_columns(id=pl.Series(taken.persons))
            written.append(columns.write(made))
            progress(len(written), len(ranges))
    columns.publish(city, written, employers)
    mark_stale(*indicators())  # what was taken over is no deed that figures watch
    return counts
