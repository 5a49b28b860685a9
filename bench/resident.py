"""`python -m bench.resident`: the pages residents open most, beside an empty page of the same session and an empty request.

The resident has paid for ten years under two employers. The empty page is signed in, judged and laid out like the others, with
nothing in it.
"""

import datetime
import json
import os
import statistics
import tempfile
import time
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("RENSHE_VAR", tempfile.mkdtemp(prefix="renshe-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["RENSHE_SECOND_FACTOR"] = ""
    django.setup()

from django.core.management import call_command
from django.test import Client

from bench.cockpit import served
from bench.load import drive
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.terms import HireKind, Scheme
from renshe.kernel.access.models import Account
from renshe.kernel.cases.models import Case
from renshe.kernel.subjects.models import Person
from tests.factories import a_person, a_resident, an_employer, an_id

PAGES = {
    "empty_request": "/bench/empty", "empty_page": "/bench/page", "home": "/me/", "contributions": "/me/contributions",
    "pension": "/me/pension", "guide": "/me/guides/unemployment", "benefits": "/me/benefits",
}
SPELLS = (("2016-01-01", "2020-03-15", 450_000), ("2020-09-01", None, 700_000))


def a_worker() -> Account:
    """Somebody of fifty-one who was out of work for five months in 2020."""
    organisation, hr = an_employer()
    person = a_person(number=an_id(born="1975-03-10"))
    case = Case.objects.create(
        number="330802-160101-0000000001", kind="hire", organisation=organisation, person=person, division="330802",
        declared=b"", findings=[], state="decided", channel="form", applicant=hr,
        opened_at=datetime.datetime(2016, 1, 1, tzinfo=datetime.UTC),
    )
    for since, until, base in SPELLS:
        _spell(person, organisation, case, datetime.date.fromisoformat(since), until and datetime.date.fromisoformat(until), base)
    return a_resident(person)[1]


def _spell(person: Person, organisation: Any, case: Case, since: datetime.date, until: Any, base: int) -> None:
    spell = Enrolment.objects.create(
        person=person, organisation=organisation, kind=HireKind.EMPLOYEE, hired_on=since, since=since, until=until, case=case
    )
    for scheme in (Scheme.PENSION, Scheme.UNEMPLOYMENT):
        Coverage.objects.create(enrolment=spell, person=person, scheme=scheme, since=since, until=until)
    BasePeriod.objects.create(enrolment=spell, valid_from=since, valid_until=until, wage_fen=base, base_fen=base, case=case)


def bench_resident(port: int, duration: float, rounds: int = 30) -> dict[str, Any]:
    """Processor time of a page, and waiting times over HTTP, of each page beside the empty ones."""
    client = Client()
    client.force_login(a_worker(), backend="django.contrib.auth.backends.ModelBackend")
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(rounds):  # in turns, so that all meet the same machine
        for name, path in PAGES.items():
            start = time.process_time()
            answer = client.get(path)
            taken[name].append((time.process_time() - start) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
    found: dict[str, Any] = {name: {"cpu_ms": round(statistics.median(one), 2)} for name, one in taken.items()}
    headers = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    with served(port):
        for path in PAGES.values():  # each worker has drawn each page before anything is measured
            drive(port, 4, 0.3, lambda path=path: ("GET", path, None, headers), 200)
        for name, path in PAGES.items():
            found[name] |= drive(port, 1, duration, lambda path=path: ("GET", path, None, headers), 200).row()
    for one in found.values():
        one["times_empty_page"] = round(one["cpu_ms"] / found["empty_page"]["cpu_ms"], 2)
    return found


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print(json.dumps(bench_resident(18476, 3.0), indent=1, ensure_ascii=False))
