"""A platform of its own in a folder: started, killed, backed up and restored by its own commands."""

import contextlib
import http.client
import itertools
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil

LENT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_ports = itertools.count(os.getpid() * 37)  # each process looks somewhere else


def free_port() -> int:
    """A port nobody uses, below those that the system lends to outgoing connections: nobody else is given it before it is listened on."""
    lowest = int(LENT.read_text().split()[0]) if LENT.exists() else 32768
    for number in _ports:
        port = 10_000 + number % max(lowest - 10_000, 1)
        with contextlib.closing(socket.socket()) as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise AssertionError("counting never ends")


class Platform:
    """`renshe serve` on loopback, with its own VAR, journal and database."""

    def __init__(self, folder: Path, *, database_url: str = "", var: Path | None = None, **extra: str) -> None:
        self.folder, self.port = folder, free_port()
        self.var, self.journal = var or folder / "var", folder / "journal"
        self.database = self.var / "renshe.sqlite3"
        self.var.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RENSHE_", "DJANGO_", "DATABASE_URL"))}
        self.env = {
            **kept, "RENSHE_VAR": str(self.var), "RENSHE_JOURNAL": str(self.journal), "RENSHE_SECOND_FACTOR": "",
            "RENSHE_LOW_SPACE_MB": "16", "RENSHE_TIGHT_SPACE_MB": "8",  # a small disk is not yet a full one
            "DATABASE_URL": database_url or f"sqlite:///{self.database}", "NUMBA_CACHE_DIR": "/tmp/renshe-numba",
            "DJANGO_SETTINGS_MODULE": "renshe.config.settings", **extra,
        }
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str, fails: bool = False) -> str:
        """One command of the platform; its output. Raises AssertionError when it fails and should not, or the reverse."""
        done = subprocess.run([sys.executable, "-m", "renshe", *words], env=self.env, capture_output=True, text=True, timeout=300)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, program: str) -> str:
        """A few lines run inside the platform; what they print."""
        text = f"import django; django.setup()\n{program}"
        done = subprocess.run([sys.executable, "-c", text], env=self.env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *, workers: int = 2, only_web: bool = False) -> None:
        """Serve; returns when a page answers. `only_web` leaves the keepers out."""
        serve = ["-m", "renshe", "serve", "--workers", str(workers)]
        web = ["-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4", "--no-ws",
               "--log-level", "warning", "renshe.config.wsgi:application"]
        command = [sys.executable, *(web if only_web else serve), "--port", str(self.port)]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, env=self.env, stdout=out, stderr=out)
        end = time.monotonic() + 300
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the open home page answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/open/verify")
            return line.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def processes(self, word: str = "") -> list[psutil.Process]:
        """Our own processes whose command holds a word."""
        if self.process is None or self.process.poll() is not None:
            return []
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        return [one for one in family if word in " ".join(_command(one))]

    def traces(self, most: int = 3) -> list[str]:
        """The last traces in the log: why something was answered with 500."""
        return [one[:3000] for one in self.log.read_text(errors="replace").split("Traceback (most recent call last)")[1:][-most:]]

    def kill(self) -> None:
        """Every process of it at once, with -9."""
        family = self.processes()
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGSTOP)  # so that none starts another while the rest die
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        if self.process:
            self.process.wait(timeout=120)

    def stop(self) -> None:
        """End it in good order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=120)

    def destroy_database(self) -> Path:
        """The database's files are gone from its disk; returns a copy for comparing, put aside."""
        aside = self.folder / "aside"
        aside.mkdir()
        for path in self.var.glob(f"{self.database.name}*"):
            shutil.move(path, aside / path.name)
        return aside / self.database.name


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def rows(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table of an SQLite file."""
    with contextlib.closing(sqlite3.connect(path)) as link:
        tables = [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")]
        return {name: set(link.execute(f'SELECT * FROM "{name}"')) for name in tables}
