"""Merges appended months into the range files, so that reading stays a plain scan."""

from collections.abc import Callable

from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.manifest import Manifest, changing, manifest, replace


def merge(name: str, progress: Callable[[int, int], None] = lambda done, of: None) -> Manifest:
    """Rewrite each range with its months in it; the table changes in one step at the end, the months being part of it then."""
    with changing(name):
        if not manifest(name).months:
            return manifest(name)
        todo = reading.ranges(name)
        parts = []
        for one in todo:
            parts.append(writing.write_range(name, reading.read(one), one.first, one.last))
            progress(len(parts), len(todo))
        replace(name, parts)
    return manifest(name)
