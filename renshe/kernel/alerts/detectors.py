"""What makes a reading unusual. A detector gets a stretch of the log and says which readings belong together, and why."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from renshe.kernel.alerts.limits import Limit
from renshe.kernel.alerts.models import Guarded
from renshe.kernel.alerts.terms import AlertKind, GuardState
from renshe.kernel.common.divisions import prefix
from renshe.kernel.privacy.models import Reading
from renshe.kernel.privacy.terms import EXPORTED, SHARED_OUT
from renshe.kernel.subjects.models import Mandate, Mandating, Person
from renshe.kernel.subjects.queries import households, kin


@dataclass(frozen=True)
class Found:
    """Readings of one reader that belong to one alert."""

    reader_id: int
    reader_name: str
    scope: str
    readings: tuple[int, ...]
    words: str
    person_id: int | None = None


class Stretch:
    """Some readings in the order they were made, with what is known about their readers and persons."""

    def __init__(self, readings: list[Reading]) -> None:
        self.readings = readings

    @cached_property
    def by_officers(self) -> list[Reading]:
        """Without what other departments' programs get: they work by night and by the hundred, under an agreement."""
        return [one for one in self.readings if not one.what.startswith(SHARED_OUT)]

    @cached_property
    def homes(self) -> dict[int, tuple[int, str]]:
        """Each reader's own person and its division."""
        rows = Mandate.objects.filter(
            account_id__in={one.reader_id for one in self.readings}, kind__in=(Mandating.SELF, Mandating.OFFICER), valid_until=None
        ).order_by("id").values_list("account_id", "person_id", "person__division")
        return {account: (person, division) for account, person, division in rows}

    @cached_property
    def households(self) -> dict[int, str]:
        """The household of each reader's own person and of each person read."""
        return households({person for person, _ in self.homes.values()} | {one.person_id for one in self.readings})

    @cached_property
    def kin(self) -> dict[int, set[int]]:
        """Whom the readers' own persons have declared as near relatives."""
        return kin({person for person, _ in self.homes.values()})

    @cached_property
    def divisions(self) -> dict[int, str]:
        """Where the persons of the readings live."""
        return dict(Person.objects.filter(pk__in={one.person_id for one in self.readings}).values_list("pk", "division"))

    @cached_property
    def guarded(self) -> set[int]:
        """Which of the persons are guarded especially."""
        rows = Guarded.objects.filter(
            person_id__in={one.person_id for one in self.readings}, state__in=(GuardState.GUARDED, GuardState.ENDING)
        )
        return set(rows.values_list("person_id", flat=True))


Detector = Callable[[Stretch, Limit], Iterable[Found]]
DETECTORS: dict[AlertKind, Detector] = {}


def register(kind: AlertKind) -> Callable[[Detector], Detector]:
    """Make a detector known as the one of its kind."""

    def known(detector: Detector) -> Detector:
        DETECTORS[kind] = detector
        return detector

    return known


def _together(readings: Iterable[Reading], scope: Callable[[Reading], str], words: str, *, single: bool = False) -> Iterator[Found]:
    """The readings by reader and scope, one alert each; `single` when a scope is one person."""
    groups: dict[tuple[int, str], list[Reading]] = defaultdict(list)
    for one in readings:
        groups[one.reader_id, scope(one)].append(one)
    for (reader_id, shared), some in groups.items():
        yield Found(
            reader_id, some[0].reader_name, shared, tuple(one.pk for one in some), words,
            some[0].person_id if single else None,
        )


def _person(one: Reading) -> str:
    return str(one.person_id)


@register(AlertKind.NIGHT)
def night(stretch: Stretch, limit: Limit) -> Iterator[Found]:
    """Readings while offices are closed for the night; one alert for a reader's night."""
    begins, ends = limit.numbers["from_hour"], limit.numbers["until_hour"]
    late = [one for one in stretch.by_officers if not ends <= timezone.localtime(one.at).hour < begins]

    def evening(one: Reading) -> str:
        return f"{timezone.localtime(one.at) - datetime.timedelta(hours=ends):%Y-%m-%d}"

    yield from _together(late, evening, f"在{begins}点至次日{ends}点之间查阅个人记录")


@register(AlertKind.BULK)
def bulk(stretch: Stretch, limit: Limit) -> Iterator[Found]:
    """More persons within some minutes than anybody can serve. Exports are approved elsewhere and not counted."""
    span, most = datetime.timedelta(minutes=limit.numbers["minutes"]), limit.numbers["persons"]
    for reader_id in sorted({one.reader_id for one in stretch.by_officers}):
        moments = [one.at for one in stretch.by_officers if one.reader_id == reader_id]
        rows = list(
            Reading.objects.filter(reader_id=reader_id, at__gte=min(moments) - span, at__lte=max(moments))
            .exclude(what__startswith=EXPORTED).order_by("at", "id")
        )
        if caught := _crowded(rows, span, most):
            words = f"{limit.numbers['minutes']}分钟内查阅超过{most}人"
            yield from _together(caught, lambda one: f"{timezone.localtime(one.at):%Y-%m-%d}", words)


def _crowded(rows: list[Reading], span: datetime.timedelta, most: int) -> list[Reading]:
    """The readings that lie in a window with more than `most` persons."""
    caught: dict[int, Reading] = {}
    within: dict[int, int] = defaultdict(int)
    first = 0
    for at, one in enumerate(rows):
        within[one.person_id] += 1
        while one.at - rows[first].at > span:
            within[rows[first].person_id] -= 1
            if not within[rows[first].person_id]:
                del within[rows[first].person_id]
            first += 1
        if len(within) > most:
            caught.update((row.pk, row) for row in rows[first : at + 1] if row.pk not in caught)
    return list(caught.values())


@register(AlertKind.NEIGHBOUR)
def neighbour(stretch: Stretch, limit: Limit) -> Iterator[Found]:
    """Readings without a case of people who live in the reader's own township."""
    digits = limit.numbers["digits"]

    def near(one: Reading) -> bool:
        person, home = stretch.homes.get(one.reader_id, (0, ""))
        there = stretch.divisions.get(one.person_id, "")
        township = prefix(home[:digits])
        return bool(len(township) > 6 and not one.case_number and person != one.person_id and there.startswith(township))

    yield from _together(filter(near, stretch.readings), _person, "未因办件查阅与自己同住一个镇（街道）的人", single=True)


@register(AlertKind.GUARDED)
def guarded(stretch: Stretch, limit: Limit) -> Iterator[Found]:
    """Any reading of somebody guarded especially."""
    rows = (one for one in stretch.readings if one.person_id in stretch.guarded)
    yield from _together(rows, _person, "查阅特别保护名单上的人", single=True)


@register(AlertKind.OWN)
def own(stretch: Stretch, limit: Limit) -> Iterator[Found]:
    """Officers who open their own record at the desk instead of at the residents' door."""
    rows = (one for one in stretch.readings if stretch.homes.get(one.reader_id, (0, ""))[0] == one.person_id)
    yield from _together(rows, _person, "用工作账户查阅自己的记录", single=True)


@register(AlertKind.RELATIVE)
def relative(stretch: Stretch, limit: Limit) -> Iterator[Found]:
    """Any reading of the reader's own household or declared relatives, in a case too: whose family it is leaves it to another."""

    def family(one: Reading) -> bool:
        own_person = stretch.homes.get(one.reader_id, (0, ""))[0]
        home = stretch.households.get(own_person, "")
        together = bool(home) and own_person != one.person_id and stretch.households.get(one.person_id) == home
        return together or one.person_id in stretch.kin.get(own_person, ())

    yield from _together(filter(family, stretch.readings), _person, "查阅与自己同户的人或申报的近亲属", single=True)
