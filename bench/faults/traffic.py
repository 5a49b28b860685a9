"""Mixed traffic on loopback, bounded in time and count; every receipt that was given out is kept."""

import collections
import http.client
import itertools
import json
import random
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from renshe.city.people import people

BREAKS = (OSError, http.client.HTTPException)


@dataclass
class Seen:
    """What came back: answers by status, lines that broke, receipts, times in milliseconds, every answer of 500."""

    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    broken: int = 0
    receipts: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    worst: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, share: float) -> float:
        return round(sorted(self.times)[int(len(self.times) * share)], 1) if self.times else 0.0

    def add(self, what: str, status: int, took: float, body: bytes) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.times.append(took * 1000)
            if status >= 500 and status != 503:
                self.worst.append(f"{what}: {status} {body[:300]!r}")
            if what == "hire" and status == 201:
                self.receipts.append(json.loads(body)["case"])


class Client(threading.Thread):
    """One user with one kept line, who sends another request until told to stop."""

    def __init__(self, port: int, seen: Seen, given: dict[str, Any], number: int, most: int, weights: dict[str, int]) -> None:
        super().__init__(daemon=True)
        self.port, self.seen, self.given, self.most = port, seen, given, most
        self.random = random.Random(number)
        self.crowd = itertools.cycle(people(4000, 900 + number, youngest=20, oldest=45))
        self.weights, self.going, self.line = weights, True, None

    def run(self) -> None:
        kinds, weights = list(self.weights), list(self.weights.values())
        while self.going and self.most > 0:
            self.most -= 1
            what = self.random.choices(kinds, weights)[0]
            try:
                getattr(self, what)()
            except BREAKS:
                with self.seen.lock:
                    self.seen.broken += 1
                if self.line:
                    self.line.close()
                self.line = None
                time.sleep(0.1)
        if self.line:
            self.line.close()

    def ask(self, what: str, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        start = time.perf_counter()
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        text = answer.read()
        self.seen.add(what, answer.status, time.perf_counter() - start, text)
        if answer.status == 503:
            time.sleep(0.2)  # as Retry-After asks, in small
        return answer.status, text

    def declared(self) -> dict[str, Any]:
        one = next(self.crowd)
        return {"name": one.name, "citizen_id": one.citizen_id, "phone": one.phone, "hired_on": self.given["day"], "wage": "6500",
                "post": "management", "contract_kind": "1", "contract_ends_on": "2029-11-19"}

    def hire(self) -> None:
        self.ask("hire", "POST", "/api/v1/hires", json.dumps(self.declared()).encode(), **self.bearer())

    def form(self) -> None:
        body = urllib.parse.urlencode({**self.declared(), "kind": "employee", "position": "装配工", "csrfmiddlewaretoken": self.given["csrf"]})
        self.ask("form", "POST", self.given["form"], body.encode(), **{"Content-Type": "application/x-www-form-urlencoded"}, **self.cookie("hr"))

    def page(self) -> None:
        who, path = self.random.choice(self.given["pages"])
        self.ask("page", "GET", path, **(self.cookie(who) if who else {}))

    def receipt(self) -> None:
        with self.seen.lock:
            known = self.seen.receipts[-40:]
        if known:
            path = f"/open/receipt/{self.random.choice(known)}"
            self.ask("receipt", "GET", path, **self.cookie("hr"))

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.given['key']}", "Content-Type": "application/json"}

    def cookie(self, who: str) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.given['cookies'][who]}; csrftoken={self.given['csrf']}"}


class Traffic:
    """Several clients at once, for as long as the `with` lasts."""

    def __init__(self, port: int, given: dict[str, Any], *, clients: int = 4, most: int = 5000, weights: dict[str, int] | None = None) -> None:
        self.seen = Seen()
        mixed = weights or {"hire": 1}
        self.clients = [Client(port, self.seen, given, number, most // clients, mixed) for number in range(clients)]

    def __enter__(self) -> Seen:
        for one in self.clients:
            one.start()
        return self.seen

    def __exit__(self, *error: object) -> None:
        for one in self.clients:
            one.going = False
        for one in self.clients:
            one.join(timeout=70)


def wait_for(seen: Seen, count: int, seconds: float = 60) -> None:
    """Until so many receipts were given out. Raises AssertionError when they are not within the time."""
    end = time.monotonic() + seconds
    while len(seen.receipts) < count:
        assert time.monotonic() < end, (len(seen.receipts), seen.statuses, seen.worst[:3])
        time.sleep(0.02)
