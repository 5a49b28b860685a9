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
        self.pid = os.getpid()
        self.number = self._claim()
        self.lock = threading.Lock()
        self.millisecond = 0
        self.counter = 0

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


def new() -> int:
    """A fresh identifier, larger than any this process made before."""
    global _lane
    lane = _lane
    if lane is None or lane.pid != os.getpid():
        with _claiming:
            if _lane is None or _lane.pid != os.getpid():
                _lane = _Lane()
            lane = _lane
    with lane.lock:
        now = max(int(time.time() * 1000) - EPOCH_MS, lane.millisecond)
        if now == lane.millisecond:
            lane.counter += 1
            if lane.counter == COUNTER:
                now, lane.counter = now + 1, 0
        else:
            lane.counter = 0
        lane.millisecond = now
        return (((now << 11) | lane.number) << 11) | lane.counter
