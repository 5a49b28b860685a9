"""Row identifiers made by us: 63-bit, rising with time, unique without asking the database.

41 bits of milliseconds since 2024, 4 of host (setting RENSHE_HOST_NUMBER), 7 of lane, 11 of counter. A lane is a
lock file held for the life of the process, so that two processes of one host never share one.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

from django.conf import settings

EPOCH_MS = 1_704_067_200_000
LANES = 128
COUNTER = 1 << 11


class _Lane:
    """This process's claim to a stretch of identifiers."""

    def __init__(self) -> None:
        self.base = self._claim() << 11
        self.lock = threading.Lock()
        self.last = 0

    def _claim(self) -> int:
        folder = Path(settings.VAR) / "lanes"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(LANES):
            handle = os.open(folder / str(number), os.O_CREAT | os.O_RDWR)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            self.handle = handle
            return settings.RENSHE_HOST_NUMBER * LANES + number
        raise RuntimeError(f"{LANES} 个进程已占满标识号段，请减少工作进程数")


_lane: _Lane | None = None
_claiming = threading.Lock()


def _after_fork() -> None:
    """A child claims a lane of its own. Told once a fork, since asking for the process number in every call costs more."""
    global _lane, _claiming
    _lane, _claiming = None, threading.Lock()


os.register_at_fork(after_in_child=_after_fork)


def _claimed() -> _Lane:
    global _lane
    with _claiming:
        if _lane is None:
            _lane = _Lane()
        return _lane


def new() -> int:
    """A fresh identifier, larger than any this process made before."""
    return _reserved(1)


def several(count: int) -> range:
    """Fresh identifiers in a row, at most as many as one millisecond holds (2,048)."""
    first = _reserved(count)
    return range(first, first + count)


def _reserved(count: int) -> int:
    lane = _lane or _claimed()
    with lane.lock:
        first = (int(time.time() * 1000) - EPOCH_MS) << 22 | lane.base
        if first <= lane.last:
            full = (lane.last & COUNTER - 1) + count >= COUNTER
            first = ((lane.last >> 22) + 1) << 22 | lane.base if full else lane.last + 1
        lane.last = first + count - 1
        return first
