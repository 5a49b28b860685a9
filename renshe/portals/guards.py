"""What every answer carries, and what is said when a request cannot be met."""

import errno
import sqlite3
import sys
from collections.abc import Callable

from django.conf import settings
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request

from renshe.kernel.store import attempts
from renshe.kernel.store.space import NO_FILES, NoRoom
from renshe.portals.waiting import SAFE

FEATURES = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "midi", "payment", "usb")
POLICY = ", ".join(f"{name}=()" for name in FEATURES)
NOT_NOW = "系统暂时不能办理，刚才提交的没有办成，也没有留下一半。请稍后原样再提交一次。"
FAILED = "系统出错了：刚才的操作没有办成，也没有留下一半。请稍后再试。"
PERHAPS_DONE = "系统在保存时断了线，刚才提交的可能已经办成。请先查看办件或记录：已经有的，不用再提交；没有的，再提交一次。"
RETRY_SECONDS = 5
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def guard_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The caller's address as our own proxy tells it, and headers for the browser on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.RENSHE_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()  # what ours added; the rest anybody may write
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def cannot_now(fault: BaseException | None) -> bool:
    """Whether a fault will pass by itself, or came of one that will: the database is away or busy, the disk is full."""
    return any(
        isinstance(one, OperationalError | InterfaceError | sqlite3.OperationalError) or (isinstance(one, OSError) and one.errno in FULL)
        for one in attempts.causes(fault)
    )


def misunderstood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, but where a session could not be written because the disk is full: Django takes that for a session that was ended."""
    return failed(request, exception) if cannot_now(exception) else bad_request(request, exception)


def failed(request: HttpRequest, fault: BaseException | None = None) -> HttpResponse:
    """The last resort: 503 with when to try again for what passes, 500 for a fault of ours; both say what became of the request.

    Nothing was kept, unless the database went away in the middle of a commit, or after one.
    """
    fault = fault or sys.exc_info()[1]
    status = 503 if cannot_now(fault) else 500
    code, text = ("not_now", NOT_NOW) if status == 503 else ("failed", FAILED)
    if isinstance(fault, NoRoom):
        code, text = "no_room", NO_FILES
    if (attempt := attempts.current()) is not None:
        attempt.fault = fault
        if attempt.written and request.method not in SAFE:
            code, text = "perhaps_done", PERHAPS_DONE
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"title": text, "status": status, "reasons": [{"code": code, "text": text}]}, status=status)
    else:
        response = HttpResponse(render_to_string("500.html", {"passing": status == 503, "text": text}), status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
