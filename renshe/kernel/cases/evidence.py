"""Documents put to a case: photographs and PDFs, told by their first bytes, each sealed under a key of its own."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from renshe.kernel.cases.models import Case, CaseFile
from renshe.kernel.cases.terms import FileKind, FileRefusal
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import shredding
from renshe.kernel.privacy.retention import CHUNK
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed

LARGEST = 8 * 1024 * 1024
MOST = 5
COLUMN, KIND = "casefile.sealed", "case_file"
HEADS = {b"%PDF-": FileKind.PDF, b"\xff\xd8\xff": FileKind.JPEG, b"\x89PNG\r\n\x1a\n": FileKind.PNG}


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it came in."""

    name: str
    data: bytes
    kind: FileKind | None = None


def _no(code: FileRefusal, text: str, then: str) -> Refused:
    return Refused(Reason(code, text, then=then, field="files"))


def few_enough(uploads: Sequence[Upload], already: int = 0) -> Sequence[Upload]:
    """The documents, if with those there `already` they are not too many. Raises Refused."""
    if len(uploads) + already > MOST:
        raise _no(FileRefusal.TOO_MANY, f"一个办件最多{MOST}份材料，现有{len(uploads) + already}份", "请只交与这件事有关的，或把几页合成一个PDF")
    return uploads


def checked(upload: Upload) -> Upload:
    """The document with its format. Raises Refused: empty, too large, no PDF, JPEG or PNG whatever its name says."""
    name = upload.name.replace("\\", "/").rpartition("/")[2][-120:] or "材料"
    if not upload.data:
        raise _no(FileRefusal.EMPTY, f"“{name}”是空文件", "请重新选择文件")
    if len(upload.data) > LARGEST:
        raise _no(FileRefusal.TOO_LARGE, f"“{name}”超过{LARGEST // 1024 // 1024}MB", "请把照片调小，或分成几份")
    kind = next((kind for head, kind in HEADS.items() if upload.data.startswith(head)), None)
    if kind is None:
        raise _no(FileRefusal.WRONG_KIND, f"“{name}”不是照片或PDF", "请拍照（JPEG、PNG）或存成PDF后再交")
    return Upload(name, upload.data, kind)


def keep(case: Case, uploads: Sequence[Upload], *, by: int, at: datetime.datetime) -> None:
    """Store checked documents within the deed that opens the case."""
    for one in uploads:
        identifier = ids.new()
        CaseFile.objects.create(
            id=identifier, case=case, name=one.name, kind=str(one.kind), size=len(one.data),
            digest=hashlib.sha256(one.data).hexdigest(), put_by_id=by, put_at=at,
            sealed=shredding.seal(KIND, identifier, COLUMN, one.data),
        )


def content(file: CaseFile) -> bytes:
    """A document in clear. Raises Unreadable, naming the day, when it was destroyed."""
    return shredding.unseal(KIND, file.pk, COLUMN, file.sealed or b"")


def destroy(file: CaseFile, *, rule: str) -> None:
    """Destroy one document: its key, so that no copy opens, then what is stored; its name goes too. Safe to repeat."""
    with deed():
        file = CaseFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if file.sealed is None:
            return
        shredding.destroy(KIND, file.pk, file.sealed, rule=rule)
        file.sealed, file.name = None, "已删除"
        file.save(update_fields=["sealed", "name"])


def destroy_old(before: datetime.datetime, rule: str) -> int:
    """Destroy one chunk of the documents of cases closed before a moment; returns how many."""
    with deed():
        old = list(CaseFile.objects.exclude(sealed=None).filter(case__closed_at__lt=before).order_by("pk")[:CHUNK])
        for file in old:
            destroy(file, rule=rule)
    return len(old)
