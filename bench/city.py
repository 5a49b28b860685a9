"""`python -m bench.city [--people N]`: making the city, folding its history and gathering columns, beside bare scans and writes.

Each piece of work is a process of its own, so that its processor time and its memory are its own. Memory is the largest sum
over the process and its children, sampled. Start-up and first compilation are left out of the pieces, not of the builds.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

SAMPLE = 0.05
ROUNDS = 3
FULL = 2_020_000
PIECES = {
    "scan_contributions": "reading.scan('contributions').select(pl.all().cast(pl.Int64).sum()).collect(engine='streaming')",
    "fold": "folding.fold()",
    "scan_person_years": "reading.scan('person_years').select(pl.all().cast(pl.Int64).sum()).collect(engine='streaming')",
    "gather": "[one.height for one in offered.gather(['sex', 'birth_month', 'insured_months', 'contributed_base', 'last_paid_month'])]",
    "rewrite_contributions": "[pl.read_parquet(one.held).write_parquet(sys.argv[1], compression='zstd', compression_level=1) "
                             "for one in reading.ranges('contributions')]",
}
PIECE = """
import json, os, resource, sys, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renshe.config.settings")
import django; django.setup()
import polars as pl
from renshe.kernel.frames import folding, offered, reading
folding.years(*(pl.Series([1], dtype=pl.Int32).to_numpy() for _ in range(3)))
def used():
    one = resource.getrusage(resource.RUSAGE_SELF)
    return one.ru_utime + one.ru_stime
cpu, wall = used(), time.perf_counter()
{work}
print(json.dumps({{"cpu_s": used() - cpu, "wall_s": time.perf_counter() - wall}}))
"""


def watched(command: list[str]) -> tuple[dict[str, float], str]:
    """Run a command: its seconds of processor (its children's with it) and of wall, the most memory in MB; what it said."""
    start, most, done = time.perf_counter(), 0, 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said)
        whole = psutil.Process(process.pid)
        while not done:
            with contextlib.suppress(psutil.NoSuchProcess):  # a child may end while it is looked at
                most = max(most, sum(one.memory_info().rss for one in [whole, *whole.children(recursive=True)]))
            time.sleep(SAMPLE)
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode()
    if process.returncode:
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}")
    spent = usage.ru_utime + usage.ru_stime
    return {"cpu_s": spent, "wall_s": time.perf_counter() - start, "memory_mb": most / 2**20}, words


def piece(work: str, scratch: str) -> dict[str, float]:
    """One piece of work in a process of its own."""
    cost, words = watched([sys.executable, "-c", PIECE.format(work=work), scratch])
    return {**cost, **json.loads(words.splitlines()[-1])}


def bench_city(people: int, *, records: int = 20_000, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure a city of so many insured in columns, and a smaller one in the records."""
    place = Path(tempfile.mkdtemp(prefix="renshe-city-"))
    before = {name: os.environ.get(name) for name in ("RENSHE_VAR", "DATABASE_URL")}
    os.environ["RENSHE_VAR"] = str(place)
    os.environ.pop("DATABASE_URL", None)
    try:
        found: dict[str, Any] = {"insured": people, "build": _rounded(watched(_city(people, "--frames"))[0])}
        for name, work in PIECES.items():
            made = [piece(work, str(place / "scratch")) for _ in range(rounds)]
            found[name] = _rounded({key: statistics.median(one[key] for one in made) for key in made[0]})
        found["build_beside_rewrite"] = _times(found, "build", "rewrite_contributions")
        found["fold_beside_scan"] = _times(found, "fold", "scan_contributions")
        found["gather_beside_scan"] = _times(found, "gather", "scan_person_years")
        watched([sys.executable, "-m", "renshe", "migrate", "--verbosity", "0"])
        found["records"] = {"insured": records, **_rounded(watched(_city(records))[0])}
        return found
    finally:
        shutil.rmtree(place)
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _city(people: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "renshe", "city", "build", "--people", str(people), "--seed", "1", *more]


def _times(found: dict[str, Any], one: str, other: str) -> float:
    return round(found[one]["cpu_s"] / found[other]["cpu_s"], 2)


def _rounded(cost: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) if value < 100 else round(value) for name, value in cost.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=FULL)
    print(json.dumps(bench_city(parser.parse_args().people), indent=1))
