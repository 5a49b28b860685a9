"""A small bounded load generator on loopback: N clients, each with one kept connection, for a few seconds."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Answered:
    """Times of all answers in milliseconds, and how many were not as wanted."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: int = 0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def at(self, share: float) -> float:
        return sorted(self.times)[min(int(len(self.times) * share), len(self.times) - 1)]

    def row(self) -> dict[str, float]:
        return {"per_s": round(self.rate, 1), "p50_ms": round(self.at(0.5), 1), "p95_ms": round(self.at(0.95), 1),
                "p99_ms": round(self.at(0.99), 1), "wrong": self.wrong}


def drive(port: int, clients: int, seconds: float, request: Callable[[], tuple[str, str, bytes | None, dict[str, str]]], wanted: int) -> Answered:
    """Send requests from `clients` threads until the time is up."""
    found, lock = Answered(), threading.Lock()
    end = time.perf_counter() + seconds

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        times, wrong = [], 0
        while time.perf_counter() < end:
            method, path, body, headers = request()
            start = time.perf_counter()
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            times.append((time.perf_counter() - start) * 1000)
            wrong += answer.status != wanted
        line.close()
        with lock:
            found.times += times
            found.wrong += wrong

    start = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found.seconds = time.perf_counter() - start
    return found
