"""Checkpoints as signed notes (C2SP tlog-checkpoint, signed-note), signed with Ed25519."""

import base64
import hashlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"


def private_key(seed_text: str) -> Ed25519PrivateKey:
    """The log's signing key, from the secret seed of the installation."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"renshe log key " + seed_text.encode()).digest())


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(origin: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + _raw(public)).digest()[:4]


def verifier_key(origin: str, public: Ed25519PublicKey) -> str:
    """The public key as outsiders keep it: `<origin>+<key id>+<base64>`."""
    encoded = base64.b64encode(ED25519 + _raw(public)).decode()
    return f"{origin}+{key_id(origin, public).hex()}+{encoded}"


def checkpoint(origin: str, size: int, root: bytes, key: Ed25519PrivateKey) -> str:
    """A signed statement that the tree of `size` leaves has this root."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = key_id(origin, key.public_key()) + key.sign(text.encode())
    return f"{text}\n\u2014 {origin} {base64.b64encode(signature).decode()}\n"
