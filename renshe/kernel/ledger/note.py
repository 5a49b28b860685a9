"""Checkpoints as signed notes (C2SP signed-note, tlog-checkpoint): one text, any number of signature lines.

A reader takes the lines whose key it knows and passes over the others, so that a second algorithm or a witness is
one more line, never another format.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"  # signature type of signed-note
DASH = "\u2014"


class Signer(Protocol):
    """Whoever puts a line under a note."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def sign(self, text: bytes) -> bytes: ...


def key_id(name: str, typed_key: bytes) -> bytes:
    """The four bytes by which a line names its key; `typed_key` is the type byte and the public key."""
    return hashlib.sha256(name.encode() + b"\n" + typed_key).digest()[:4]


@dataclass(frozen=True)
class Ed25519Signer:
    """An Ed25519 key under a name (no blanks, no plus sign)."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or self.name.split() != [self.name]:
            raise ValueError(f"账本名称“{self.name}”不可用：不能为空，不能含空格或加号")

    @cached_property
    def _typed_key(self) -> bytes:
        raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return ED25519 + raw

    @cached_property
    def key_id(self) -> bytes:
        return key_id(self.name, self._typed_key)

    @cached_property
    def verifier_key(self) -> str:
        """The public key as outsiders keep it: `<name>+<key id>+<base64>`."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._typed_key).decode()}"

    def sign(self, text: bytes) -> bytes:
        return self.private.sign(text)


def signer(name: str, seed_text: str) -> Ed25519Signer:
    """The log's own signer, from the secret seed of the installation."""
    seed = hashlib.sha256(b"renshe log key " + seed_text.encode()).digest()
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(seed))


def checkpoint(origin: str, size: int, root: bytes, signers: Sequence[Signer]) -> str:
    """A signed statement that the tree of `size` leaves has this root."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    lines = [
        f"{DASH} {one.name} {base64.b64encode(one.key_id + one.sign(text.encode())).decode()}\n" for one in signers
    ]
    return f"{text}\n{''.join(lines)}"
