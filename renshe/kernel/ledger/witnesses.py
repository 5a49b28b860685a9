"""Asks witnesses to cosign (C2SP tlog-witness) and keeps what they answer, refusals too.

A witness signs only what extends all it has seen. When one finds that the log does not, that is the alarm the whole
arrangement exists for: it is kept, shown on the public page, and recorded as an entry.
"""

import base64
import http.client
import struct
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.actions import read_tile, record
from renshe.kernel.ledger.models import Checkpoint, Cosignature, Witness
from renshe.kernel.store import outgoing
from renshe.kernel.store.deed import deed

REFRESH = timedelta(hours=1)  # a log at rest is cosigned anew this often, so that a silent witness is noticed
MOST_ANSWER = 64 * 1024
CONFLICT, INCONSISTENT = 409, 422
REASONS = {403: "见证节点不认本账本现在的公钥", 404: "见证节点没有登记本账本", 400: "见证节点看不懂请求"}


class Silent(Exception):
    """No cosignature, and why; `alarm` when the witness found the log inconsistent."""

    def __init__(self, why: str, *, alarm: bool = False) -> None:
        super().__init__(why)
        self.alarm = alarm


@dataclass(frozen=True)
class Answer:
    """What a witness said over HTTP."""

    status: int
    text: str

    @property
    def size(self) -> int | None:
        """How many entries a witness in conflict says it has seen."""
        text = self.text.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def ask_all() -> int:
    """Ask every witness to cosign the newest checkpoint; returns how many did. Safe to repeat."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return 0
    signed = 0
    for witness in Witness.objects.filter(retired_at=None).order_by("id"):
        rested = witness.seen_at is not None and timezone.now() - witness.seen_at < REFRESH
        if rested and witness.size == last.size and not witness.fault:
            continue
        try:
            line, at = ask(witness, last)
        except Silent as why:
            _keep_silence(witness, last, why)
            continue
        _keep(witness, last, line, at)
        signed += 1
    return signed


def ask(witness: Witness, checkpoint: Checkpoint) -> tuple[str, datetime]:
    """One witness's cosignature line on a checkpoint, checked, and its time. Raises Silent."""
    old = min(witness.size, checkpoint.size)
    answer = _post(witness.address, _request(old, checkpoint))
    if answer.status == CONFLICT and answer.size not in (None, old):
        old = answer.size or 0
        if old > checkpoint.size:
            raise _behind(old, checkpoint)
        answer = _post(witness.address, _request(old, checkpoint))
    if answer.status == CONFLICT and (old != checkpoint.size or answer.size not in (None, old)):
        raise Silent("见证节点同时在为别的检查点签名，下一轮再请它签")
    if answer.status in (CONFLICT, INCONSISTENT):
        raise Silent(f"见证节点指出：现在的账本不是从它见过的{old}条追加而来", alarm=True)
    if answer.status != 200:
        raise Silent(REASONS.get(answer.status, f"见证节点答复 {answer.status}"))
    return _checked(witness.key, checkpoint, answer.text)


def _behind(seen: int, checkpoint: Checkpoint) -> Silent:
    """What it means that a witness has seen more: another machine asked it meanwhile, or the log was rolled back."""
    if Checkpoint.objects.filter(size__gte=seen, size__gt=checkpoint.size).exists():
        return Silent(f"见证节点已经见过更新的检查点（{seen}条），下一轮再请它签名")
    return Silent(f"见证节点见过{seen}条，本账本只有{checkpoint.size}条：账本被回退了", alarm=True)


def _request(old: int, checkpoint: Checkpoint) -> bytes:
    path = tree.consistency(tree.once(read_tile), old, checkpoint.size) if old else []
    proof = "".join(base64.b64encode(one).decode() + "\n" for one in path)
    return f"old {old}\n{proof}\n{checkpoint.note}".encode()


def _post(address: str, body: bytes) -> Answer:
    request = urllib.request.Request(f"{address.rstrip('/')}/add-checkpoint", data=body, method="POST")
    request.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        with outgoing.opened(request, timeout=settings.RENSHE_WITNESS_TIMEOUT) as answer:
            return Answer(answer.status, answer.read(MOST_ANSWER).decode("utf-8", "replace"))
    except urllib.error.HTTPError as fault:
        with fault:
            return Answer(fault.code, fault.read(MOST_ANSWER).decode("utf-8", "replace"))
    except outgoing.Forbidden as fault:
        raise Silent(str(fault)) from None
    except (OSError, http.client.HTTPException) as fault:
        raise Silent(f"连不上见证节点：{getattr(fault, 'reason', fault)}"[:300]) from None


def _checked(key: str, checkpoint: Checkpoint, answer: str) -> tuple[str, datetime]:
    """The line of the answer that is this witness's, once its signature is found good."""
    name, identity, raw = note.key_parts(key)
    text = note.parts(checkpoint.note)[0]
    for line in answer.splitlines(keepends=True):
        try:
            if note.line_key(line) != (name, identity) or not line.endswith("\n"):
                continue
            signature = base64.b64decode(line.strip().rsplit(" ", 1)[1], validate=True)[4:]
            (seconds,) = struct.unpack(">Q", signature[:8])
            message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[8:], message)
            return line, datetime.fromtimestamp(seconds, UTC)
        except (ValueError, struct.error, OverflowError, OSError, InvalidSignature):
            continue
    raise Silent("见证节点的答复里没有它的有效签名")


def _keep(witness: Witness, checkpoint: Checkpoint, line: str, at: datetime) -> None:
    with deed():
        Cosignature.objects.update_or_create(checkpoint=checkpoint, witness=witness, defaults={"line": line, "at": at})
        Witness.objects.filter(pk=witness.pk).update(
            size=checkpoint.size, seen_at=at, asked_at=timezone.now(), fault="", alarm=False
        )


def _keep_silence(witness: Witness, checkpoint: Checkpoint, why: Silent) -> None:
    with deed():
        if why.alarm and not witness.alarm:
            record("ledger.alarm", "", {"witness": witness.key, "size": checkpoint.size, "why": str(why)})
        Witness.objects.filter(pk=witness.pk).update(asked_at=timezone.now(), fault=str(why)[:300], alarm=why.alarm)
