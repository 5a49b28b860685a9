"""Asks for the sweep last published, and how far one under way has come."""

from dataclasses import dataclass
from typing import Any

from renshe.kernel.sweeps import running


@dataclass(frozen=True)
class Going:
    """A sweep under way: its day, ranges done and in all."""

    on: str
    done: int
    of: int


def published() -> dict[str, Any] | None:
    """The sweep that pages show: `{"key", "on", "finished_at", "policies": [...]}`."""
    return running.published()


def going() -> Going | None:
    """The newest sweep that has begun and is not published; None when there is none."""
    said, place = published(), running.root()
    if not place.exists():
        return None
    begun = [one for one in place.iterdir() if one.is_dir() and (said is None or one.name > said["key"])]
    if not begun:
        return None
    newest = max(begun, key=lambda one: one.stat().st_mtime)
    done = len(list(newest.glob("*.json")))
    return Going(newest.name[:10], done, max(running.count(), done))
