"""The log as static files that any web server can give (C2SP tlog-tiles).

Every file appears whole under its name or not at all, and the checkpoint comes last: a reader never sees a checkpoint
whose tiles are not there. Killed anywhere, the next run goes on.
"""

import base64
import fcntl
import os
import shutil
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from renshe.kernel.ledger import tree
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


class Unlike(Exception):
    """A folder holds another history than the log does; why, in plain words."""


def export(folder: Path) -> int:
    """Write tiles, entries and the checkpoint below a folder; returns the size. Full tiles already there are kept.

    One at a time for a folder. Raises Unlike when the log does not begin with what the folder's checkpoint states: what
    outsiders have been shown is never taken back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        last = Checkpoint.objects.order_by("-size").first()
        if last is None:
            return 0
        done = _continued(folder, last)
        between = Checkpoint.objects.filter(size__gt=done, size__lt=last.size).values_list("size", flat=True)
        for level, number, width in _wanted(done, last.size, between.iterator(chunk_size=10_000)):
            _keep(folder / tile_name(level, number, width), tile_bytes(level, number, width))
            if level == 0:
                _keep(folder / tile_name("entries", number, width), entry_bytes(number, width))
        _write(folder / "checkpoint", published(last).encode())
        for level, number in _filled(done, last.size):
            shutil.rmtree(folder / f"{tile_name(level, number, WIDTH)}.p", ignore_errors=True)
        return last.size


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One export at a time: a slower one must not put an older checkpoint over a newer."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _wanted(done: int, size: int, between: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Level, number and width of every tile to write: the full ones, and the partial ones that any checkpoint needs.

    A partial tile whose full one is there is not written: readers cut it from the full one, as the specification lets them.
    """
    counts = [size >> 8 * level for level in range(8) if size >> 8 * level]
    widths = [{count % WIDTH} - {0} for count in counts]
    for one in between:
        for level, count in enumerate(counts):
            if (one >> 8 * level) // WIDTH == count // WIDTH and (one >> 8 * level) % WIDTH:
                widths[level].add((one >> 8 * level) % WIDTH)
    for level, count in enumerate(counts):
        yield from ((level, number, WIDTH) for number in range((done >> 8 * level) // WIDTH, count // WIDTH))
        yield from ((level, count // WIDTH, one) for one in sorted(widths[level]))


def _filled(done: int, size: int) -> Iterator[tuple[int | str, int]]:
    """Level and number of the tiles that became full: their partial ones may go, when the checkpoint stands that needs none."""
    for level in range(8):
        for number in range((done >> 8 * level) // WIDTH, (size >> 8 * level) // WIDTH):
            yield from ([(level, number)] if level else [(0, number), ("entries", number)])


def tile_name(level: int | str, number: int, width: int) -> str:
    """`tile/0/x001/x234/067`, with `.p/3` where it is partial; level `entries` for entry bundles."""
    return f"tile/{level}/{tile_path(number)}" + ("" if width == WIDTH else f".p/{width}")


def _continued(folder: Path, last: Checkpoint) -> int:
    """How far a folder has come: the size its checkpoint states, of which the log must be the continuation. Raises Unlike."""
    try:
        _, size, root = (folder / "checkpoint").read_text(encoding="utf-8").split("\n")[:3]
        done = int(size)
    except (FileNotFoundError, ValueError):
        return 0
    if done > last.size:
        raise Unlike(f"{folder} 里已公布到{done}条，账本现在只有{last.size}条：账本被回退了，不导出")
    if base64.b64encode(tree.root(tree.once(read_tile), done)).decode() != root:
        raise Unlike(f"{folder} 里公布的{done}条不是这本账本的开头，不导出")
    return done


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
