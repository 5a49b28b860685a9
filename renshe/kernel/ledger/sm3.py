"""SM3 (GB/T 32905-2016), from the interpreter's OpenSSL when it has it, else from `cryptography`.

Which of them serves is settled once, at import, by the standard's own example; a wrong or missing SM3 stops the start.
"""

import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes

EXAMPLE = (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")  # GB/T 32905-2016, A.1


class _Cryptography:
    """The SM3 of `cryptography` with the manners of hashlib."""

    def __init__(self, state: hashes.Hash | None = None) -> None:
        self.state = state or hashes.Hash(hashes.SM3())

    def copy(self) -> "_Cryptography":
        return _Cryptography(self.state.copy())

    def update(self, data: bytes) -> None:
        self.state.update(data)

    def hexdigest(self) -> str:
        return self.state.copy().finalize().hex()


def _fresh() -> Any:
    try:
        return hashlib.new("sm3")
    except ValueError:
        return _Cryptography()


def _checked(fresh: Any) -> Any:
    trial = fresh.copy()
    trial.update(EXAMPLE[0])
    if trial.hexdigest() != EXAMPLE[1]:
        raise RuntimeError("本机的SM3实现与GB/T 32905的示例不符，账本不能启动：请更换OpenSSL或cryptography")
    return fresh


_empty = _checked(_fresh())  # copying a fresh state costs half of making one


def sm3(data: bytes) -> str:
    """The SM3 digest of bytes, as 64 hex digits."""
    state = _empty.copy()
    state.update(data)
    return str(state.hexdigest())
