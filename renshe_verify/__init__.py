"""Checks a proof that a renshe ledger gave out. Shares no code with the ledger: what it knows, it read in RFC 9162.

A bundle holds a record, the leaf that carries the record's SM3 digest, the path from the leaf to a root, and a
signed checkpoint naming that root. Each is checked; the first that fails is named.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Broken(Exception):
    """Why a bundle does not verify."""


@dataclass(frozen=True)
class Verified:
    """What a sound bundle shows."""

    kind: str
    case_number: str
    at: str
    position: int
    size: int
    origin: str
    record: dict[str, Any] | None


FORMAT = "renshe-proof/1"
KEYS = {"format", "origin", "key", "leaf", "position", "size", "path", "checkpoint"}


def _decoded(text: str) -> bytes:
    """Base64 in its one canonical spelling. Raises ValueError."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not canonical")
    return raw


def _sha(prefix: bytes, *parts: bytes) -> bytes:
    return hashlib.sha256(prefix + b"".join(parts)).digest()


def _root_from_path(leaf: bytes, position: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= position < size:
        raise Broken("序号超出账本长度")
    at, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            raise Broken("证明路径过长")
        if at & 1 or at == last:
            found = _sha(b"\x01", step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _sha(b"\x01", found, step)
        at, last = at >> 1, last >> 1
    if last:
        raise Broken("证明路径过短")
    return found


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> bool:
    """Whether a log of `new` entries extends one of `old` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    if old & (old - 1) == 0:
        path = [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = _sha(b"\x01", step, first), _sha(b"\x01", step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = _sha(b"\x01", second, step)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def open_checkpoint(note: str, key: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that `key` signed. Raises Broken."""
    try:
        origin, _, rest = key.partition("+")
        identity, _, encoded = rest.partition("+")
        raw = _decoded(encoded)
        text, _, signatures = note.partition("\n\n")
        text += "\n"
        lines = text.split("\n")
        size, root = int(lines[1]), _decoded(lines[2])
    except (ValueError, IndexError):
        raise Broken("检查点或公钥的格式不对") from None
    expected = hashlib.sha256(origin.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != b"\x01" or len(raw) != 33 or expected.hex() != identity or lines[0] != origin or len(root) != 32:
        raise Broken("公钥与检查点不属于同一账本")
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    for line in signatures.splitlines():
        if not line.startswith(f"\u2014 {origin} "):
            continue
        try:
            signature = _decoded(line.rsplit(" ", 1)[1])
            if signature[:4] == expected:
                public.verify(signature[4:], text.encode())
                return origin, size, root
        except (InvalidSignature, ValueError):
            continue
    raise Broken("检查点的签名无效")


def verify(bundle: Any, key: str = "") -> Verified:
    """Check a bundle, against a key you trust if given, else against the key it carries. Raises Broken."""
    try:
        if set(bundle) - {"record"} != KEYS or bundle["format"] != FORMAT:
            raise ValueError("unknown format")
        leaf_text, note, carried = bundle["leaf"], bundle["checkpoint"], bundle["key"]
        position, size = bundle["position"], bundle["size"]
        if type(position) is not int or type(size) is not int:
            raise ValueError("not whole numbers")
        path = [_decoded(step) for step in bundle["path"]]
        record = bundle.get("record")
        leaf = json.loads(leaf_text)
        claimed = leaf["sm3"]
        described = leaf["kind"], leaf["case"], leaf["at"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Broken("证明文件的格式不对，或缺少内容") from None
    if key and key != carried:
        raise Broken("证明文件所带的公钥不是您信任的公钥")
    origin, signed_size, root = open_checkpoint(str(note), str(carried))
    if origin != bundle["origin"]:
        raise Broken("证明文件写的账本名与检查点不符")
    if signed_size != size:
        raise Broken("检查点的长度与证明不符")
    if _root_from_path(_sha(b"\x00", leaf_text.encode()), position, size, path) != root:
        raise Broken("条目不在检查点所签的账本中")
    opened = None
    if record is not None:
        if hashlib.new("sm3", str(record).encode()).hexdigest() != claimed:
            raise Broken("记录与账本条目的国密摘要不符：记录已被改动")
        opened = json.loads(record)
    return Verified(*described, position, size, origin, opened)
