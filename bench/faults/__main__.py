"""`python -m bench.faults [--seconds N] [--hour]`: mixed traffic on a real server while things break; figures to var/faults.json.

With `--hour` all that a busy hour of a city asks for (`hour.py`) is sent in one go, the faults spread over it.

On the database that DATABASE_URL names, else SQLite. Only to 127.0.0.1; bounded in time and in requests.
"""

import argparse
import contextlib
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.faults import breaking
from bench.faults.hour import HOUR
from bench.faults.platform import Platform
from bench.faults.postgres import Server
from bench.faults.traffic import MIXED, Seen, Traffic, wait_for

MOST = 20_000  # requests in one storm
DISK_MB, LONG_MB, SHORT = 256, 1024, 20.0  # what so many seconds of traffic leave behind must fit
LONGEST = 3600.0  # seconds for a whole hour's errands
SETTLED = """
import json, datetime
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from renshe.kernel.access import tokens
from renshe.kernel.access.terms import Role
from tests.factories import a_resident, an_employer, an_officer, signed_in
call_command("migrate", verbosity=0)
_, hr = an_employer()
who = {"hr": hr, "clerk": an_officer(Role.CLERK), "reviewer": an_officer(Role.REVIEWER), "resident": a_resident()[1]}
day = timezone.localdate()
print(json.dumps({
    "key": tokens.issue(hr, label="负载", days=1), "day": day.isoformat(), "late": (day - datetime.timedelta(days=60)).isoformat(), "csrf": "a" * 32,
    "cookies": {name: signed_in(account).cookies["sessionid"].value for name, account in who.items()},
}))
"""
LEFT = """
import sys, json
from renshe.kernel.cases.models import Case
from renshe.kernel.rosters.models import Roster
cases, rosters = json.load(open(%r))
have = set(Case.objects.values_list("number", flat=True))
kept = {str(one) for one in Roster.objects.values_list("pk", flat=True)}
print(len([one for one in cases if one not in have]) + len([one for one in rosters if one not in kept]))
"""


class Storm:
    """A platform under traffic, and what became of each fault."""

    def __init__(self, platform: Platform, seconds: float, clients: int) -> None:
        self.platform, self.seconds, self.clients = platform, seconds, clients
        self.given: dict[str, Any] = json.loads(platform.python(SETTLED))
        self.rows: dict[str, dict[str, Any]] = {}
        self.cases: list[str] = []
        self.rosters: list[str] = []

    def under(self, name: str, fault: Callable[[Seen], None]) -> None:
        """Traffic, the fault in its midst, traffic until work goes on again."""
        self.given["seed"] = 1000 * (len(self.rows) + 1)
        start = time.monotonic()
        with Traffic(self.platform.port, self.given, clients=self.clients, most=MOST, weights=MIXED) as seen:
            time.sleep(self.seconds / 2)
            struck_at = time.monotonic()
            fault(seen)
            broken_at, before = time.monotonic(), len(seen.receipts)
            wait_for(seen, before + 3)
            recovered = time.monotonic() - broken_at
            time.sleep(self.seconds / 2)
        self.rows[name] = {**self.counted(seen, start), "fault_s": round(broken_at - struck_at, 1), "working_again_s": round(recovered, 1)}

    def through(self, hour: dict[str, int], faults: dict[str, Callable[[Seen], None]]) -> None:
        """A whole hour's errands as fast as they go, one fault after another in their midst; what failed is asked again until it is done."""
        start, self.given["seed"] = time.monotonic(), 7
        of, times, told = sum(hour.values()), dict[str, float](), dict[str, int]()
        traffic = Traffic(self.platform.port, self.given, clients=self.clients, weights=hour, listed=True)
        with traffic as seen:
            for number, (name, fault) in enumerate(faults.items(), 1):
                while len(seen.times) < of * number // (len(faults) + 1) and time.monotonic() - start < LONGEST:
                    time.sleep(0.2)
                before = seen.statuses[503]
                fault(seen)
                broken_at = time.monotonic()
                wait_for(seen, len(seen.receipts) + 1, LONGEST)
                told[name] = seen.statuses[503] - before
                times[name] = round(time.monotonic() - broken_at, 1)
            while any(one.is_alive() for one in traffic.clients) and time.monotonic() - start < LONGEST:
                time.sleep(0.2)
        self.rows["an hour"] = {
            **self.counted(seen, start), "asked_for": hour, "sent": dict(seen.kinds), "working_again_s": times, "not_now_by_fault": told,
            "left_undone": len(traffic.errands.waiting or ()),
        }

    def counted(self, seen: Seen, start: float) -> dict[str, Any]:
        """What came back, receipts put by to be asked for at the end."""
        self.cases += seen.receipts
        self.rosters += seen.rosters
        return {
            "requests": sum(seen.statuses.values()), "receipts": len(seen.receipts) + len(seen.rosters), "decided": seen.decided,
            "not_now_503": seen.statuses[503], "other_5xx": len(seen.worst), "lines_broken": seen.broken, "p50_ms": seen.at(0.5),
            "p99_ms": seen.at(0.99), "seconds": round(time.monotonic() - start, 1), **({"said": seen.worst[:3], "traces": self.platform.traces()} if seen.worst else {}),
        }

    def judged(self) -> dict[str, Any]:
        """What is missing of all that was receipted, and the ledger worked out anew."""
        asked = self.platform.folder / "receipts.json"
        asked.write_text(json.dumps([self.cases, self.rosters]))
        lost = int(self.platform.python(LEFT % str(asked)))
        self.platform.run("ledger", "sequence")
        return {"receipts": len(self.cases) + len(self.rosters), "lost": lost, "audit": next(line for line in self.platform.run("ledger", "audit").splitlines() if "复核" in line)}


def run(seconds: float, clients: int, only: tuple[str, ...] = (), *, postgres: bool = False, hour: dict[str, int] | None = None) -> dict[str, Any]:
    """Every fault once, each in traffic of its own or all in one hour's; figures by fault."""
    folder = Path(tempfile.mkdtemp(prefix="renshe-faults-"))
    folder.chmod(0o755)
    with breaking.small_disk(DISK_MB if hour is None and seconds <= SHORT else LONG_MB) as disk, contextlib.ExitStack() as after:
        after.callback(shutil.rmtree, folder, ignore_errors=True)
        shim = breaking.Shim(folder)
        server = Server(folder, disk, shim.env) if postgres else None
        if server:
            server.start()
            after.callback(server.kill)
        platform = Platform(folder, database_url=server.url if server else "", var=None if postgres else disk, **shim.env)
        if server:
            platform.env["RENSHE_JOURNAL"] = ""  # its own test archives; here the database itself is restarted
        after.callback(platform.kill)
        storm = Storm(platform, seconds, clients)
        platform.start()
        faults: dict[str, Callable[[Seen], None]] = {
            "nothing": lambda seen: None,
            "a worker killed (-9)": lambda seen: breaking.kill_worker(platform),
            "the sequencer killed (-9)": lambda seen: breaking.kill_sequencer(platform),
            "the clock ten minutes forward, then back": lambda seen: breaking.jump_clock(shim, seconds / 2),
            "a slow disk (150 ms more a flush)": lambda seen: breaking.slow_disk(shim, seconds / 2),
        }
        if disk:
            faults["a full disk"] = lambda seen: _full(platform, disk, seconds, seen, server)
        if server:
            faults["the database restarted"] = lambda seen: server.restart()
        chosen = {name: fault for name, fault in faults.items() if not only or name in only}
        if hour is not None:
            storm.through(hour, chosen)
        else:
            for name, fault in chosen.items():
                storm.under(name, fault)
        return {**storm.rows, "all": storm.judged(), **({} if disk else {"left_out": "a full disk: mounting is not allowed here"})}


def _full(platform: Platform, disk: Path, seconds: float, seen: Seen, server: Server | None) -> None:
    before = seen.statuses[503]
    if server is None:
        breaking.cut_log(platform.database)
    breaking.fill_disk(disk, seconds / 2, lambda: seen.statuses[503] > before)
    if server:
        server.revive()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60, help="of traffic around each fault")
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--hour", action="store_true", help="send what a busy hour of a city asks for, once, with every fault in its midst")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    found = run(options.seconds, options.clients, postgres=options.postgres, hour=HOUR if options.hour else None)
    target = Path("var/faults.json")
    target.parent.mkdir(exist_ok=True)
    before = json.loads(target.read_text()) if target.exists() else {}
    target.write_text(json.dumps({**before, ("postgresql" if options.postgres else "sqlite") + (" hour" if options.hour else ""): found}, indent=1, ensure_ascii=False))
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
