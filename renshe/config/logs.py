"""Log lines nobody can forge: what was typed into the platform never begins a line of its own."""

import datetime
import logging
import re

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.Formatter):
    """An event is one line; control characters in it are written as escapes, and the lines of a trace are set in."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """ISO 8601 with the offset, so that lines of several machines can be put in order."""
        return datetime.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of an event, with every control character escaped."""
        return CONTROL.sub(lambda one: one[0].encode("unicode_escape").decode(), super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        """The trace, each line set in by two spaces, so that none reads as an event."""
        return "\n".join(f"  {CONTROL.sub(' ', line)}" for line in super().formatException(ei).splitlines())  # type: ignore[arg-type]
