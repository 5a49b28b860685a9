"""SM3 (GB/T 32905), from the interpreter's OpenSSL where it has it, else from the one that `cryptography` carries."""

import hashlib
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes


def _prepared() -> Any:
    try:
        return hashlib.new("sm3")
    except ValueError:
        return None


_ready = _prepared()


def sm3(data: bytes) -> str:
    """The digest as hex. Raises UnsupportedAlgorithm where neither library has it (see `sm3_source`)."""
    if _ready is None:
        other = hashes.Hash(hashes.SM3())
        other.update(data)
        return other.finalize().hex()
    digest = _ready.copy()
    digest.update(data)
    return str(digest.hexdigest())


def sm3_source() -> str:
    """Which library answers: `hashlib`, `cryptography`, or "" for none."""
    if _ready is not None:
        return "hashlib"
    try:
        hashes.Hash(hashes.SM3())
    except UnsupportedAlgorithm:
        return ""
    return "cryptography"
