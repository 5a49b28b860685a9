"""`renshe serve`: the web server and the keepers of ledger, rosters and indicators, each restarted when it dies."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from renshe.city import witnesses
from renshe.kernel.store import backup, space

LONGEST_PAUSE = 30.0
LOOK_EVERY = 600.0  # seconds between two looks at the disks
log = logging.getLogger("renshe.serve")


@dataclass
class Child:
    """A process to keep alive; it is restarted after a pause that doubles while it keeps dying young."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.5
    start_at: float = field(default_factory=time.monotonic)

    def tend(self) -> None:
        if self.process and self.process.poll() is not None:
            lived = time.monotonic() - self.start_at
            self.pause = 0.5 if lived > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
            self.start_at, self.process = time.monotonic() + self.pause, None
        if self.process is None and time.monotonic() >= self.start_at:
            self.process = subprocess.Popen(self.command)
            self.start_at = time.monotonic()


def _refuse_taken(host: str, port: int) -> None:
    """Stop when another program answers there: workers share their port, so two platforms would answer in turns."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise CommandError(f"{host}:{port} 已有程序在用，请停下它，或换一个端口：renshe serve --port {port + 10}")


def _warn_of_full_disks() -> None:
    for disk in space.disks():
        if disk.room is not space.Room.ENOUGH:
            log.warning("磁盘空间%s：%s", disk.room.label, disk.in_words)


class Command(BaseCommand):
    help = "启动平台：网页与接口、账本值守、名册值守、指标值守"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renshe.config.settings")
        _refuse_taken(options["host"], options["port"])
        web = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", options["host"],
            "--port", str(options["port"]), "--workers", str(options["workers"]),
            "--blocking-threads", str(options["threads"]), "--no-ws", "--log-level", "warning", "--respawn-failed-workers", "--respawn-interval", "0.2",
            "renshe.config.wsgi:application",
        ]
        keeper = [sys.executable, "-m", "renshe", "keeper"]
        children = [
            Child("web", web), Child("ledger", [*keeper, "ledger"]),
            Child("witnesses", [sys.executable, "-m", "renshe", "ledger", "attend"]), Child("rosters", [*keeper, "rosters"]),
            Child("indicators, clocks, keys, alerts", [*keeper, "indicators", "cases", "privacy", "alerts"]),
            Child("plan reminders", [sys.executable, "-m", "renshe", "plan", "remind", "--every", "3600"]),
        ]
        if settings.RENSHE_JOURNAL and connection.vendor == "postgresql":
            backup.make_slot()
            children.append(Child("journal", backup.archiving()))
        if settings.RENSHE_DEMO:
            nodes = witnesses.found(options["port"] + 1)
            children += [Child(f"witness {number}", command) for number, command in enumerate(nodes, 1)]
        self.going = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write(f"平台地址：http://{options['host']}:{options['port']}")
        look_at = 0.0
        while self.going:
            for child in children:
                child.tend()
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK_EVERY
                _warn_of_full_disks()
            time.sleep(0.2)
        running = [child.process for child in children if child.process]
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)

    def stop(self, *args: Any) -> None:
        self.going = False
