"""Checkpoints as signed notes (C2SP tlog-checkpoint, signed-note): the text, the keys' names, the signature lines."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Protocol

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
SM2 = b"\xffrenshe/SM2-with-SM3\x00"  # 0xff: a type the specification leaves to us, with a name that collides with nobody's


class Signer(Protocol):
    """Whatever signs: software, a card, a signing server. Nothing here asks more of it."""

    kind: bytes
    public: bytes

    def sign(self, message: bytes) -> bytes:
        """The signature as its type lays down: Ed25519 64 bytes, SM2 DER."""


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def key_text(name: str, kind: bytes, public: bytes) -> str:
    """The public key as outsiders keep it: `<name>+<key id>+<base64>`."""
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(kind + public).decode()}"


def key_parts(text: str) -> tuple[str, bytes, bytes]:
    """Name, key id and raw type with key of a verifier key. Raises ValueError."""
    name, identity, encoded = text.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if not name or hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != identity:
        raise ValueError("公钥的标识与公钥不符")
    return name, bytes.fromhex(identity), raw


def body(origin: str, size: int, root: bytes) -> str:
    """The statement that the tree of `size` leaves has this root: three lines."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def line(name: str, kind: bytes, public: bytes, signature: bytes) -> str:
    """One signature line."""
    return f"\u2014 {name} {base64.b64encode(key_id(name, kind, public) + signature).decode()}\n"


def line_key(text: str) -> tuple[str, bytes]:
    """Name and key id of a signature line. Raises ValueError."""
    dash, name, encoded = text.removesuffix("\n").split(" ")
    if dash != "\u2014":
        raise ValueError("不是签名行")
    return name, base64.b64decode(encoded, validate=True)[:4]


def checkpoint(origin: str, size: int, root: bytes, signers: Iterable[Signer]) -> str:
    """A checkpoint with one line of each signer."""
    text = body(origin, size, root)
    return text + "\n" + "".join(line(origin, one.kind, one.public, one.sign(text.encode())) for one in signers)


def parts(checkpoint_note: str) -> tuple[str, list[str]]:
    """The text of a checkpoint and its signature lines."""
    text, _, block = checkpoint_note.partition("\n\n")
    return text + "\n", block.splitlines(keepends=True)
