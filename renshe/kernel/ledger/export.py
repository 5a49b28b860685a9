"""The log as static files that any web server can give (C2SP tlog-tiles).

Every file appears whole under its name or not at all, and the checkpoint comes last: a reader never sees a checkpoint
whose tiles are not there. Killed anywhere, the next run goes on.
"""

import os
import struct
from pathlib import Path

from renshe.kernel.ledger.actions import read_tile
from renshe.kernel.ledger.models import Checkpoint, Leaf
from renshe.kernel.ledger.queries import published
from renshe.kernel.ledger.tree import HASH, WIDTH


def tile_path(number: int) -> str:
    """`1234067` -> `x001/x234/067`."""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def tile_bytes(level: int, number: int, width: int) -> bytes | None:
    """The first `width` hashes of a tile, or None when it has fewer."""
    hashes = read_tile(level, number)
    return hashes[: width * HASH] if len(hashes) >= width * HASH else None


def entry_bytes(number: int, width: int) -> bytes | None:
    """The first `width` entries of an entry bundle, each with its length in two bytes."""
    first = number * WIDTH
    bodies = list(
        Leaf.objects.filter(position__gte=first, position__lt=first + width).order_by("position")
        .values_list("body", flat=True)
    )
    if len(bodies) < width:
        return None
    return b"".join(struct.pack(">H", len(body)) + bytes(body) for body in bodies)


def export(folder: Path) -> int:
    """Write tiles, entries and the checkpoint below a folder; returns the size. Full tiles already there are kept."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return 0
    done = _exported(folder)
    level, count = 0, last.size
    while count:
        full, rest = divmod(count, WIDTH)
        for number in range(done // WIDTH, full + (rest > 0)):
            width = WIDTH if number < full else rest
            suffix = "" if width == WIDTH else f".p/{width}"
            _keep(folder / f"tile/{level}/{tile_path(number)}{suffix}", tile_bytes(level, number, width))
            if level == 0:
                _keep(folder / f"tile/entries/{tile_path(number)}{suffix}", entry_bytes(number, width))
        level, count, done = level + 1, full, done // WIDTH
    _write(folder / "checkpoint", published(last).encode())
    return last.size


def _exported(folder: Path) -> int:
    """How far a folder has come: the size its checkpoint states."""
    try:
        return int((folder / "checkpoint").read_text(encoding="utf-8").split("\n")[1])
    except (FileNotFoundError, IndexError, ValueError):
        return 0


def _keep(path: Path, content: bytes | None) -> None:
    if content is None:
        raise LookupError(f"{path}: the log holds less than its checkpoint says")
    if not path.exists():
        _write(path, content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    with waiting.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
