"""What a reading yields. Each finding names the place it was read from; offsets point into the clean text."""

from dataclasses import dataclass, field
from decimal import Decimal

from renshe.apps.planning.terms import Bound, Conflict, ExtractKind, Nature, Timing, Wording
from renshe.kernel.indicators.terms import Sense


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the headings above it, the line (or paragraph of a .docx) of the file, and the stretch
    `start`..`end` of the clean text, of which `quote` is exactly the content."""

    path: tuple[str, ...]
    line: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value. `number` is in the printed unit; None where the plan prints none (——) or a ratio (8:27:65)."""

    printed: str
    number: Decimal | None
    bound: Bound = Bound.EXACT


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of an indicator table."""

    number: str
    name: str
    unit: str
    group: str
    base: Value
    base_year: int | None
    target: Value
    target_year: int | None
    done: Value | None
    nature: Nature
    nature_printed: str
    sense: Sense
    part_of: str
    owner: str
    place: Place


@dataclass(frozen=True, slots=True)
class Listed:
    """One numbered entry of a cell or a box."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """A box (专栏) with its numbered actions."""

    number: str
    title: str
    actions: tuple[Listed, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Project:
    """A key project; columns the plan does not print stay empty."""

    number: str
    name: str
    platform: tuple[Listed, ...]
    mechanism: tuple[Listed, ...]
    measures: tuple[Listed, ...]
    steps: tuple[Listed, ...]
    goals: tuple[Listed, ...]
    period: str
    owner: str
    place: Place


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """A group of key tasks."""

    number: str
    name: str
    tasks: tuple[Listed, ...]
    period: str
    owner: str
    place: Place


@dataclass(frozen=True, slots=True)
class Promise:
    """A quantified (or dated) promise of the text. `number` × `scale` is the amount in `unit` without 万 or 亿."""

    subject: str
    number: Decimal | None
    scale: int
    unit: str
    bound: Bound
    timing: Timing
    years: int | None
    wording: Wording
    sentence: str
    place: Place

    @property
    def amount(self) -> Decimal | None:
        return None if self.number is None else self.number * self.scale


@dataclass(frozen=True, slots=True)
class Unread:
    """Something the reader saw and could not use, with the reason, for a person to look at."""

    reason: str
    place: Place
    words: str = ""


Found = Indicator | Box | Project | TaskGroup | Promise | Unread


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Readings of one matter that differ; all are kept. `readings` index into `Reading.found`."""

    kind: Conflict
    subject: str
    note: str
    readings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan as read."""

    title: str
    document_number: str
    first_year: int | None
    last_year: int | None
    text: str
    headings: tuple[tuple[int, str, Place], ...]
    found: tuple[tuple[ExtractKind, Found], ...]
    contradictions: tuple[Contradiction, ...] = field(default=())

    def of(self, kind: ExtractKind) -> list[Found]:
        """Findings of one kind, in the order of the text."""
        return [one for is_a, one in self.found if is_a is kind]
