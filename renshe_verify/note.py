"""Signed notes, checkpoints and the keys that open them (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from renshe_verify import sm2
from renshe_verify.tree import Broken

ED25519 = b"\x01"
COSIGNATURE = b"\x04"  # Ed25519 by a witness, with the time it saw the checkpoint
SM2 = b"\xffrenshe/SM2-with-SM3\x00"  # 0xff: a type of our own, with a name that collides with nobody's
LABELS = {ED25519: "Ed25519", COSIGNATURE: "见证签名", SM2: "国密SM2"}
PUBLIC_SIZES = {ED25519: 32, COSIGNATURE: 32, SM2: 65}
MOST_LINES = 64
LATEST = 2**63 - 1


def decoded(text: str) -> bytes:
    """Base64 in its one canonical spelling. Raises ValueError."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not canonical")
    return raw


@dataclass(frozen=True)
class Key:
    """A public key as outsiders keep it: `<name>+<key id>+<base64 of type and key>`.

    `since` and `until` are the sizes of the log between which it signs, both included; `label` is for people.
    """

    name: str
    id: bytes
    kind: bytes
    public: bytes
    text: str
    since: int = 0
    until: int | None = None
    label: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises Broken when the text is no key we know how to use."""
        try:
            name, identity, encoded = text.split("+", 2)
            raw = decoded(encoded)
            kind = next(kind for kind in PUBLIC_SIZES if raw.startswith(kind))
            public = raw[len(kind) :]
            if len(public) != PUBLIC_SIZES[kind] or not name or any(one.isspace() for one in name):
                raise ValueError("not a key")
            if kind == SM2:
                sm2.point(public)
            expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
            if expected.hex() != identity:
                raise ValueError("the name of the key does not follow from it")
        except (ValueError, StopIteration, AttributeError):
            raise Broken("公钥的格式不对") from None
        return cls(name, expected, kind, public, text)

    def within(self, since: int, until: int | None) -> Self:
        """The same key, good for these sizes only."""
        return replace(self, since=since, until=until)

    def named(self, label: str) -> Self:
        """The same key with words for people."""
        return replace(self, label=label)

    def signs_at(self, size: int) -> bool:
        """Whether the key is good for a checkpoint of this size."""
        return self.since <= size and (self.until is None or size <= self.until)

    def opens(self, text: str, signature: bytes) -> int | None:
        """The time of a good cosignature, 0 for a good signature without time, None for a bad one."""
        message, when = text.encode(), 0
        if self.kind == SM2:
            return 0 if sm2.valid(self.public, message, signature) else None
        if self.kind == COSIGNATURE:
            when, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {when}\n".encode() + message
            if not 0 < when <= LATEST:
                return None
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return when


@dataclass(frozen=True)
class Line:
    """One signature line: who, with which key, and the bytes."""

    name: str
    id: bytes
    signature: bytes
    text: str


@dataclass(frozen=True)
class Signed:
    """A key whose signature was good, and the time a witness put to it (seconds since 1970; 0: none)."""

    key: Key
    at: int

    @property
    def who(self) -> str:
        return self.key.label or self.key.name


@dataclass(frozen=True)
class Checkpoint:
    """What a signed checkpoint says, and whose signatures on it were good."""

    origin: str
    size: int
    root: bytes
    signed: tuple[Signed, ...]

    @property
    def by_log(self) -> tuple[Signed, ...]:
        return tuple(one for one in self.signed if one.key.kind != COSIGNATURE)

    @property
    def by_witnesses(self) -> tuple[Signed, ...]:
        return tuple(one for one in self.signed if one.key.kind == COSIGNATURE)


def split(note: str) -> tuple[str, list[Line]]:
    """The text of a note and its signature lines. Raises Broken."""
    at = note.rfind("\n\n")
    body, block = note[: at + 1], note[at + 2 :]
    if at < 0 or not block.endswith("\n") or any(ord(one) < 32 and one != "\n" for one in note):
        raise Broken("检查点不是带签名的文本")
    return body, lines(block)


def lines(block: str) -> list[Line]:
    """Signature lines, each ending in a newline. Raises Broken."""
    found = []
    for text in block.split("\n")[:-1]:
        try:
            dash, name, encoded = text.split(" ")
            raw = decoded(encoded)
            if dash != "\u2014" or not name or "+" in name or len(raw) < 5:
                raise ValueError("not a signature line")
        except ValueError:
            raise Broken("签名行的格式不对") from None
        found.append(Line(name, raw[:4], raw[4:], text + "\n"))
    if not 0 < len(found) <= MOST_LINES:
        raise Broken("没有签名，或签名行过多")
    return found


def read(note: str) -> tuple[str, int, bytes]:
    """Origin, size and root that a checkpoint states, unchecked. Raises Broken."""
    body, _ = split(note)
    try:
        origin, size, root, *extensions = body.split("\n")[:-1]
        if not origin or str(int(size)) != size or int(size) < 0 or len(decoded(root)) != 32 or "" in extensions:
            raise ValueError("not a checkpoint")
    except ValueError:
        raise Broken("检查点的格式不对") from None
    return origin, int(size), decoded(root)


def open_checkpoint(note: str, keys: Sequence[Key]) -> Checkpoint:
    """A checkpoint opened with keys. Raises Broken unless one of the log's keys signed and no known key's line is bad.

    Lines of unknown keys, and of keys outside the sizes they are good for, are passed over.
    """
    origin, size, root = read(note)
    body, found = split(note)
    signed = []
    for line in found:
        for key in keys:
            if (key.name, key.id) != (line.name, line.id) or not key.signs_at(size):
                continue
            if key.kind != COSIGNATURE and key.name != origin:
                continue
            when = key.opens(body, line.signature)
            if when is None:
                raise Broken(f"检查点的签名无效：{key.label or key.name}（{LABELS[key.kind]}）")
            signed.append(Signed(key, when))
    checkpoint = Checkpoint(origin, size, root, tuple({one.key.text: one for one in signed}.values()))
    if not checkpoint.by_log:
        raise Broken("检查点上没有您信任的账本公钥的有效签名")
    return checkpoint
