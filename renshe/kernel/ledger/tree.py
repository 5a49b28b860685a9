"""The Merkle tree of RFC 9162, kept only as tiles of 256 hashes (C2SP tlog-tiles). Pure: tiles come from a reader."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache

WIDTH = 256
HASH = 32
Reader = Callable[[int, int], bytes]  # level, number -> the hashes of that tile, joined


def once(read: Reader) -> Reader:
    """A reader that asks for each tile once: a proof goes through the same tile many times."""
    return cache(read)


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """Root of a list of hashes, largest full sub-trees first; the empty tree hashes to SHA-256 of nothing."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        paired = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes) - 1, 2)]
        hashes = paired + hashes[len(paired) * 2 :]
    return hashes[0]


def extend(size: int, leaves: Iterable[bytes], read: Reader) -> tuple[int, dict[tuple[int, int], bytes]]:
    """Append leaf hashes to a tree of `size`; returns the new size and every tile that changed, whole."""
    changed: dict[tuple[int, int], bytes] = {}
    incoming = list(leaves)
    new_size = size + len(incoming)
    level, start = 0, size
    while incoming:
        rising: list[bytes] = []
        at = start
        while incoming:
            number, offset = divmod(at, WIDTH)
            tile = read(level, number)[: offset * HASH] if offset else b""
            room = WIDTH - offset
            taken, incoming = incoming[:room], incoming[room:]
            tile += b"".join(taken)
            changed[(level, number)] = tile
            if len(tile) == WIDTH * HASH:
                rising.append(root_of([tile[i : i + HASH] for i in range(0, len(tile), HASH)]))
            at += len(taken)
        incoming, start, level = rising, start // WIDTH, level + 1
    return new_size, changed


def width(size: int, level: int, number: int) -> int:
    """How many hashes that tile holds in the tree of `size` leaves: 0 to 256."""
    return max(0, min(WIDTH, (size >> 8 * level) - number * WIDTH))


def _stored(read: Reader, height: int, index: int) -> bytes:
    """The hash of a full sub-tree of 2**height leaves, the `index`-th of its height."""
    level, inside = divmod(height, 8)
    first = index << inside
    number, offset = divmod(first, WIDTH)
    tile = read(level, number)
    hashes = [tile[at * HASH : (at + 1) * HASH] for at in range(offset, offset + (1 << inside))]
    if len(hashes[-1]) != HASH:
        raise LookupError(f"tile {level}/{number} is too short")
    return root_of(hashes)


def range_hash(read: Reader, start: int, end: int) -> bytes:
    """Root of leaves `start` to `end` (half-open); `start` must be a multiple of the largest power of two below."""
    width = end - start
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return _stored(read, height, start >> height)
    split = 1 << ((width - 1).bit_length() - 1)
    return node_hash(range_hash(read, start, start + split), range_hash(read, start + split, end))


def root(read: Reader, size: int) -> bytes:
    """Root of the first `size` leaves."""
    return range_hash(read, 0, size) if size else root_of([])


def inclusion(read: Reader, position: int, size: int) -> list[bytes]:
    """The audit path of one leaf in the tree of `size` (RFC 9162, 2.1.3)."""
    if not 0 <= position < size:
        raise LookupError(f"position {position} is outside a tree of {size}")
    return _path(read, position, 0, size)


def _path(read: Reader, position: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    split = start + (1 << ((end - start - 1).bit_length() - 1))
    if position < split:
        return [*_path(read, position, start, split), range_hash(read, split, end)]
    return [*_path(read, position, split, end), range_hash(read, start, split)]


def consistency(read: Reader, old: int, new: int) -> list[bytes]:
    """Proof that the tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4)."""
    if not 0 < old <= new:
        raise LookupError(f"no proof from {old} to {new}")
    return [] if old == new else _subproof(read, old, 0, new, True)


def _subproof(read: Reader, old: int, start: int, end: int, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [range_hash(read, start, end)]
    split = start + (1 << ((end - start - 1).bit_length() - 1))
    if old <= split:
        return [*_subproof(read, old, start, split, whole), range_hash(read, split, end)]
    return [*_subproof(read, old, split, end, False), range_hash(read, start, split)]
