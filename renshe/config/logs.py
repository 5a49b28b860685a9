"""Log lines nobody can forge and that name nobody: what was typed into the platform never begins a line of its own, and
identity numbers, telephones and the rows that a database quotes in its faults stay out."""

import datetime
import logging
import re
from collections.abc import Iterator

from renshe.kernel.common import identifiers
from renshe.kernel.privacy import masks

NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{17}[0-9Xx]|1[3-9]\d{9})(?![0-9A-Za-z])")
QUOTED = re.compile(r"input_value=.*?(?=, input_type=)")  # how pydantic quotes what it was given
ROW, AFTER = ("DETAIL:", "CONTEXT:"), ("HINT:", "Traceback", "The above exception", "During handling")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.Formatter):
    """An event is one line; control characters in it are written as escapes, and the lines of a trace are set in."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """ISO 8601 with the offset, so that lines of several machines can be put in order."""
        return datetime.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of an event, with every control character escaped."""
        return CONTROL.sub(lambda one: one[0].encode("unicode_escape").decode(), unnamed(super().formatMessage(record)))

    def formatException(self, ei: object) -> str:
        """The trace, each line set in by two spaces, so that none reads as an event."""
        lines = _without_rows(super().formatException(ei).splitlines())  # type: ignore[arg-type]
        return "\n".join(f"  {CONTROL.sub(' ', unnamed(line))}" for line in lines)


def unnamed(text: str) -> str:
    """A text with identity numbers and telephones masked, and without the values that a check quotes."""
    return QUOTED.sub("input_value=…", NUMBER.sub(lambda one: _masked(one[0]), text))


def _masked(digits: str) -> str:
    if len(digits) == 11:
        return masks.phone(digits)
    return digits if identifiers.citizen_id_fault(digits.upper()) else masks.citizen_id(digits)


def _without_rows(lines: list[str]) -> Iterator[str]:
    """A trace without the rows that PostgreSQL quotes: a row is a person's record."""
    inside = False
    for line in lines:
        inside = line.startswith(ROW) or (inside and bool(line) and not line.startswith(AFTER))
        if not inside:
            yield line
