"""A plan's text cut where something was read, so that a page can show both side by side."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from renshe.apps.planning.models import Extract

SHORTEST_LINK = 3


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: words, what was read there (the innermost), and which extracts begin here."""

    words: str
    kind: str
    extract_id: int | None
    begins: tuple[int, ...]

    @property
    def is_link(self) -> bool:
        """Whether it leads to what was read: a list number alone is too small to press."""
        return self.extract_id is not None and len(self.words.strip()) > SHORTEST_LINK


def lines(text: str, extracts: Sequence[Extract]) -> list[list[Piece]]:
    """The text line by line in pieces. A sentence within a project's row shows as the promise it is."""
    spans = sorted((one for one in extracts if one.end > one.start), key=lambda one: one.end - one.start)
    made, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        inside = [one for one in spans if one.start < end and one.end > start]
        made.append(_pieces(line, start, inside))
        start = end + 1
    return made


def _pieces(line: str, start: int, spans: list[Extract]) -> list[Piece]:
    end = start + len(line)
    cuts = sorted({start, end, *(min(max(at, start), end) for one in spans for at in (one.start, one.end))})
    pieces = []
    for first, last in itertools.pairwise(cuts):
        covering = next((one for one in spans if one.start <= first and one.end >= last), None)
        begins = tuple(one.pk for one in spans if one.start == first)
        words = line[first - start : last - start].replace("\t", " │ ")
        pieces.append(Piece(words, covering.kind if covering else "", covering.pk if covering else None, begins))
    return pieces
