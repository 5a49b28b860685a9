"""`python -m bench.sweep [--people N] [--frames FOLDER]`: the whole city's history folded, swept and weighed, beside bare scans
and openfisca-core on the same Parquet in the same run.

Each piece is a process of its own. Compilation and start-up are left out; memory is the largest resident sum, sampled.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.city import FULL, watched

PIECE = """
import json, os, resource, sys, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
import django; django.setup()
from bench import whole
whole.warm()
{before}
def used():
    one = resource.getrusage(resource.RUSAGE_SELF)
    return one.ru_utime + one.ru_stime
cpu, wall = used(), time.perf_counter()
found = whole.{work}
print(json.dumps({{"cpu_s": used() - cpu, "wall_s": time.perf_counter() - wall, "found": found}}))
"""
RAW = {
    "scan_rows": "scan('contributions')", "fold": "fold()", "raw_ours": "raw_ours()", "raw_openfisca": "raw_openfisca()",
}
STORED = {"scan_years": "scan('person_years')", "sweep_pensions": "sweep_pensions()", "sweep_all": "sweep_all()", "what_if": "what_if()"}
TOTALS = {"totals_ours": "totals_ours()", "totals_openfisca": "totals_openfisca()"}


def piece(work: str, before: str = "") -> dict[str, Any]:
    """One piece in a process of its own: seconds of processor and wall, the most memory in MB, what it found."""
    cost, words = watched([sys.executable, "-c", PIECE.format(work=work, before=before)])
    return {**cost, **json.loads(words.splitlines()[-1])}


def bench_sweep(frames: Path, *, rounds: int = 1, peers: bool = True) -> dict[str, Any]:
    """Measure on the frames of a city."""
    place = Path(tempfile.mkdtemp(prefix="renshe-sweep-"))
    kept = {name: os.environ.get(name) for name in ("RENSHE_VAR", "RENSHE_FRAMES", "DATABASE_URL")}
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(RENSHE_VAR=str(place), RENSHE_FRAMES=str(frames))
    try:
        subprocess.run([sys.executable, "-m", "renshe", "migrate", "--verbosity", "0"], check=True)
        rows = sum(one["rows"] for one in json.loads((frames / "contributions/manifest.json").read_text())["parts"])
        found: dict[str, Any] = {"rows": rows}
        for name, work in {**RAW, **STORED, **TOTALS}.items():
            if not peers and ("openfisca" in name or name == "raw_ours"):
                continue
            shutil.rmtree(frames / "sweeps", ignore_errors=True) if name == "sweep_all" else None
            made = [piece(work, "whole.hold()" if name in TOTALS else "") for _ in range(rounds)]
            middle = {key: round(statistics.median(one[key] for one in made), 3) for key in ("cpu_s", "wall_s", "memory_mb")}
            found[name] = {**middle, "found": made[0]["found"]}
            print(name, found[name], file=sys.stderr, flush=True)
        return {**found, **_ratios(found)}
    finally:
        shutil.rmtree(place)
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _ratios(found: dict[str, Any]) -> dict[str, float]:
    def times(one: str, other: str) -> float:
        return round(found[one]["cpu_s"] / found[other]["cpu_s"], 2)

    made = {"fold_beside_scan": times("fold", "scan_rows"), "sweep_beside_scan": times("sweep_pensions", "scan_years")}
    if "raw_openfisca" in found:
        made["raw_openfisca_beside_ours"] = times("raw_openfisca", "raw_ours")
        made["totals_openfisca_beside_ours"] = times("totals_openfisca", "totals_ours")
        for name in ("raw", "totals"):
            ours, theirs = (found[f"{name}_{side}"]["found"] for side in ("ours", "openfisca"))
            assert ours["people"] == theirs["people"], (ours, theirs)
            made[f"{name}_sums_apart"] = float(f"{abs(ours['sum_yuan'] - theirs['sum_yuan']) / ours['sum_yuan']:.1e}")
            assert made[f"{name}_sums_apart"] < 1e-5, (ours, theirs)
    return made


def on_a_city(people: int, **how: Any) -> dict[str, Any]:
    """Build a city, measure on it, throw it away."""
    folder = Path(tempfile.mkdtemp(prefix="renshe-frames-"))
    build = [sys.executable, "-m", "renshe", "city", "build", "--people", str(people), "--seed", "1", "--frames"]
    try:
        subprocess.run(build, env={**os.environ, "RENSHE_FRAMES": str(folder)}, check=True, stdout=subprocess.DEVNULL)
        return bench_sweep(folder, **how)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=FULL)
    parser.add_argument("--frames", type=Path, help="frames of a city built before; otherwise one is built and thrown away")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-peers", action="store_true", help="only ours: for growth")
    options = parser.parse_args()
    asked = {"rounds": options.rounds, "peers": not options.no_peers}
    made = bench_sweep(options.frames.resolve(), **asked) if options.frames else on_a_city(options.people, **asked)
    print(json.dumps(made, indent=1))
