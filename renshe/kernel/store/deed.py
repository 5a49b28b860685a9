"""A deed is one transaction, and on SQLite one writer at a time.

SQLite's own waiting is a sleep with growing pauses: with several writers its slowest tenth waits half a second. A
file lock taken before the transaction keeps them in line and costs no throughput.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

_here = threading.local()


@contextmanager
def deed() -> Iterator[None]:
    """All or nothing: everything written inside is committed together. Nests: an inner deed joins the outer."""
    if connection.vendor != "sqlite" or getattr(_here, "inside", False):
        with transaction.atomic():
            yield
        return
    folder = Path(settings.VAR)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "write.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _here.inside = True
        with transaction.atomic():
            yield
    finally:
        _here.inside = False
        os.close(handle)
