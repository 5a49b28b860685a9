"""A PostgreSQL of its own on loopback."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import psycopg

from bench.faults.platform import free_port


def _program(name: str) -> str:
    found = shutil.which(name) or next((str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None)
    assert found, f"{name}: Debian package postgresql"
    return found


WAL = "-c max_wal_size=96MB -c min_wal_size=32MB"  # so that a small disk holds it


class Server:
    """A PostgreSQL of its own, which can be killed, restarted and laid out anew; `place` holds its data, `shim` bends clock and disk."""

    def __init__(self, folder: Path, place: Path | None = None, shim: dict[str, str] | None = None) -> None:
        self.folder, self.data, self.port, self.shim = folder, (place or folder) / "data", free_port(), shim or {}
        self.url = f"postgres://renshe@127.0.0.1:{self.port}/postgres"
        folder.chmod(0o755)
        if place:
            place.chmod(0o755)
        self.data.mkdir()
        self.own()
        self.as_postgres("initdb", "-D", str(self.data), "-U", "renshe", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def own(self) -> None:
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "postgres", str(self.data)], check=True)

    def as_postgres(self, program: str, *words: str) -> None:
        lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        subprocess.run([*lent, _program(program), *words], check=True, stdout=subprocess.DEVNULL, cwd="/", env={**os.environ, **self.shim})

    def start(self) -> None:
        self.own()
        subprocess.run(["chmod", "-R", "a+rX", str(self.folder / "journal")], check=False, stderr=subprocess.DEVNULL)
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 {WAL if self.shim else ''}"
        self.as_postgres("pg_ctl", "-D", str(self.data), "-w", "-t", "300", "-l", str(self.data / "log"), "-o", options, "start")

    def kill(self) -> None:
        pid = self.data / "postmaster.pid"
        if pid.exists():
            main = psutil.Process(int(pid.read_text().split()[0]))
            for one in [main, *main.children(recursive=True)]:
                one.kill()
            psutil.wait_procs([main], timeout=120)

    def restart(self) -> None:
        """At once, without asking anybody: every line of a client breaks."""
        self.as_postgres("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "-l", str(self.data / "log"), "restart")

    def revive(self) -> None:
        """Start it where it gave up: a server whose log of changes finds no room stops, and somebody has to start it."""
        if not (self.data / "postmaster.pid").exists():
            self.start()

    def wait_for_the_archive(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as link:
            link.execute("ALTER SYSTEM SET synchronous_standby_names = 'renshe_journal'")
            link.execute("SELECT pg_reload_conf()")
            end = time.monotonic() + 300
            while not link.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone():
                assert time.monotonic() < end, "the archive is not being written"
                time.sleep(0.05)
