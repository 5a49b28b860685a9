"""The keyrings: numbered keys, of which the highest leads. A key added while the platform runs is seen within seconds.

Two rings: one seals (RENSHE_DATA_KEY), one makes blind indexes (RENSHE_INDEX_KEY). Version 1 is the setting of that name; later
ones are RENSHE_DATA_KEY_2 and so on, from the environment (a key service writes it) or from files in VAR/secrets.

A new index key is searched by at once but leads only when every process has read it: else what one writes with it, another
would not find. Where it comes from the environment, give it to every host before the first is started again with it.
"""

import os
import re
import secrets
import time
from pathlib import Path

from django.conf import settings

from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.store.fresh import fresh

FRESH_SECONDS = 5.0
SETTLE_SECONDS = 2 * FRESH_SECONDS
DEED_SECONDS = 60.0  # no deed takes this long: what it sealed when it began is written by then
DATA, INDEX = "RENSHE_DATA_KEY", "RENSHE_INDEX_KEY"
LATER = {
    DATA: re.compile(r"renshe_data_key_(\d{1,3})", re.IGNORECASE), INDEX: re.compile(r"renshe_index_key_(\d{1,3})", re.IGNORECASE),
}
ARTICLE = "GB/T 39786-2021 9.4：密钥的更新与销毁"
SAID = {DATA: ("第{}版密钥", "封存", "retire"), INDEX: ("索引密钥第{}版", "生成索引", "retire-index")}
MOST = 255  # a version is one byte of every sealed value


class NoSuchKey(LookupError):
    """A sealed value names a key that the ring does not hold: destroyed, or not yet distributed."""


def _folder() -> Path:
    return Path(settings.VAR) / "secrets"


def _file(version: int, name: str) -> Path:
    return _folder() / (name.lower() if version == 1 else f"{name.lower()}_{version}")


@fresh(FRESH_SECONDS)
def ring(name: str = DATA) -> dict[int, str]:
    """The keys of a ring by version."""
    first: str = getattr(settings, name)
    found = {1: first} if first else {}
    for variable, value in os.environ.items():
        if match := LATER[name].fullmatch(variable):
            found[int(match[1])] = value
    if _folder().exists():
        for path in _folder().iterdir():
            if match := LATER[name].fullmatch(path.name):
                found.setdefault(int(match[1]), path.read_text())
    return found


def forget() -> None:
    """Read the rings anew at the next question."""
    ring.forget()  # type: ignore[attr-defined]


def leading(name: str = DATA) -> int:
    """The version that seals, or by which new indexes are made."""
    if name == DATA:
        return max(ring())
    held = ring(name)
    if len(held) == 1:
        return next(iter(held))
    return max((version for version in held if settles_in(version, name) <= 0), default=min(held))


def settles_in(version: int, name: str) -> float:
    """Seconds until every process of this installation has read a key; 0 or less when they have."""
    if version == 1 or is_given(version, name):
        return 0.0
    try:
        return _file(version, name).stat().st_mtime + SETTLE_SECONDS - time.time()
    except FileNotFoundError:
        return 0.0


def written_until(version: int, name: str = DATA) -> float:
    """Seconds for which a process that has not read the next key, or a deed that began before, may still write with this one."""
    following = min((one for one in ring(name) if one > version), default=1)
    left = settles_in(following, name)
    return max(left + DEED_SECONDS, 0.0) if left else 0.0


def key(version: int, name: str = DATA) -> str:
    """The key of a version. Raises NoSuchKey."""
    if version not in ring(name):
        forget()
    try:
        return ring(name)[version]
    except KeyError:
        raise NoSuchKey(f"密钥第{version}版不在钥匙环上：已销毁，或尚未分发到本机") from None


def add(name: str = DATA) -> int:
    """Make a new key, kept in VAR/secrets (mode 600)."""
    version = max(ring(name)) + 1
    if version > MOST:
        raise OverflowError(f"密钥版本已用完（{MOST} 版）")
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(_file(version, name), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    forget()
    return version


def variable(version: int, name: str = DATA) -> str:
    """The name under which the environment gives a key."""
    return name if version == 1 else f"{name}_{version}"


def is_given(version: int, name: str = DATA) -> bool:
    """Whether the environment gives a key, so that only the key service can destroy it."""
    return variable(version, name) in os.environ


def may_go(version: int, name: str = DATA) -> None:
    """Raises Refused while only the key service can destroy a key, or somebody may still write with it."""
    thing, writes, command = SAID[name]
    if is_given(version, name):
        raise Refused(Reason(
            "elsewhere", f"{thing.format(version)}由环境变量提供，须先在密钥服务中销毁", article=ARTICLE,
            then=f"请在密钥服务中销毁，移除 {variable(version, name)} 并重启，再运行 renshe privacy {command} {version} 记入账本",
        ))
    if rest := written_until(version, name):
        raise Refused(Reason("settling", f"刚换新密钥，正在办的事还可能由第{version}版{writes}", article=ARTICLE, then=f"请过{rest:.0f}秒再销毁"))


def destroy(version: int, name: str = DATA) -> None:
    """Take a key's file away, overwritten first; nothing is done about a key that is gone already.

    The first key's file stays, empty: without it a new one would be made. Other processes forget that key when started again.
    """
    path = _file(version, name)
    if path.exists():
        path.write_text("0" * 64)
        if version == 1:
            path.write_text("")
            setattr(settings, name, "")
        else:
            path.unlink()
    forget()
