"""Stops an upload that is too large before it fills disk or memory, and every upload while the disk is nearly full; the page says so."""

import errno
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from renshe.kernel.cases.evidence import Upload
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.rosters.workbook import LARGEST
from renshe.kernel.store import space

FLAG = "renshe.upload_too_large"
SLACK = 64 * 1024  # the other fields of a form


def received(request: HttpRequest) -> list[Upload]:
    """The documents of a form. Raises Refused when they were stopped for their size."""
    if FLAG in request.META:
        raise Refused(Reason("too_large", f"材料合起来超过{LARGEST // 1024 // 1024}MB，已停止接收", field="files", then="请把照片调小，或分几次交"))
    return [Upload(one.name or "材料", one.read()) for one in request.FILES.getlist("files")]


class SizeGuard(FileUploadHandler):
    """Skips the content of a file whose request is larger than any roster may be, or that grows past it unannounced.

    Raises NoRoom where the room left is kept for what is small: a declaration counts more than a file that can wait.
    """

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        self.meta, self.received = META, 0
        self.announced = content_length > LARGEST + SLACK

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if space.worst() is space.Room.TIGHT:
            raise space.NoRoom(errno.ENOSPC, space.NO_FILES)
        if self.announced:
            self.meta[FLAG] = True
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > LARGEST:
            self.meta[FLAG] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
