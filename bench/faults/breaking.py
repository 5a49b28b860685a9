"""The ways in which things break, each really done to a running platform, each undone again."""

import contextlib
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from bench.faults.platform import Platform

JUMP_SECONDS = 600.0
SLOW_SECONDS = 0.15  # longer for each fsync: a worn or shared disk
LONGEST_FULL = 120.0  # seconds to wait for somebody to notice


class Shim:
    """A clock that can be moved and a disk that can be slowed, for the processes that load it."""

    def __init__(self, folder: Path) -> None:
        self.control, self.library = folder / "shim.control", folder / "shim.so"
        self.set()
        source = Path(__file__).with_name("shim.c")
        compiled = subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(self.library), str(source), "-ldl"], capture_output=True, text=True)
        assert compiled.returncode == 0, compiled.stderr

    @property
    def env(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "RENSHE_SHIM": str(self.control)}

    def set(self, jump: float = 0.0, slow: float = 0.0) -> None:
        if not self.control.exists():
            self.control.write_bytes(bytes(16))
        with self.control.open("r+b") as out:
            out.write(struct.pack("dd", jump, slow))


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A disk of its own that can be filled; None where mounting is not allowed."""
    place = Path(tempfile.mkdtemp(prefix="renshe-disk-"))
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], capture_output=True).returncode == 0
    try:
        yield place if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=False)
        shutil.rmtree(place, ignore_errors=True)


def kill_worker(platform: Platform) -> None:
    """-9 to a process that answers pages."""
    _, *workers = platform.processes("granian")
    serving = [one for one in workers if one.parent() and "granian" in " ".join(one.parent().cmdline())] or workers
    serving[0].kill()


def kill_sequencer(platform: Platform) -> None:
    """-9 to the keeper of the ledger."""
    for one in platform.processes("keeper"):
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.cmdline()[-1] == "ledger":
                one.send_signal(signal.SIGKILL)


def cut_log(database: Path) -> None:
    """SQLite's log of changes back to nothing, as after a restart: else it has room of its own and a full disk goes unnoticed."""
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as link:
        for _ in range(50):
            if link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                return
            time.sleep(0.1)


def fill_disk(place: Path, seconds: float, noticed: Callable[[], bool]) -> None:
    """No byte is free where the database lies, for a while and until somebody noticed."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        for size in (2**20, 2**12, 1):
            with contextlib.suppress(OSError):
                while True:
                    out.write(bytes(size))
    end = time.monotonic() + seconds
    while time.monotonic() < end or not (noticed() or time.monotonic() > end + LONGEST_FULL):
        time.sleep(0.05)
    ballast.unlink()


def jump_clock(shim: Shim, seconds: float) -> None:
    """Ten minutes forward, and back again."""
    shim.set(jump=JUMP_SECONDS)
    time.sleep(seconds)
    shim.set(jump=-JUMP_SECONDS)
    time.sleep(seconds)
    shim.set()


def slow_disk(shim: Shim, seconds: float) -> None:
    """Each fsync takes much longer, for a while."""
    shim.set(slow=SLOW_SECONDS)
    time.sleep(seconds)
    shim.set()


