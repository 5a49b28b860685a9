"""Mixed traffic on loopback, bounded in time and count; every receipt that was given out is kept."""

import collections
import contextlib
import http.client
import io
import itertools
import json
import random
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from renshe.city.people import people

MIXED = {"hire": 8, "page": 6, "receipt": 3, "form": 2, "roster": 1, "decision": 1}
PAGES = (("", "/"), ("", "/open/verify"), ("", "/open/ledger"), ("hr", "/employer/"), ("hr", "/employer/staff"), ("hr", "/employer/cases"),
         ("clerk", "/desk/"), ("reviewer", "/desk/"), ("reviewer", "/cockpit/"), ("resident", "/me/"), ("resident", "/me/insurance"), ("resident", "/me/pension"))
TITLES = {"姓名": "name", "公民身份号码": "citizen_id", "手机号码": "phone", "用工之日": "hired_on", "用工形式": "", "月工资（元）": "wage",
          "岗位类别": "", "岗位名称": "", "合同类型": "", "合同终止日": "contract_ends_on"}
FIXED = {"用工形式": "劳动合同用工", "岗位类别": "管理技术岗位", "岗位名称": "装配工", "合同类型": "固定期限"}
BREAKS = (OSError, http.client.HTTPException)


@dataclass
class Seen:
    """What came back: answers by status, lines that broke, receipts, times in milliseconds, every answer of 500."""

    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    broken: int = 0
    receipts: list[str] = field(default_factory=list)
    rosters: list[str] = field(default_factory=list)
    decided: int = 0
    times: list[float] = field(default_factory=list)
    worst: list[str] = field(default_factory=list)
    kinds: collections.Counter[str] = field(default_factory=collections.Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, share: float) -> float:
        return round(sorted(self.times)[int(len(self.times) * share)], 1) if self.times else 0.0

    def add(self, what: str, status: int, took: float, body: bytes) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.kinds[what] += 1
            self.times.append(took * 1000)
            if status >= 500 and status != 503:
                self.worst.append(f"{what}: {status} {body[:300]!r}")
            if what == "hire" and status in (201, 202):
                self.receipts.append(json.loads(body)["case"])
            if what == "roster" and status == 201:
                self.rosters.append(json.loads(body)["id"])


class Errands:
    """What there is to do: drawn by weight until so many were, or a list of its own in which what failed is done again."""

    def __init__(self, given: dict[str, int], most: int, *, listed: bool, seed: int = 1) -> None:
        self.given, self.most, self.random = given, most, random.Random(seed)
        self.waiting = collections.deque(kind for kind, count in given.items() for _ in range(count)) if listed else None
        if self.waiting is not None:
            self.random.shuffle(self.waiting)

    def next(self) -> str | None:
        if self.waiting is not None:
            with contextlib.suppress(IndexError):
                return self.waiting.popleft()
            return None
        self.most -= 1
        return self.random.choices(list(self.given), list(self.given.values()))[0] if self.most >= 0 else None

    def again(self, what: str) -> None:
        if self.waiting is not None:
            self.waiting.append(what)


class Client(threading.Thread):
    """One user with one kept line, who does another errand until there is none or told to stop."""

    def __init__(self, port: int, seen: Seen, given: dict[str, Any], number: int, errands: Errands) -> None:
        super().__init__(daemon=True)
        self.port, self.seen, self.given, self.errands, self.failed = port, seen, given, errands, False
        self.random = random.Random(number)
        self.crowd = itertools.cycle(people(4000, given.get("seed", 900) + number, youngest=20, oldest=45))
        self.going, self.line, self.location = True, None, ""

    def run(self) -> None:
        while self.going and (what := self.errands.next()):
            self.failed = False
            try:
                getattr(self, what)()
            except BREAKS:
                with self.seen.lock:
                    self.seen.broken += 1
                if self.line:
                    self.line.close()
                self.line, self.failed = None, True
                time.sleep(0.1)
            if self.failed:
                self.errands.again(what)
        if self.line:
            self.line.close()

    def ask(self, what: str, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        start = time.perf_counter()
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        text, self.location = answer.read(), answer.headers.get("Location", "")
        self.seen.add(what, answer.status, time.perf_counter() - start, text)
        if answer.status == 503:
            self.failed = True
            time.sleep(0.2)  # as Retry-After asks, in small
        return answer.status, text

    def declared(self) -> dict[str, Any]:
        one = next(self.crowd)
        return {"name": one.name, "citizen_id": one.citizen_id, "phone": one.phone, "hired_on": self.given["day"], "wage": "6500",
                "post": "management", "contract_kind": "1", "contract_ends_on": "2029-11-19"}

    def hire(self) -> None:
        self.ask("hire", "POST", "/api/v1/hires", json.dumps(self.declared()).encode(), **self.bearer(), **{"Idempotency-Key": uuid.uuid4().hex})

    def form(self) -> None:
        said = {**self.declared(), "kind": "employee", "position": "装配工", "once": uuid.uuid4().hex}
        status, _, to = self.post("form", "/employer/declare/hire", said, "hr")
        if status == 302 and "/cases/" in to:
            with self.seen.lock:
                self.seen.receipts.append(to.rpartition("/")[2])

    def page(self) -> None:
        who, path = self.random.choice(PAGES)
        self.ask("page", "GET", path, **(self.cookie(who) if who else {}))

    def receipt(self) -> None:
        with self.seen.lock:
            known = self.seen.receipts[-40:]
        if known:
            self.ask("receipt", "GET", f"/open/receipts/{self.random.choice(known)}.json", **self.cookie("hr"))

    def roster(self) -> None:
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="roster"; filename="a.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = head.encode() + workbook([self.declared() for _ in range(5)]) + f"\r\n--{mark}--\r\n".encode()
        self.ask("roster", "POST", "/api/v1/rosters?kind=hire", body, **{**self.bearer(), "Content-Type": f"multipart/form-data; boundary={mark}"})

    def decision(self) -> None:
        late = {**self.declared(), "hired_on": self.given["late"]}
        status, body = self.ask("hire", "POST", "/api/v1/hires", json.dumps(late).encode(), **self.bearer())
        if status != 202:
            return
        path = f"/desk/cases/{json.loads(body)['case']}"
        for who, said in (("clerk", {"deed": "take"}), ("clerk", {"deed": "propose", "note": "已核实"}), ("reviewer", {"deed": "approve", "note": "同意"})):
            status, _, _ = self.post("decision", path, said, who)
            if status != 302:
                return
        with self.seen.lock:
            self.seen.decided += 1

    def post(self, what: str, path: str, said: dict[str, Any], who: str) -> tuple[int, bytes, str]:
        body = urllib.parse.urlencode({**said, "csrfmiddlewaretoken": self.given["csrf"]}).encode()
        status, text = self.ask(what, "POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"}, **self.cookie(who))
        return status, text, self.location

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.given['key']}", "Content-Type": "application/json"}

    def cookie(self, who: str) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.given['cookies'][who]}; csrftoken={self.given['csrf']}"}


def workbook(rows: list[dict[str, Any]]) -> bytes:
    """A roster of hires."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(TITLES))
    for at, row in enumerate(rows, 1):
        sheet.write_row(at, 0, [FIXED.get(title) or row[name] for title, name in TITLES.items()])
    book.close()
    return out.getvalue()


class Traffic:
    """Several clients at once, for as long as the `with` lasts."""

    def __init__(
        self, port: int, given: dict[str, Any], *, clients: int = 4, most: int = 5000, weights: dict[str, int] | None = None, listed: bool = False,
    ) -> None:
        self.seen = Seen()
        self.errands = Errands(weights or {"hire": 1}, most, listed=listed, seed=given.get("seed", 1))
        self.clients = [Client(port, self.seen, given, number, self.errands) for number in range(clients)]

    def __enter__(self) -> Seen:
        for one in self.clients:
            one.start()
        return self.seen

    def __exit__(self, *error: object) -> None:
        for one in self.clients:
            one.going = False
        for one in self.clients:
            one.join(timeout=130)


def wait_for(seen: Seen, count: int, seconds: float = 300) -> None:
    """Until so many receipts were given out. Raises AssertionError when they are not within the time."""
    end = time.monotonic() + seconds
    while len(seen.receipts) < count:
        assert time.monotonic() < end, (len(seen.receipts), seen.statuses, seen.worst[:3])
        time.sleep(0.02)
