"""`python -m bench [--quick]`: on the database that DATABASE_URL names (SQLite with synchronous=FULL by default)."""

import argparse
import io
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import timeit
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psutil

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

import xlsxwriter  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.city import FULL, bench_city  # noqa: E402
from bench.cockpit import bench_cockpit  # noqa: E402
from bench.guarding import bench_guarding  # noqa: E402
from bench.law import bench_law  # noqa: E402
from bench.load import drive  # noqa: E402
from bench.resident import bench_resident  # noqa: E402
from bench.sweep import on_a_city  # noqa: E402
from bench.tree import bench_tree  # noqa: E402
from renshe.city.people import people  # noqa: E402
from renshe.kernel.access import tokens  # noqa: E402
from renshe.kernel.access.actor import actor_of  # noqa: E402
from renshe.kernel.ledger import actions as ledger  # noqa: E402
from renshe.kernel.ledger import audit as ledger_audit  # noqa: E402
from renshe.kernel.ledger.models import Leaf  # noqa: E402
from renshe.kernel.policy.engine.compile import compiled  # noqa: E402
from renshe.kernel.policy.engine.evaluate import evaluate  # noqa: E402
from renshe.kernel.policy.registry import policy  # noqa: E402
from renshe.kernel.rosters import actions as rosters  # noqa: E402
from renshe.kernel.store import ids  # noqa: E402
from renshe.kernel.store.deed import deed  # noqa: E402
from renshe.kernel.store.insert import insert  # noqa: E402
from tests.factories import an_employer  # noqa: E402

TABLES = ("subjects_person", "cases_case", "cases_caseevent", "insurance_enrolment", "insurance_baseperiod",
          "insurance_coverage", "relations_labourcontract", "card_card", "ledger_leaf", "notices_notice")
TITLES = ["姓名", "公民身份号码", "手机号码", "用工之日", "用工形式", "月工资（元）", "岗位类别", "岗位名称", "合同类型", "合同终止日"]
found: dict[str, Any] = {}
BEGUN = timezone.now()


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def a_roster(count: int, seed: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, TITLES)
    day = timezone.localdate().isoformat()
    for at, one in enumerate(people(count, seed, youngest=20, oldest=45), 1):
        sheet.write_row(at, 0, [one.name, one.citizen_id, one.phone, day, "劳动合同用工", "6500", "管理技术岗位", "装配工", "固定期限", "2029-11-19"])
    book.close()
    return out.getvalue()


def raw_again() -> float:
    """Seconds to insert the very rows the roster made, with nothing but executemany or COPY."""
    kept = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            kept[table] = ([column[0] for column in cursor.description], cursor.fetchall())
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in kept.items():
                names = ", ".join(columns)
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row([json.dumps(one) if isinstance(one, list | dict) else one for one in row])
                else:
                    places = ", ".join(["%s"] * len(columns))
                    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)

    return seconds(insert)


def bench_roster(count: int, rounds: int) -> None:
    ours, raw = [], []
    for number in range(rounds):
        organisation, account = an_employer()
        data = a_roster(count, 100 + number)
        actor = actor_of(account)

        def settle(data=data, organisation=organisation, actor=actor) -> None:
            roster, _ = rosters.receive(data, "名册.xlsx", "hire", organisation=organisation, actor=actor)
            rosters.settle(roster.pk)
            roster.refresh_from_db()
            assert roster.accepted == count, (roster.accepted, roster.refused)

        ours.append(seconds(settle))
        raw.append(raw_again())
        with connection.cursor() as cursor:
            for table in reversed(TABLES):
                cursor.execute(f"DELETE FROM {table}")
    mine, reference = statistics.median(ours), statistics.median(raw)
    found["roster"] = {"rows_per_s": round(count / mine), "raw_rows_per_s": round(count / reference),
                       "times_raw": round(mine / reference, 2), "rows": count}


def bench_policy() -> None:
    on = timezone.localdate()
    law = policy("contribution").law(on, "330802")
    run = compiled(law, frozenset({"wage"})).run
    evaluation = timeit.timeit(lambda: run(wage=650000), number=50000) / 50000
    whole = timeit.timeit(lambda: evaluate(policy("contribution"), {"wage": "6500"}, on=on, place="330802").outputs, number=2000) / 2000
    steps = timeit.timeit(lambda: evaluate(policy("contribution"), {"wage": "6500"}, on=on, place="330802").steps, number=1000) / 1000

    def bare(wage: int) -> dict[str, int]:
        base = min(max(wage, 498600), 2529900)
        return {"base": base, "a": (base * 16 + 50) // 100, "b": (base * 8 + 50) // 100, "c": (base + 100) // 200,
                "d": (base + 100) // 200, "e": (base * 20 + 50) // 100}

    reference = timeit.timeit(lambda: bare(650000), number=50000) / 50000
    found["policy"] = {"evaluation_us": round(evaluation * 1e6, 2), "hand_written_us": round(reference * 1e6, 2),
                       "times": round(evaluation / reference, 2), "from_text_to_text_us": round(whole * 1e6, 1),
                       "with_explanation_us": round(steps * 1e6, 1)}


def ledger_row(number: int) -> dict[str, Any]:
    """A row as large as an entry, with nothing worked out."""
    return {"id": ids.new(), "kind": "bare", "case_number": f"B{number}", "record": "x" * 60, "body": b"x" * 180,
            "made_at": BEGUN, "position": None}


def bench_ledger(count: int) -> None:
    def single() -> None:
        for number in range(count // 10):
            with deed():
                ledger.record("bench", f"B{number}", {"n": number})

    def batched() -> None:
        for _ in range(count // 500):
            with deed():  # as rosters write theirs
                insert(Leaf, [ledger.leaf("bench", "B", {"n": number}) for number in range(500)])

    one, many = seconds(single), seconds(batched)
    waiting = count // 10 + count // 500 * 500

    def sequence() -> None:
        while ledger.sequence():
            pass

    def bare_single() -> None:
        for number in range(count // 10):
            with transaction.atomic():
                insert(Leaf, [ledger_row(number)])

    def bare_batched() -> None:
        for _ in range(count // 500):
            with transaction.atomic():
                insert(Leaf, [ledger_row(number) for number in range(500)])

    bare_one, bare_many = seconds(bare_single), seconds(bare_batched)
    Leaf.objects.filter(kind="bare").delete()
    found["ledger"] = {"bare_single_inserts_per_s": round(count // 10 / bare_one),
                       "bare_batched_inserts_per_s": round(count // 500 * 500 / bare_many), "single_appends_per_s": round(count // 10 / one), "batched_appends_per_s": round(count // 500 * 500 / many),
                       "sequenced_per_s": round(waiting / seconds(sequence))}
    took = seconds(lambda: found["ledger"].update(audited=ledger_audit.audit()))
    report = found["ledger"].pop("audited")
    assert report.sound, report.faults
    found["ledger"]["audited_per_s"] = round(report.size / took)


def bench_bare(port: int) -> None:
    """The same server with an application of one line: what start-up and memory cost before any of ours."""
    start = time.perf_counter()
    server = subprocess.Popen(served(port, "bench.bare:application"))
    try:
        wait_for(port)
        found["bare_start_up_s"] = round(time.perf_counter() - start, 2)
        drive(port, 8, 1.0, lambda: ("GET", "/", None, {}), 200)
        found["bare_memory_mb"] = round(memory(psutil.Process(server.pid)))
    finally:
        server.terminate()
        server.wait(timeout=20)


def served(port: int, application: str) -> list[str]:
    return [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
            "--blocking-threads", "4", "--no-ws", "--log-level", "error", application]


def wait_for(port: int, path: str = "/") -> None:
    end = time.perf_counter() + 30
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}"):
                return
        except OSError:
            time.sleep(0.02)


def memory(process: psutil.Process) -> float:
    return sum(one.memory_full_info().pss for one in [process, *process.children(recursive=True)]) / 2**20


def bench_http(port: int, duration: float) -> None:
    _, account = an_employer()
    key = tokens.issue(account, label="bench", days=1)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"].value
    crowd = itertools.cycle(people(60000, 77, youngest=20, oldest=45))
    day = timezone.localdate().isoformat()
    start = time.perf_counter()
    server = subprocess.Popen(served(port, "bench.wsgi:application"))
    empty = lambda: ("GET", "/bench/empty", None, {})  # noqa: E731

    def hire(path: str) -> Callable[[], tuple[str, str, bytes, dict[str, str]]]:
        def request() -> tuple[str, str, bytes, dict[str, str]]:
            one = next(crowd)
            body = {"name": one.name, "citizen_id": one.citizen_id, "phone": one.phone, "hired_on": day, "wage": "6500",
                    "post": "management", "contract_kind": "1", "contract_ends_on": "2029-11-19"}
            return "POST", path, json.dumps(body).encode(), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        return request

    try:
        wait_for(port, "/bench/empty")
        found["start_up_s"] = round(time.perf_counter() - start, 2)
        drive(port, 2, 0.5, hire("/api/v1/hires"), 201)
        for clients in (1, 8, 32):
            rows = {name: drive(port, clients, duration, request, wanted).row() for name, request, wanted in (
                ("empty", empty, 200), ("hire", hire("/api/v1/hires"), 201), ("plain", hire("/bench/plain"), 201))}
            rows["times_plain"] = round(rows["hire"]["per_s"] / rows["plain"]["per_s"], 2)  # type: ignore[assignment]
            found[f"http_{clients}"] = rows
        pension = json.dumps({"policy": "employee_pension", "on": day, "inputs": {
            "avg_index": "1.2", "months": 180, "account_balance": "98765.43", "retire_age": "60y0m", "base": "8433"}}).encode()
        law = lambda: ("POST", "/api/v1/policies/evaluate", pension, {"Content-Type": "application/json"})  # noqa: E731
        found["http_policy"] = {"policy": drive(port, 8, duration, law, 200).row(), "empty": drive(port, 8, duration, empty, 200).row()}
        page = lambda: ("GET", "/employer/staff", None, {"Cookie": f"sessionid={cookie}"})  # noqa: E731
        found["page_50_rows"] = {"page": drive(port, 8, duration, page, 200).row(), "empty": drive(port, 8, duration, empty, 200).row()}
        found["memory_mb"] = round(memory(psutil.Process(server.pid)))
    finally:
        server.terminate()
        server.wait(timeout=20)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--leaves", type=int, default=1_000_000, help="leaves of the ledger's tree beside pymerkle")
    options = parser.parse_args()
    quick = options.quick
    call_command("migrate", verbosity=0)
    found["database"] = connection.vendor
    bench_policy()
    found["law"] = bench_law(200 if quick else 5000)
    bench_roster(2000 if quick else 10000, 1 if quick else 3)
    found["tree"] = bench_tree(50_000 if quick else options.leaves)
    bench_ledger(2000 if quick else 20000)
    found["guarding"] = bench_guarding()
    bench_bare(18474)
    bench_http(18473, 1.0 if quick else 4.0)
    found["resident"] = bench_resident(18475, 1.0 if quick else 3.0)
    if connection.vendor == "sqlite":  # columns need no database
        found["city"] = bench_city(101_000 if quick else FULL, records=2_000 if quick else 20_000)
        found["sweep"] = on_a_city(101_000 if quick else FULL)
        found["cockpit"] = bench_cockpit(20_000 if quick else FULL, 18474, 1.0 if quick else 4.0)
    target = Path("var/bench.json")
    target.parent.mkdir(exist_ok=True)
    before = json.loads(target.read_text()) if target.exists() else {}
    target.write_text(json.dumps({**before, connection.vendor: found}, indent=1))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
