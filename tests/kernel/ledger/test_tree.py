"""The tree against RFC 9162's definition and its published vectors; proofs against the independent verifier."""

import base64
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.kernel.ledger import note, tree
from renshe.kernel.ledger.signers import Ed25519
from renshe.kernel.ledger.sm2 import Sm2
from renshe_verify import FORMAT, READ, Broken, Key, Trust, consistent, open_checkpoint, verify

VECTOR_LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Store(dict):
    def read(self, level: int, number: int) -> bytes:
        return self.get((level, number), b"")


def grown(bodies: list[bytes], cuts: list[int]) -> tuple[Store, int]:
    """A tree made of these leaves in several batches."""
    store, size = Store(), 0
    for start, end in zip([0, *cuts], [*cuts, len(bodies)], strict=True):
        size, changed = tree.extend(size, [tree.leaf_hash(one) for one in bodies[start:end]], store.read)
        store.update(changed)
    return store, size


def by_definition(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + by_definition(hashes[:split]) + by_definition(hashes[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size):
    store, _ = grown(VECTOR_LEAVES[:size], [])
    assert tree.root(store.read, size).hex() == VECTOR_ROOTS[size - 1]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 700), st.data())
def test_any_batches_give_the_defined_root_and_provable_leaves(count, data):
    bodies = [str(n).encode() for n in range(count)]
    cuts = sorted(data.draw(st.lists(st.integers(0, count), max_size=4)))
    store, size = grown(bodies, cuts)
    root = tree.root(store.read, size)
    assert root == by_definition([tree.leaf_hash(one) for one in bodies])
    old = data.draw(st.integers(1, count))
    assert consistent(old, tree.root(store.read, old), size, root, tree.consistency(store.read, old, size))
    if old < count:
        other = hashlib.sha256(b"other").digest()
        assert not consistent(old, other, size, root, tree.consistency(store.read, old, size))


def a_bundle(count: int, position: int) -> tuple[dict, Trust]:
    record = json.dumps({"name": "张三", "salt": "00"}, ensure_ascii=False)
    leaf = json.dumps({"at": "2026-11-24", "case": "C1", "kind": "hire.settle", "sm3": hashlib.new("sm3", record.encode()).hexdigest()})
    bodies = [leaf.encode() if n == position else str(n).encode() for n in range(count)]
    store, size = grown(bodies, [])
    signers = [Ed25519("试".encode()), Sm2.from_seed("试".encode())]
    keys = [note.key_text("renshe/test", one.kind, one.public) for one in signers]
    found = {
        "format": FORMAT, "read": READ, "origin": "renshe/test", "keys": keys,
        "leaf": leaf, "position": position, "size": size, "record": record,
        "path": [base64.b64encode(one).decode() for one in tree.inclusion(store.read, position, size)],
        "checkpoint": note.checkpoint("renshe/test", size, tree.root(store.read, size), signers),
    }
    return found, Trust.of(*keys)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 600), st.data())
def test_the_verifier_accepts_every_leaf(count, data):
    bundle, trust = a_bundle(count, data.draw(st.integers(0, count - 1)))
    assert verify(bundle, trust).record == {"name": "张三", "salt": "00"}


@pytest.mark.parametrize("spoil", [
    lambda b: b.update(record=b["record"].replace("张三", "李四")),
    lambda b: b.update(leaf=b["leaf"].replace("C1", "C2")),
    lambda b: b.update(position=b["position"] + 1),
    lambda b: b.update(size=b["size"] - 1),
    lambda b: b.update(path=b["path"][:-1]),
    lambda b: b.update(path=[*b["path"], b["path"][0]]),
    lambda b: b.update(path=[b["path"][0].swapcase(), *b["path"][1:]]),
    lambda b: b.update(checkpoint=b["checkpoint"].replace("renshe/test\n300", "renshe/test\n301")),
    lambda b: b.update(checkpoint=b["checkpoint"][:-8] + "AAAAAA=\n"),
    lambda b: b.update(keys=b["keys"][:1]),
    lambda b: b.update(read=[*b["read"][:-1], "本证明无须核验。"]),
    lambda b: b.pop("path"),
    lambda b: b.update(path="x"),
    lambda b: b.update(leaf="[]"),
])
def test_the_verifier_refuses_anything_altered(spoil):
    bundle, trust = a_bundle(300, 17)
    spoil(bundle)
    with pytest.raises(Broken):
        verify(bundle, trust)


def test_no_bit_of_a_bundle_can_be_flipped():
    bundle, trust = a_bundle(5, 2)
    text = json.dumps(bundle, ensure_ascii=False).encode()
    for at in range(len(text)):
        for bit in (1 << at % 7,):
            spoiled = text[:at] + bytes((text[at] ^ bit,)) + text[at + 1 :]
            try:
                found = json.loads(spoiled)
            except ValueError:
                continue
            if found == bundle:  # white space between the parts says nothing
                continue
            with pytest.raises(Broken):
                verify(found, trust)


def test_another_key_is_not_trusted():
    bundle, _ = a_bundle(10, 3)
    stranger = note.key_text("renshe/test", note.ED25519, Ed25519("他人".encode()).public)
    with pytest.raises(Broken, match="信任"):
        verify(bundle, Trust.of(stranger))
    with pytest.raises(Broken):
        open_checkpoint(bundle["checkpoint"], [Key.parse(stranger)])
