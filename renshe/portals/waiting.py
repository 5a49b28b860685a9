"""A short restart of the database is waited out: the request is held, and asked again when the database answers.

Outermost of all, so that a request asked again goes through everything anew: sign-in, limits, permissions. It is asked
again only when nothing of it was written, when it only reads, or when a key says that it is done once. Waiting ends
for all at the same moment, some seconds after the database went away: a long outage costs nobody more than that.
"""

import io
import threading
import time
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.defaults import bad_request

from renshe.kernel.store import attempts

SAFE = ("GET", "HEAD", "OPTIONS")
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two tries of the database


class Outage:
    """What this process knows of the database being away: since when, and how many requests wait for it."""

    def __init__(self) -> None:
        self.since: float | None = None
        self.waiting, self.counting = 0, threading.Lock()

    def waited_out(self, began: float) -> bool:
        """Return True when the database takes connections again; False when that takes too long or too many wait already."""
        now = time.monotonic()
        with self.counting:
            if self.since is None:
                self.since = now
            if self.waiting >= settings.RENSHE_WAIT_MOST:
                return False
            self.waiting += 1
            until = min(self.since, began) + settings.RENSHE_WAIT_SECONDS
        pause = SHORTEST_PAUSE
        try:
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(pause, left))
                if _answers():
                    return True
                pause = min(pause * 2, LONGEST_PAUSE)
            return False
        finally:
            with self.counting:
                self.waiting -= 1


def _answers() -> bool:
    connection.close()
    try:
        connection.ensure_connection()
    except (OperationalError, InterfaceError):
        return False
    return True


def waiting_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Holds a request while the database is away for a moment."""
    outage = Outage()

    def middleware(request: HttpRequest) -> HttpResponse:
        began, asked = time.monotonic(), _asked(request)
        try:
            body = _read(request)
        except UnreadablePostError as fault:  # the caller's line broke
            return bad_request(request, fault)
        while True:
            with attempts.attempt() as attempt:
                response = get_response(request)
            if attempt.answered and attempt.fault is None:
                outage.since = None
            if connection.in_atomic_block or body is None or not attempts.passes_soon(attempt.fault):
                return response
            if not (request.method in SAFE or attempt.may_repeat) or not outage.waited_out(began):
                return response
            request.close()
            request = cast(HttpRequest, WSGIRequest({**asked, "wsgi.input": io.BytesIO(body)}))

    return middleware


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The request as the server gave it: Django has put its path, in its own letters, in place of the bytes."""
    paths = {name: request.META[name].encode().decode("latin-1") for name in ("PATH_INFO", "SCRIPT_NAME")}
    return {**request.META, **paths}


def _read(request: HttpRequest) -> bytes | None:
    """What a request brings, read before anything else so that it can be asked again; None when it is too large to keep."""
    told = str(request.META.get("CONTENT_LENGTH", ""))
    size = int(told) if told.isdecimal() else 0
    if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    return request.body if size else b""
