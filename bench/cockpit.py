"""The cockpit at the size of a city: its pages beside an empty request, its refresh beside a scan of the same columns."""

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.core.management import call_command
from django.test import Client

from bench.load import drive
from renshe.kernel.access.terms import Role
from renshe.kernel.frames import reading
from renshe.kernel.indicators import actions
from renshe.kernel.indicators.of_city import INDICATORS
from tests.factories import an_officer

COLUMNS = {  # what the figures computed on each table need to read
    "persons": ["person", "county", "status", "scheme", "statutory", "unemployment", "injury"],
    "contributions": ["person", "month", "base"],
    "spells": ["person", "start", "new_employment"],
    "talents": ["person", "talent", "title", "skill"],
    "pensions": ["person", "since", "paid_until", "amount", "suspended_from", "suspended_until"],
    "disputes": ["kind", "county", "opened_month", "closed_month", "settled"],
    "attendance": ["site", "month", "due", "paid"],
}


def seconds(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def scanned(table: str, columns: list[str]) -> None:
    """Read the columns and do next to nothing with them: the least that any figure over them can cost."""
    reading.scan(table, columns).select(pl.all().max()).collect(engine="streaming")


@contextmanager
def served(port: int) -> Iterator[None]:
    """The platform on a port, while it lasts."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
               "--blocking-threads", "4", "--no-ws", "--log-level", "error", "bench.wsgi:application"]
    server = subprocess.Popen(command)
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/empty"):
                    break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def bench_cockpit(people: int, port: int, duration: float) -> dict[str, Any]:
    """Build the city in columns, refresh its figures, look at the cockpit."""
    call_command("city", "build", "--people", str(people), "--frames", verbosity=0)
    found: dict[str, Any] = {"people": people, "contribution_rows": reading.scan("contributions").select(pl.len()).collect().item()}
    slow: dict[str, float] = {}
    for one in INDICATORS:
        slow[one.key] = round(seconds(lambda key=one.key: actions.refresh(keys=[key])), 2)
    scans = {table: seconds(lambda table=table, columns=columns: scanned(table, columns)) for table, columns in COLUMNS.items()}
    found["refresh_all_s"], found["scan_of_its_columns_s"] = round(sum(slow.values()), 2), round(sum(scans.values()), 2)
    found["times_scan"] = round(sum(slow.values()) / sum(scans.values()), 2)
    heaviest = max(slow, key=lambda key: slow[key])
    found["heaviest"] = {heaviest: slow[heaviest], "times_scan_of_contributions": round(slow[heaviest] / scans["contributions"], 2)}
    actions.refresh()
    client = Client()
    client.force_login(an_officer(Role.LEADER), backend="django.contrib.auth.backends.ModelBackend")
    headers = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    stamp = re.search(r"stamp=([\d.]+)", client.get("/cockpit/wall").content.decode())
    with served(port):
        pages = {"empty": "/bench/empty", "daily": "/cockpit/", "wall": "/cockpit/wall", "figure": "/cockpit/figures/insurance.covered",
                 "index": "/cockpit/index", "nothing_new": f"/cockpit/wall/live?stamp={stamp[1] if stamp else 0}"}
        for path in pages.values():  # each worker has drawn each page once before anything is measured
            drive(port, 4, 0.3, lambda path=path: ("GET", path, None, headers), 200)
        for clients in (1, 8):
            found[f"clients_{clients}"] = {
                name: drive(port, clients, duration, lambda path=path: ("GET", path, None, headers), 204 if name == "nothing_new" else 200).row()
                for name, path in pages.items()
            }
    return found
