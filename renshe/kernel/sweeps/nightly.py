"""The keeper's part in the sweep: by night, one range at a time, so that nothing else waits long."""

import datetime
import logging
import time

from django.utils import timezone
from polars.exceptions import PolarsError

from renshe.kernel.frames.manifest import manifest
from renshe.kernel.frames.reading import Absent, Damaged
from renshe.kernel.sweeps import running

log = logging.getLogger("renshe.sweeps")
NIGHT = range(1, 5)  # hours of the day
AFTER_FAULT = 600.0  # seconds
_state: dict[str, float] = {"rest_until": 0.0}
_tonight: list[running.Sweep] = []


def advance(now: datetime.datetime | None = None) -> bool:
    """Do one range of tonight's sweep; False by day, without a columnar city, and when tonight's is published."""
    moment = timezone.localtime(now)
    if moment.hour not in NIGHT or time.monotonic() < _state["rest_until"] or not manifest("persons").parts:
        return False
    try:
        return _step(moment.date())
    except running.Moved:
        _tonight.clear()
        return True
    except (Absent, Damaged, OSError, PolarsError, ValueError):
        log.exception("the sweep of %s stopped, trying again later", moment.date())
        _state["rest_until"] = time.monotonic() + AFTER_FAULT
        return False


def _step(today: datetime.date) -> bool:
    said = running.published()
    if said and said["on"] >= today.isoformat():
        _tonight.clear()
        return False
    if not _tonight or _tonight[0].on != today:
        running.folded(on=today)
        _tonight[:] = [running.prepared(today)]
    if running.advance(_tonight[0]):
        return True
    running.publish(_tonight[0])
    return False
