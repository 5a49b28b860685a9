"""SM2 signatures (GB/T 32918.2 with the curve of GB/T 32918.5), verified in plain integers.

Verifying touches nothing secret, so plain integers are safe here, and a court's computer needs no national-crypto
library. The ledger signs elsewhere, with other code: the two check each other.
"""

import hashlib

from cryptography.hazmat.primitives import hashes

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
IDENTITY = b"1234567812345678"  # the signer's identity where none was agreed (GM/T 0009, 10)

Point = tuple[int, int]
Projective = tuple[int, int, int]  # Jacobian: x / z^2, y / z^3; z = 0 is the point at infinity


def sm3(data: bytes) -> bytes:
    """SM3 digest (GB/T 32905), 32 bytes: of the interpreter where it has it, else of `cryptography`."""
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        other = hashes.Hash(hashes.SM3())
        other.update(data)
        return other.finalize()


def point(public: bytes) -> Point:
    """The point of an uncompressed public key, 65 bytes. Raises ValueError when it is not on the curve."""
    if len(public) != 65 or public[0] != 4:
        raise ValueError("an SM2 public key is 04 and two numbers of 32 bytes")
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    if x >= P or y >= P or (y * y - (x * x * x + A * x + B)) % P:
        raise ValueError("the point is not on the curve")
    return x, y


def _double(one: Projective) -> Projective:
    x, y, z = one
    if not z or not y:
        return 0, 1, 0
    square = y * y % P
    slope = 3 * (x - z * z) * (x + z * z) % P  # a = -3
    middle = 4 * x * square % P
    new_x = (slope * slope - 2 * middle) % P
    return new_x, (slope * (middle - new_x) - 8 * square * square) % P, 2 * y * z % P


def _add(one: Projective, other: Point) -> Projective:
    x, y, z = one
    if not z:
        return other[0], other[1], 1
    width, height = (other[0] * z * z - x) % P, (other[1] * z * z * z - y) % P
    if not width:
        return _double(one) if not height else (0, 1, 0)
    square = width * width % P
    cube, middle = square * width % P, x * square % P
    new_x = (height * height - cube - 2 * middle) % P
    return new_x, (height * (middle - new_x) - y * cube) % P, z * width % P


def _flat(one: Projective) -> Point | None:
    x, y, z = one
    if not z:
        return None
    inverse = pow(z, -1, P)
    return x * inverse * inverse % P, y * inverse * inverse * inverse % P


def _sum(first: int, one: Point, second: int, other: Point) -> Point | None:
    """`first` times one point and `second` times another, added."""
    both = _flat(_add((one[0], one[1], 1), other))
    found: Projective = 0, 1, 0
    for at in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        found = _double(found)
        ones = first >> at & 1, second >> at & 1
        step = both if ones == (1, 1) else one if ones[0] else other if ones[1] else None
        if step is not None:
            found = _add(found, step)
    return _flat(found)


def numbers(signature: bytes) -> tuple[int, int]:
    """The two numbers of a signature, written as DER (GM/T 0009, 7.3) or as 64 raw bytes. Raises ValueError."""
    if len(signature) == 64:
        return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2 or signature[1] > 72:
        raise ValueError("neither DER nor 64 bytes")
    rest, found = signature[2:], []
    for _ in range(2):
        if len(rest) < 3 or rest[0] != 2 or not 1 <= rest[1] <= 33 or len(rest) < 2 + rest[1]:
            raise ValueError("not two whole numbers")
        digits, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        if digits[0] & 0x80 or (len(digits) > 1 and digits[0] == 0 and not digits[1] & 0x80):
            raise ValueError("a number not in its one canonical spelling")
        found.append(int.from_bytes(digits, "big"))
    if rest:
        raise ValueError("something follows the signature")
    return found[0], found[1]


def valid(public: bytes, message: bytes, signature: bytes, identity: bytes = IDENTITY) -> bool:
    """Whether `signature` is the key's over the message (GB/T 32918.2, 7.1)."""
    try:
        key = point(public)
        r, s = numbers(signature)
    except ValueError:
        return False
    if not (0 < r < N and 0 < s < N) or (r + s) % N == 0:
        return False
    curve = b"".join(one.to_bytes(32, "big") for one in (A, B, *G, *key))
    about = sm3((len(identity) * 8).to_bytes(2, "big") + identity + curve)
    digest = int.from_bytes(sm3(about + message), "big")
    found = _sum(s, G, (r + s) % N, key)
    return found is not None and (digest + found[0]) % N == r
