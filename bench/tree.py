"""`python -m bench.tree [--leaves N]`: the ledger's tree beside pymerkle 7 (GPL-3, measured here and nowhere else) on the same data.

Both keep their tree in SQLite. Ours is asked for its roots and proofs through the tables of the product.
"""

import argparse
import importlib.util
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from renshe.kernel.ledger import tree  # noqa: E402
from renshe.kernel.ledger.actions import _write, read_tile  # noqa: E402
from renshe.kernel.ledger.models import Checkpoint, Leaf, Tile  # noqa: E402
from renshe.kernel.store import ids  # noqa: E402
from renshe.kernel.store.deed import deed  # noqa: E402
from renshe.kernel.store.insert import insert  # noqa: E402
from renshe_verify import consistent  # noqa: E402
from renshe_verify.tree import leaf_hash, root_from_path  # noqa: E402

BATCH = 10_000
ASKED = 200
SINGLE = 300


def entry(number: int) -> bytes:
    """An entry of the usual length."""
    return b'{"at":"2026-11-24T12:00:00+08:00","case":"%012d","kind":"hire.settle","sm3":"%064d","v":1}' % (number, number)


def batches(count: int) -> Iterator[list[bytes]]:
    for start in range(0, count, BATCH):
        yield [entry(number) for number in range(start, min(start + BATCH, count))]


def each(work: Callable[[], object]) -> float:
    """Median milliseconds of many runs."""
    times = []
    for _ in range(ASKED):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(statistics.median(times) * 1000, 3)


class Ours:
    """The product's tiles in the product's tables."""

    def __init__(self) -> None:
        self.size, self.now = 0, timezone.now()

    def append(self, entries: list[bytes]) -> None:
        with deed():
            insert(Leaf, [
                {"id": ids.new(), "kind": "bench", "case_number": "", "record": "", "body": body, "made_at": self.now,
                 "position": position} for position, body in enumerate(entries, self.size)
            ])
            self.size, changed = tree.extend(self.size, [tree.leaf_hash(one) for one in entries], read_tile)
            _write(changed)

    def root(self, size: int) -> bytes:
        return tree.root(tree.once(read_tile), size)

    def inclusion(self, position: int) -> list[bytes]:
        return tree.inclusion(tree.once(read_tile), position, self.size)

    def check(self, position: int, path: list[bytes], root: bytes) -> bool:
        return root_from_path(leaf_hash(entry(position)), position, self.size, path) == root

    def consistency(self, old: int) -> list[bytes]:
        return tree.consistency(tree.once(read_tile), old, self.size)


class Theirs:
    """pymerkle's own SQLite tree."""

    def __init__(self, file: Path) -> None:
        self.module = importlib.import_module("pymerkle")
        self.log = self.module.SqliteTree(str(file), algorithm="sha256")

    @property
    def size(self) -> int:
        return int(self.log.get_size())

    def append(self, entries: list[bytes]) -> None:
        if len(entries) == 1:
            self.log.append_entry(entries[0])
        else:
            self.log.append_entries(entries, chunksize=BATCH)

    def root(self, size: int) -> bytes:
        return bytes(self.log.get_root(size))

    def inclusion(self, position: int) -> Any:
        return self.log.prove_inclusion(position + 1, self.size)

    def check(self, position: int, proof: Any, root: bytes) -> bool:
        self.module.verify_inclusion(self.log.get_leaf(position + 1), root, proof)
        return True

    def consistency(self, old: int) -> Any:
        return self.log.prove_consistency(old, self.size)


def measured(log: Ours | Theirs, count: int) -> dict[str, Any]:
    """Appends in batches, appends one by one, proofs and their checks."""
    start = time.perf_counter()
    for entries in batches(count):
        log.append(entries)
    batched = count / (time.perf_counter() - start)
    start = time.perf_counter()
    for number in range(count, count + SINGLE):
        log.append([entry(number)])
    single = SINGLE / (time.perf_counter() - start)
    rng, root = random.Random(7), log.root(log.size)
    position = rng.randrange(count)
    proof = log.inclusion(position)
    return {
        "batched_appends_per_s": round(batched), "single_appends_per_s": round(single), "root": root.hex(),
        "inclusion_ms": each(lambda: log.inclusion(rng.randrange(count))),
        "check_inclusion_ms": each(lambda: log.check(position, proof, root)),
        "consistency_ms": each(lambda: log.consistency(rng.randrange(1, count))),
        "root_ms": each(lambda: log.root(count + SINGLE)),
    }


def forget() -> None:
    """Empty the tables of the log."""
    with connection.cursor() as cursor:
        for model in (Leaf, Tile):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def bench_tree(count: int) -> dict[str, Any]:
    """Ours and, where pymerkle is installed, theirs; the roots must be the same."""
    if Checkpoint.objects.exists():
        raise SystemExit("this database holds a ledger: measure in an empty one (RENSHE_VAR, DATABASE_URL)")
    forget()
    ours = Ours()
    found: dict[str, Any] = {"leaves": count, "ours": measured(ours, count)}
    old = count // 3 + 1
    assert consistent(old, ours.root(old), ours.size, ours.root(ours.size), ours.consistency(old))
    if importlib.util.find_spec("pymerkle") and connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            found["pymerkle"] = measured(Theirs(Path(folder) / "theirs.sqlite3"), count)
        assert found["ours"]["root"] == found["pymerkle"]["root"], "the two trees differ"
    forget()
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--leaves", type=int, default=1_000_000)
    count = parser.parse_args().leaves
    call_command("migrate", verbosity=0)
    print(json.dumps(bench_tree(count), indent=1))


if __name__ == "__main__":
    main()
