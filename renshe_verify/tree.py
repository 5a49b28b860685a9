"""The Merkle tree as an outsider checks it (RFC 9162, 2.1)."""

import hashlib
from collections.abc import Iterable


class Broken(Exception):
    """Why something does not verify, in plain words."""


def _sha(prefix: bytes, *parts: bytes) -> bytes:
    return hashlib.sha256(prefix + b"".join(parts)).digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of an entry (RFC 9162, 2.1.1)."""
    return _sha(b"\x00", entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of an inner node."""
    return _sha(b"\x01", left, right)


def root_from_path(leaf: bytes, position: int, size: int, path: list[bytes]) -> bytes:
    """The root that the path leads to (RFC 9162, 2.1.3.2). Raises Broken."""
    if not 0 <= position < size:
        raise Broken("序号超出账本长度")
    at, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            raise Broken("证明路径过长")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    if last:
        raise Broken("证明路径过短")
    return found


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> bool:
    """Whether a log of `new` entries extends one of `old` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    if old & (old - 1) == 0:
        path = [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class Growing:
    """The root of a tree whose leaf hashes arrive one by one; keeps only the roots of its full sub-trees."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[tuple[int, bytes]] = []  # height and root, highest first

    def add(self, hashes: Iterable[bytes]) -> None:
        """Append leaf hashes."""
        peaks = self.peaks
        for carry in hashes:
            height = 0
            while peaks and peaks[-1][0] == height:
                carry = node_hash(peaks.pop()[1], carry)
                height += 1
            peaks.append((height, carry))
            self.size += 1

    def root(self) -> bytes:
        """The root so far."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        found = self.peaks[-1][1]
        for _, peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found
