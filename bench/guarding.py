"""What guarding data costs: sealing a row, masking, the log of readings on a page of 50 rows, the journal. `python -m bench.guarding`."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import django

if __name__ == "__main__":
    os.environ.setdefault("RENSHE_VAR", tempfile.mkdtemp(prefix="renshe-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["RENSHE_SECOND_FACTOR"] = ""
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from renshe.kernel.access.terms import Role
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import masks, sealing
from renshe.kernel.store.deed import deed
from tests.factories import a_person, an_officer

NUMBER, NAME, PHONE = "330802199003075017", "欧阳小明", "13800001234"
COLUMN = "subjects.person.citizen_id"
ROWS, SEARCH = 50, "/desk/persons"


def micro(work: Callable[[], object], times: int = 5000, rounds: int = 7) -> float:
    """Microseconds of processor time of one call, the median of several rounds."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            work()
        taken.append((time.process_time() - start) / times * 1e6)
    return round(statistics.median(taken), 2)


def bench_sealing() -> dict[str, Any]:
    """One row's sealed columns: an identity number and a telephone number."""
    found: dict[str, Any] = {"nothing_us": micro(lambda: (NUMBER.encode(), PHONE.encode()))}
    suite = settings.RENSHE_SUITE
    for settings.RENSHE_SUITE in ("sm4", "aes"):
        sealed = sealing.seal(COLUMN, NUMBER)
        found[settings.RENSHE_SUITE] = {
            "seal_row_us": micro(lambda: (sealing.seal(COLUMN, NUMBER), sealing.seal("subjects.person.phone", PHONE))),
            "open_us": micro(lambda sealed=sealed: sealing.unseal(COLUMN, sealed)),  # type: ignore[misc]
            "bytes_more": len(sealed) - len(NUMBER),
        }
    settings.RENSHE_SUITE = suite
    found["blind_index_us"] = micro(lambda: sealing.blind(COLUMN, NUMBER))
    found["masks_row_us"] = micro(lambda: (masks.citizen_id(NUMBER), masks.phone(PHONE), masks.name(NAME)))
    return found


def bench_page(rounds: int = 40) -> dict[str, Any]:
    """Fifty persons found by an officer: with the log of readings, without it, and with every number opened instead of masked."""
    for at in range(ROWS):
        a_person(name=f"张小明{at:02}")
    client = Client()
    client.force_login(an_officer(Role.CLERK), backend="django.contrib.auth.backends.ModelBackend")

    def page() -> float:
        start = time.process_time()
        answer = client.post(SEARCH, {"q": "张小明", "purpose": "稽核"})
        took = time.process_time() - start
        assert answer.status_code == 200 and answer.content.decode().count("张小明") >= ROWS, answer.status_code
        return took * 1000

    page()
    with_log, without = [], []
    for _ in range(rounds):  # in turns, so that both meet the same machine
        with_log.append(page())
        with patch("renshe.portals.desk.views.persons.log_readings", lambda *args, **said: None):
            without.append(page())
    mine, reference = statistics.median(with_log), statistics.median(without)
    masking = micro(lambda: [(masks.citizen_id(NUMBER), masks.name(NAME)) for _ in range(ROWS)], times=200) / 1000
    return {"page_ms": round(mine, 2), "without_log_ms": round(reference, 2), "times": round(mine / reference, 2),
            "masking_50_rows_ms": round(masking, 3), "note": "masks are stored with the row: the page itself masks nothing"}


def bench_deeds(count: int = 400) -> float:
    """Deeds of one ledger entry a second, waiting for the disk."""
    start = time.perf_counter()
    for number in range(count):
        with deed():
            ledger.record("bench", f"B{number}", {"n": number})
    return count / (time.perf_counter() - start)


def bench_journal() -> dict[str, Any]:
    """The same deeds with and without the journal, in turns, each in a process of its own."""
    program = "import os\nos.environ['DJANGO_SETTINGS_MODULE']='bench.settings'\nimport django\ndjango.setup()\n" \
              "from bench.guarding import bench_deeds\nbench_deeds(50)\nprint(bench_deeds())"
    made: dict[str, list[float]] = {"": [], "journal": []}
    for _ in range(3):
        for name, rates in made.items():
            with tempfile.TemporaryDirectory(prefix="renshe-journal-") as folder:
                env = {**os.environ, "RENSHE_JOURNAL": folder if name else ""}
                rates.append(float(subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True).stdout))
    plain, kept = statistics.median(made[""]), statistics.median(made["journal"])
    return {"deeds_per_s": round(kept), "without_per_s": round(plain), "times": round(plain / kept, 2)}


def bench_guarding() -> dict[str, Any]:
    """Everything here."""
    found = {"sealing": bench_sealing(), "page": bench_page()}
    return {**found, "journal": bench_journal()} if connection.vendor == "sqlite" else found


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print(json.dumps(bench_guarding(), indent=1, ensure_ascii=False))
