"""Sealing: authenticated encryption of a column's values, and blind indexes to find them by.

A sealed value is one suite byte, one key-version byte, 12 nonce bytes, ciphertext, 16 tag bytes. The column's name
and version are authenticated, so that a value moved to another column does not open.
"""

import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from renshe.kernel.common import identifiers
from renshe.kernel.privacy import keys

SM4, AES = 1, 2
SUITES = {"sm4": SM4, "aes": AES}
NONCE = 12
TAG = 16
INDEX_LENGTH = 64


class Unreadable(ValueError):
    """A sealed value that does not open: wrong or destroyed key, wrong column, or altered."""


def _derived(secret: str, purpose: str, size: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=size, salt=b"renshe", info=purpose.encode()).derive(secret.encode())


# Ciphers and index keys are kept by the key itself, not by its number: a destroyed key must not live on behind its number.
@cache
def _index_key(secret: str, column: str) -> bytes:
    return _derived(secret, f"blind:{column}", 32)


@cache
def _aes(secret: str, column: str) -> AESGCM:
    return AESGCM(_derived(secret, f"aes:{column}", 32))


@cache
def _sm4(secret: str, column: str) -> algorithms.SM4:
    return algorithms.SM4(_derived(secret, f"sm4:{column}", 16))


@cache
def _head(column: str, suite: int, version: int) -> tuple[bytes, bytes]:
    return bytes((suite, version)), f"{column}|{version}".encode()


def seal_with(secret: str, version: int, column: str, data: bytes) -> bytes:
    """Encrypt under a given key; `version` 0 means a key of its own, kept elsewhere."""
    suite = SUITES[settings.RENSHE_SUITE]
    head, bound = _head(column, suite, version)
    nonce = os.urandom(NONCE)
    if suite == AES:
        return head + nonce + _aes(secret, column).encrypt(nonce, data, bound)
    sealer = Cipher(_sm4(secret, column), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(bound)
    return head + nonce + sealer.update(data) + sealer.finalize() + sealer.tag


def unseal_with(secret: str, column: str, blob: bytes) -> bytes:
    """Decrypt under a given key. Raises Unreadable."""
    blob = bytes(blob)
    if len(blob) < 2 + NONCE + TAG or blob[0] not in (SM4, AES):
        raise Unreadable(f"{column}：密文格式不可识别")
    _, bound = _head(column, blob[0], blob[1])
    nonce, body = blob[2 : 2 + NONCE], blob[2 + NONCE :]
    try:
        if blob[0] == AES:
            return _aes(secret, column).decrypt(nonce, body, bound)
        opener = Cipher(_sm4(secret, column), modes.GCM(nonce, body[-TAG:])).decryptor()
        opener.authenticate_additional_data(bound)
        return opener.update(body[:-TAG]) + opener.finalize()
    except InvalidTag:
        raise Unreadable(f"{column}：密文已被改动，或密钥、字段不符") from None


def version_of(blob: bytes) -> int:
    """The key version a sealed value names; 0 when it has a key of its own."""
    return bytes(blob)[1]


def is_current(blob: bytes) -> bool:
    """Whether a value is sealed with the leading key and suite."""
    return bytes(blob[:2]) == bytes((SUITES[settings.RENSHE_SUITE], keys.leading()))


def seal_bytes(column: str, data: bytes) -> bytes:
    """Encrypt `data` for `column` (e.g. `person.citizen_id`) with the leading suite and key."""
    version = keys.leading()
    return seal_with(keys.key(version), version, column, data)


def unseal_bytes(column: str, blob: bytes) -> bytes:
    """Decrypt what `seal_bytes` made for this column. Raises Unreadable."""
    if len(blob) < 2 + NONCE + TAG:
        raise Unreadable(f"{column}：密文格式不可识别")
    try:
        secret = keys.key(version_of(blob))
    except keys.NoSuchKey as fault:
        raise Unreadable(f"{column}：{fault}") from None
    return unseal_with(secret, column, blob)


def seal(column: str, text: str) -> bytes:
    """Encrypt a text for a column."""
    return seal_bytes(column, text.encode())


def unseal(column: str, blob: bytes) -> str:
    """Decrypt a text. Raises Unreadable."""
    return unseal_bytes(column, blob).decode()


def blind(column: str, text: str) -> str:
    """The blind index of an identifier under the leading index key, equal for all spellings of one identifier.

    64 hex digits under the first key; under a later one its version, a dot and 62 or fewer digits, so that it can be told apart.
    """
    return _blind(keys.leading(keys.INDEX), column, identifiers.normalise(text).encode())


def blinds(column: str, text: str) -> list[str]:
    """Every index by which an identifier may be stored while index keys change."""
    plain = identifiers.normalise(text).encode()
    return [_blind(version, column, plain) for version in keys.ring(keys.INDEX)]


def _blind(version: int, column: str, plain: bytes) -> str:
    digits = hmac.digest(_index_key(keys.key(version, keys.INDEX), column), plain, "sha256").hex()
    return digits if version == 1 else (index_head(version) + digits)[:INDEX_LENGTH]


def index_head(version: int) -> str:
    """How the indexes of a key begin; those of the first key have no dot."""
    return "" if version == 1 else f"{version}."
