"""The one judgement of a witness: sign, or say why not. Checked and remembered in one transaction, then answered."""

import base64
import hashlib
import struct
import time
from dataclasses import dataclass

from renshe_verify import Broken, Checkpoint, consistent, open_checkpoint
from renshe_verify.note import COSIGNATURE, decoded, read, split
from renshe_witness.memory import TWO_FACES, UNPROVED, Memory, Seen, accuse, clear, remember, seen, trusted

MOST_PROOF = 63
LARGEST_SIZE = 2**63 - 1
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True)
class Answer:
    """A status of HTTP, the words, and their type."""

    status: int
    text: str
    kind: str = TEXT


def public_text(memory: Memory) -> str:
    """The witness's public key as logs and clients keep it."""
    raw = COSIGNATURE + memory.key().public_key().public_bytes_raw()
    identity = hashlib.sha256(memory.name.encode() + b"\n" + raw).digest()[:4].hex()
    return f"{memory.name}+{identity}+{base64.b64encode(raw).decode()}"


def add_checkpoint(memory: Memory, body: str) -> Answer:
    """Answer one `add-checkpoint` request (C2SP tlog-witness)."""
    try:
        old, path, note = _parsed(body)
        origin, size, root = read(note)
        if size > LARGEST_SIZE:
            raise Broken("检查点的长度超出范围")
    except (Broken, ValueError) as fault:
        return Answer(400, f"{fault}\n")
    with memory.open() as db:
        keys = trusted(db, origin)
        if not keys:
            return Answer(404, "本节点没有登记这一账本\n")
        try:
            checkpoint = open_checkpoint(note, keys)
        except Broken as fault:
            return Answer(403, f"{fault}\n")
        if old > size:
            return Answer(400, "旧长度大于检查点的长度\n")
        before, now = seen(db, origin), int(time.time())
        if refused := _refused(before, old, path, checkpoint):
            if before is not None and _contradicts(before, checkpoint):
                accuse(db, origin, TWO_FACES, before, _as_signed(note, checkpoint), now)
            elif before is not None and refused.status == 422:
                accuse(db, origin, UNPROVED, before, _as_signed(note, checkpoint), now)
            return refused
        at = max(now, before.at if before else 0)
        remember(db, origin, Seen(size, root, note, at))
        clear(db, origin, _as_signed(note, checkpoint))
    return Answer(200, _line(memory, note, at))


def _parsed(body: str) -> tuple[int, list[bytes], str]:
    head, blank, note = body.partition("\n\n")
    first, *proof = head.split("\n")
    word, _, number = first.partition(" ")
    if not blank or word != "old" or str(int(number)) != number or int(number) < 0 or len(proof) > MOST_PROOF:
        raise ValueError("应依次为旧长度行、一致性证明各行、空行、检查点")
    path = [decoded(one) for one in proof]
    if any(len(one) != 32 for one in path):
        raise ValueError("证明的每一行应为32字节的哈希值")
    return int(number), path, note


def _refused(before: Seen | None, old: int, path: list[bytes], checkpoint: Checkpoint) -> Answer | None:
    known = before.size if before else 0
    if old != known:
        return Answer(409, f"{known}\n", SIZE)
    if before is None or known == 0:
        return Answer(422, "没有旧长度，证明应为空\n") if path else None
    if known == checkpoint.size and before.root != checkpoint.root:
        return Answer(409, f"{known}\n", SIZE)
    if not consistent(known, before.root, checkpoint.size, checkpoint.root, path):
        return Answer(422, "检查点不是从本节点见过的账本追加而来\n")
    return None


def _contradicts(before: Seen, checkpoint: Checkpoint) -> bool:
    """Whether two checkpoints prove by themselves that the log lies: two roots for one size."""
    return before.size == checkpoint.size and before.root != checkpoint.root


def _as_signed(note: str, checkpoint: Checkpoint) -> str:
    """A checkpoint with the log's own lines only: strangers may add others, so that one looks like many."""
    body, found = split(note)
    own = {(one.key.name, one.key.id) for one in checkpoint.by_log}
    kept = {(line.name, line.id): line.text for line in found if (line.name, line.id) in own}
    return body + "\n" + "".join(kept.values())


def _line(memory: Memory, note: str, at: int) -> str:
    text, _ = split(note)
    signature = struct.pack(">Q", at) + memory.key().sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    identity = bytes.fromhex(public_text(memory).split("+")[1])
    return f"\u2014 {memory.name} {base64.b64encode(identity + signature).decode()}\n"
