"""The whole log, read as an outsider reads it: static files in a folder or at an address (C2SP tlog-tiles)."""

import hashlib
import struct
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

from renshe_verify.note import Checkpoint, open_checkpoint, read
from renshe_verify.tree import Broken, Growing, leaf_hash, node_hash
from renshe_verify.trust import Trust

WIDTH = 256
LARGEST = 64 * 1024 * 1024


class Log:
    """The files of a log below a folder or an address."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self.remote = place.startswith(("http://", "https://"))

    def file(self, name: str) -> bytes:
        """One file. Raises Broken when it cannot be had."""
        try:
            if self.remote:
                with urllib.request.urlopen(f"{self.place}/{name}", timeout=30) as answer:
                    return bytes(answer.read(LARGEST))
            return (Path(self.place) / name).read_bytes()
        except (OSError, URLError) as fault:
            raise Broken(f"取不到账本文件 {name}：{fault}") from None

    def tile(self, level: int | str, number: int, width: int) -> bytes:
        """A tile or, at level `entries`, an entry bundle; a partial one may be cut from the full one."""
        name = f"tile/{level}/{numbered(number)}"
        if width == WIDTH:
            return self.file(name)
        try:
            return self.file(f"{name}.p/{width}")
        except Broken:
            whole = self.file(name)
            return whole[: width * 32] if level != "entries" else b"".join(
                struct.pack(">H", len(one)) + one for one in list(entries(whole))[:width]
            )


def numbered(number: int) -> str:
    """`1234067` as a path: `x001/x234/067`."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])


def entries(bundle: bytes) -> Iterator[bytes]:
    """The entries of a bundle, each with its length in two bytes before it. Raises Broken."""
    at = 0
    while at < len(bundle):
        if at + 2 > len(bundle):
            raise Broken("条目文件在中途断了")
        (length,) = struct.unpack_from(">H", bundle, at)
        at += 2 + length
        if at > len(bundle):
            raise Broken("条目文件在中途断了")
        yield bundle[at - length : at]


def tiles(count: int) -> Iterator[tuple[int, int]]:
    """Number and width of each tile that holds `count` hashes."""
    for number in range(-(-count // WIDTH)):
        yield number, min(WIDTH, count - number * WIDTH)


def audit(place: str, trust: Trust) -> Checkpoint:
    """Read every entry, work out every tile and the root, compare with what the log serves and signed. Raises Broken."""
    log = Log(place)
    checkpoint = open_checkpoint(log.file("checkpoint").decode("utf-8", "replace"), trust.all())
    growing, above = Growing(), bytearray()
    for number, width in tiles(checkpoint.size):
        found = list(entries(log.tile("entries", number, width)))
        if len(found) != width:
            raise Broken(f"条目文件 {number} 应有{width}条，实有{len(found)}条")
        hashes = [leaf_hash(one) for one in found]
        if log.tile(0, number, width) != b"".join(hashes):
            raise Broken(f"第{number * WIDTH}条起的条目与树的第0层瓦片 {number} 不符")
        growing.add(hashes)
        if width == WIDTH:
            above += _folded(hashes)
    if growing.root() != checkpoint.root:
        raise Broken("由全部条目算出的根哈希与检查点不符")
    level = 1
    while above:
        expected, above = bytes(above), bytearray()
        for number, width in tiles(len(expected) // 32):
            tile = expected[number * WIDTH * 32 :][: width * 32]
            if log.tile(level, number, width) != tile:
                raise Broken(f"树的第{level}层瓦片 {number} 与条目不符")
            if width == WIDTH:
                above += _folded([tile[at : at + 32] for at in range(0, len(tile), 32)])
        level += 1
    return checkpoint


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def grew(place: str, old: Checkpoint, trust: Trust) -> Checkpoint:
    """Whether the log at `place` still begins with an old checkpoint you kept; reads all its hashes. Raises Broken."""
    log = Log(place)
    new = open_checkpoint(log.file("checkpoint").decode("utf-8", "replace"), trust.all())
    if new.size < old.size:
        raise Broken(f"账本缩短了：您留存的检查点有{old.size}条，现在只有{new.size}条")
    growing, before = Growing(), hashlib.sha256(b"").digest()
    for number, width in tiles(new.size):
        tile = log.tile(0, number, width)
        hashes = [tile[at : at + 32] for at in range(0, len(tile), 32)]
        for cut in (hashes[: max(old.size - growing.size, 0)], hashes[max(old.size - growing.size, 0) :]):
            growing.add(cut)
            before = growing.root() if growing.size == old.size else before
    if growing.root() != new.root:
        raise Broken("瓦片与检查点不符")
    if before != old.root:
        raise Broken("账本被改写了：它不是从您留存的检查点追加而来")
    return new


def compare(first: str, second: str, trust: Trust) -> tuple[Checkpoint, Checkpoint]:
    """Two checkpoints of one log: of one size they must have one root. Raises Broken, with what it proves."""
    one, other = open_checkpoint(first, trust.all()), open_checkpoint(second, trust.all())
    if read(first)[0] != read(second)[0]:
        raise Broken("两个检查点不属于同一账本")
    if one.size == other.size and one.root != other.root:
        raise Broken(
            f"账本说了两种话：同为{one.size}条，签发了两个不同的根哈希。这两个检查点本身就是证据，请一并保存"
        )
    return one, other
