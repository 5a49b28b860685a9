"""SM2 signing (GB/T 32918.2) by the system's OpenSSL 3 through ctypes; no Python package of good upkeep offers it.

The one thing the ledger asks is `Sm2.sign`. A card or signing server (GM/T 0018 SDF) replaces it by a class with the
same three names; one that answers with 64 raw bytes passes them through `der`.
"""

import ctypes
import hashlib
from functools import cache
from typing import Any

from renshe.kernel.ledger.note import SM2

ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
IDENTITY = b"1234567812345678"  # GM/T 0009, 10
LIBRARIES = ("libcrypto.so.3", "libcrypto.3.dylib")
_OIDS = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")  # ecPublicKey, sm2p256v1
_PRIVATE = bytes.fromhex("3041020100") + _OIDS + bytes.fromhex("042730250201010420")
_PUBLIC = bytes.fromhex("3059") + _OIDS + bytes.fromhex("034200")
_FUNCTIONS = {
    "d2i_AutoPrivateKey": ctypes.c_void_p, "d2i_PUBKEY": ctypes.c_void_p, "i2d_PUBKEY": ctypes.c_int,
    "EVP_PKEY_CTX_new": ctypes.c_void_p, "EVP_MD_CTX_new": ctypes.c_void_p, "EVP_sm3": ctypes.c_void_p,
    "EVP_PKEY_CTX_set1_id": ctypes.c_int, "EVP_MD_CTX_set_pkey_ctx": None, "EVP_DigestSignInit": ctypes.c_int,
    "EVP_DigestSign": ctypes.c_int, "EVP_DigestVerifyInit": ctypes.c_int, "EVP_DigestVerify": ctypes.c_int,
    "EVP_MD_CTX_free": None, "EVP_PKEY_CTX_free": None, "EVP_PKEY_free": None,
}


class NoSm2(RuntimeError):
    """The system's OpenSSL is missing, too old, or refuses."""


@cache
def _openssl() -> Any:
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, result in _FUNCTIONS.items():
            getattr(library, function).restype = result
        return library
    raise NoSm2(f"找不到 {' 或 '.join(LIBRARIES)}：请安装系统的 OpenSSL 3（Debian 软件包 libssl3）")


def _true(done: int | None) -> int:
    if not done or done < 0:
        raise NoSm2("OpenSSL 拒绝了这一步国密运算")
    return done


class Sm2:
    """A private key in this process's memory."""

    kind = SM2

    def __init__(self, number: int) -> None:
        """`number`: the private key, 1 to order - 2. Raises NoSm2."""
        if not 0 < number < ORDER - 1:
            raise ValueError("an SM2 private key lies between 1 and the order less two")
        data = _PRIVATE + number.to_bytes(32, "big")
        start = ctypes.c_char_p(data)
        self._key = _true(_openssl().d2i_AutoPrivateKey(None, ctypes.byref(start), ctypes.c_long(len(data))))
        out = ctypes.create_string_buffer(256)
        at = ctypes.c_char_p(ctypes.addressof(out))
        length = _true(_openssl().i2d_PUBKEY(ctypes.c_void_p(self._key), ctypes.byref(at)))
        self.public = out.raw[length - 65 : length]

    @classmethod
    def from_seed(cls, seed: bytes) -> "Sm2":
        """The key that follows from a secret seed."""
        return cls(int.from_bytes(hashlib.sha512(b"renshe log key sm2 " + seed).digest(), "big") % (ORDER - 2) + 1)

    def sign(self, message: bytes) -> bytes:
        """DER signature over the message under the usual identity. Raises NoSm2."""
        with _Context(self._key, "EVP_DigestSignInit") as context:
            out, length = ctypes.create_string_buffer(96), ctypes.c_size_t(96)
            _true(_openssl().EVP_DigestSign(
                context, out, ctypes.byref(length), message, ctypes.c_size_t(len(message))
            ))
            return out.raw[: length.value]


class _Context:
    """A digest context bound to a key and the signer's identity."""

    def __init__(self, key: int, begin: str) -> None:
        library = _openssl()
        self.key_context = ctypes.c_void_p(_true(library.EVP_PKEY_CTX_new(ctypes.c_void_p(key), None)))
        self.context = ctypes.c_void_p(_true(library.EVP_MD_CTX_new()))
        _true(library.EVP_PKEY_CTX_set1_id(self.key_context, IDENTITY, ctypes.c_size_t(len(IDENTITY))))
        library.EVP_MD_CTX_set_pkey_ctx(self.context, self.key_context)
        digest = ctypes.c_void_p(library.EVP_sm3())
        _true(getattr(library, begin)(self.context, None, digest, None, ctypes.c_void_p(key)))

    def __enter__(self) -> ctypes.c_void_p:
        return self.context

    def __exit__(self, *fault: object) -> None:
        _openssl().EVP_MD_CTX_free(self.context)
        _openssl().EVP_PKEY_CTX_free(self.key_context)


def valid(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a DER signature is good, by OpenSSL: a check on a card or server before it goes to work. Raises NoSm2."""
    data = _PUBLIC + public
    start = ctypes.c_char_p(data)
    key = _true(_openssl().d2i_PUBKEY(None, ctypes.byref(start), ctypes.c_long(len(data))))
    try:
        with _Context(key, "EVP_DigestVerifyInit") as context:
            sizes = ctypes.c_size_t(len(signature)), ctypes.c_size_t(len(message))
            return bool(_openssl().EVP_DigestVerify(context, signature, sizes[0], message, sizes[1]) == 1)
    finally:
        _openssl().EVP_PKEY_free(ctypes.c_void_p(key))


def der(raw: bytes) -> bytes:
    """64 raw bytes r and s, as cards give them, as the DER that signature lines carry."""
    if len(raw) != 64:
        raise ValueError("a raw SM2 signature has 64 bytes")
    numbers = b""
    for at in (0, 32):
        number = int.from_bytes(raw[at : at + 32], "big")
        digits = number.to_bytes(number.bit_length() // 8 + 1, "big")
        numbers += bytes((2, len(digits))) + digits
    return bytes((0x30, len(numbers))) + numbers
