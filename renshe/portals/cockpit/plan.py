"""The plan as leaders see it: every target with its light, how many stand at each."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils import timezone

from renshe.apps.planning import queries
from renshe.apps.planning.models import Plan
from renshe.apps.planning.queries import Watched
from renshe.apps.planning.terms import Light
from renshe.kernel.access.actor import Actor
from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.territory import territory

ORDER = (Light.RED, Light.YELLOW, Light.GREEN, Light.NONE)
WIDE = 1000


@dataclass(frozen=True)
class Lamp:
    """How many targets stand at a light, and its stretch of a bar 1000 wide."""

    light: Light
    count: int
    x: int
    width: int


@dataclass(frozen=True)
class Line:
    """One target as a row: what is seen, what should be by now, what is the goal."""

    watched: Watched
    last: str
    expected: str
    goal: str
    share: int  # of the goal, in thousandths, at most 1000

    @property
    def key(self) -> str:
        return self.watched.target.key


@dataclass(frozen=True)
class Standing:
    """A published plan in one division on this day."""

    plan: Plan
    lines: list[Line]
    lamps: list[Lamp]


def standing(division: str, reader: Actor) -> Standing | None:
    """The newest published plan of the city as it stands in a division, to a reader; None when none is published."""
    plan = queries.published(territory().city).first()
    if plan is None:
        return None
    watched = queries.watch(queries.targets(plan), timezone.localdate(), division, reader=reader)
    lines = sorted((_line(one) for one in watched), key=lambda line: (ORDER.index(line.watched.light), line.watched.target.position))
    lamps, x = [], 0
    for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.NONE):
        count = sum(line.watched.light is light for line in lines)
        width = round(WIDE * count / len(lines)) if lines else 0
        lamps.append(Lamp(light, count, x, width))
        x += width
    return Standing(plan, lines, lamps)


def _line(one: Watched) -> Line:
    places = queries.decimals(one.target)
    share = one.to_goal if one.to_goal is not None else Fraction(0)
    return Line(
        one, one.last.shown(places) if one.last else "", queries.show(one.expected, places),
        queries.show(one.course.goal, places), int(min(max(share, Fraction(0)), Fraction(1)) * WIDE),
    )


def known() -> dict[str, Indicator]:
    """Every indicator, those that only a published plan names included (they are declared in each process when asked for)."""
    for plan in queries.published():
        for target in queries.targets(plan):
            queries.declare(target)
    return indicators()
