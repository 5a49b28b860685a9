"""The log's signing keys, by generation. A city with a signing server names its own function in RENSHE_SIGNERS."""

import hashlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.module_loading import import_string

from renshe.kernel.ledger.note import ED25519, Signer
from renshe.kernel.ledger.sm2 import Sm2

OURS = "renshe.kernel.ledger.signers.from_seed"


class Ed25519:
    """A private key in this process's memory."""

    kind = ED25519

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"renshe log key " + seed).digest())
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032)."""
        return self._key.sign(message)


def signers(generation: int) -> list[Signer]:
    """Those who sign as this generation. Raises LookupError when its secret is not on this machine."""
    return list(import_string(settings.RENSHE_SIGNERS)(generation))


def from_seed(generation: int) -> tuple[Signer, ...]:
    """Ed25519 and SM2 keys that follow from the generation's secret seed."""
    return _made(seed(generation))


@lru_cache(maxsize=8)
def _made(text: str) -> tuple[Signer, ...]:
    return Ed25519(text.encode()), Sm2.from_seed(text.encode())


def seed(generation: int) -> str:
    """The secret of a generation: the first is RENSHE_LOG_KEY, later ones RENSHE_LOG_KEY_2 and so on, or their files."""
    if generation == 1:
        return str(settings.RENSHE_LOG_KEY)
    name = f"RENSHE_LOG_KEY_{generation}"
    if value := os.environ.get(name):
        return value
    path = _path(generation)
    if not path.exists():
        raise LookupError(f"本机没有第{generation}代账本私钥：请设置 {name}，或放回 {path}")
    return path.read_text(encoding="utf-8")


def new_seed(generation: int) -> None:
    """Make and keep the secret of a new generation (mode 600). Safe to repeat.

    Nothing is made where the environment gives it, or where keys live elsewhere (RENSHE_SIGNERS).
    """
    path = _path(generation)
    if settings.RENSHE_SIGNERS != OURS or os.environ.get(f"RENSHE_LOG_KEY_{generation}") or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = path.with_suffix(".new")
    waiting.touch(mode=0o600)
    waiting.write_text(secrets.token_hex(32), encoding="utf-8")
    waiting.replace(path)


def _path(generation: int) -> Path:
    return Path(settings.VAR) / "secrets" / f"renshe_log_key_{generation}"
