"""The keyring: numbered data keys, of which the highest seals. A key added while the platform runs is seen within seconds.

Version 1 is RENSHE_DATA_KEY; later ones are RENSHE_DATA_KEY_2 and so on, from the environment (a key service writes it) or
from files in VAR/secrets. The key of the blind indexes is another and stays, or nobody would be found again.
"""

import os
import re
import secrets
from pathlib import Path

from django.conf import settings

from renshe.kernel.store.fresh import fresh

FRESH_SECONDS = 5.0
NAME = re.compile(r"renshe_data_key_(\d{1,3})", re.IGNORECASE)
MOST = 255  # a version is one byte of every sealed value


class NoSuchKey(LookupError):
    """A sealed value names a key that the ring does not hold: destroyed, or not yet distributed."""


def _folder() -> Path:
    return Path(settings.VAR) / "secrets"


@fresh(FRESH_SECONDS)
def ring() -> dict[int, str]:
    """The keys by version."""
    found = {1: settings.RENSHE_DATA_KEY} if settings.RENSHE_DATA_KEY else {}
    for name, value in os.environ.items():
        if match := NAME.fullmatch(name):
            found[int(match[1])] = value
    if _folder().exists():
        for path in _folder().iterdir():
            if match := NAME.fullmatch(path.name):
                found.setdefault(int(match[1]), path.read_text())
    return found


def forget() -> None:
    """Read the ring anew at the next question."""
    ring.forget()  # type: ignore[attr-defined]


def leading() -> int:
    """The version that seals."""
    return max(ring())


def key(version: int) -> str:
    """The key of a version. Raises NoSuchKey."""
    if version not in ring():
        forget()
    try:
        return ring()[version]
    except KeyError:
        raise NoSuchKey(f"密钥第{version}版不在钥匙环上：已销毁，或尚未分发到本机") from None


def add() -> int:
    """Make a new leading key, kept in VAR/secrets (mode 600)."""
    version = leading() + 1
    if version > MOST:
        raise OverflowError(f"密钥版本已用完（{MOST} 版）")
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _folder() / f"renshe_data_key_{version}"
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    forget()
    return version


def destroy(version: int) -> bool:
    """Take a key's file away, overwritten first; False when the key came from the environment, where we cannot."""
    path = _folder() / f"renshe_data_key_{version}"
    held = path.exists()
    if held:
        path.write_text("0" * 64)
        path.unlink()
    forget()
    return held
