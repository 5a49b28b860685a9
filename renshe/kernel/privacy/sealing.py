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

SM4, AES = 1, 2
SUITES = {"sm4": SM4, "aes": AES}
VERSION = 1
NONCE = 12
TAG = 16


class Unreadable(ValueError):
    """A sealed value that does not open: wrong key, wrong column, or altered."""


@cache
def _key(purpose: str, size: int) -> bytes:
    """The key of one purpose and column, derived from the installation's data key."""
    derive = HKDF(algorithm=SHA256(), length=size, salt=b"renshe", info=purpose.encode())
    return derive.derive(settings.RENSHE_DATA_KEY.encode())


@cache
def _head(column: str, suite: int) -> tuple[bytes, bytes]:
    return bytes((suite, VERSION)), f"{column}|{VERSION}".encode()


@cache
def _aes(column: str) -> AESGCM:
    return AESGCM(_key(f"aes:{column}", 32))


@cache
def _sm4(column: str) -> algorithms.SM4:
    return algorithms.SM4(_key(f"sm4:{column}", 16))


def seal_bytes(column: str, data: bytes) -> bytes:
    """Encrypt `data` for `column` (e.g. `person.citizen_id`) with the leading suite."""
    suite = SUITES[settings.RENSHE_SUITE]
    head, bound = _head(column, suite)
    nonce = os.urandom(NONCE)
    if suite == AES:
        return head + nonce + _aes(column).encrypt(nonce, data, bound)
    sealer = Cipher(_sm4(column), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(bound)
    return head + nonce + sealer.update(data) + sealer.finalize() + sealer.tag


def unseal_bytes(column: str, blob: bytes) -> bytes:
    """Decrypt what `seal_bytes` made for this column. Raises Unreadable."""
    blob = bytes(blob)
    if len(blob) < 2 + NONCE + TAG or blob[1] != VERSION or blob[0] not in (SM4, AES):
        raise Unreadable(f"{column}：密文格式不可识别")
    _, bound = _head(column, blob[0])
    nonce, body = blob[2 : 2 + NONCE], blob[2 + NONCE :]
    try:
        if blob[0] == AES:
            return _aes(column).decrypt(nonce, body, bound)
        opener = Cipher(_sm4(column), modes.GCM(nonce, body[-TAG:])).decryptor()
        opener.authenticate_additional_data(bound)
        return opener.update(body[:-TAG]) + opener.finalize()
    except InvalidTag:
        raise Unreadable(f"{column}：密文已被改动，或密钥、字段不符") from None


def seal(column: str, text: str) -> bytes:
    """Encrypt a text for a column."""
    return seal_bytes(column, text.encode())


def unseal(column: str, blob: bytes) -> str:
    """Decrypt a text. Raises Unreadable."""
    return unseal_bytes(column, blob).decode()


def blind(column: str, text: str) -> str:
    """The blind index of an identifier: 64 hex digits, equal for all spellings of one identifier."""
    key = _key(f"blind:{column}", 32)
    return hmac.digest(key, identifiers.normalise(text).encode(), "sha256").hex()
