"""Published examples: GB/T 32905 (SM3), 32907 (SM4) and 32918 (SM2), RFC 8998 (SM4-GCM), RFC 6962 / 9162 trees."""

import hashlib
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.kernel.ledger import sm2, tree
from renshe_verify import consistent
from renshe_verify import sm2 as verifier
from renshe_verify.tree import leaf_hash, root_from_path
from tests.kernel.ledger.test_tree import VECTOR_LEAVES, VECTOR_ROOTS, grown


@pytest.mark.parametrize(("text", "digest"), [  # GB/T 32905-2016, appendix A
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
])
def test_sm3(text, digest):
    assert hashlib.new("sm3", text).hexdigest() == digest
    assert verifier.sm3(text).hex() == digest


SM4_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


@pytest.mark.parametrize(("rounds", "sealed"), [  # GB/T 32907-2016, appendix A: once, and a million times over
    (1, "681edf34d206965e86b3e94f536e4246"), (1_000_000, "595298c7c6fd271f0402f804c33d3f66"),
])
def test_sm4(rounds, sealed):
    seal, block = Cipher(algorithms.SM4(SM4_KEY), modes.ECB()).encryptor().update, SM4_KEY
    for _ in range(rounds):
        block = seal(block)
    assert block.hex() == sealed


def test_sm4_gcm():  # RFC 8998, appendix A.1
    text = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    seal = Cipher(algorithms.SM4(SM4_KEY), modes.GCM(bytes.fromhex("00001234567800000000abcd"))).encryptor()
    seal.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    assert (seal.update(text) + seal.finalize()).hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert seal.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


# GB/T 32918.5-2017, appendix A: key, message, signature under the usual identity.
SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
RAW = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def test_sm2_opens_the_published_signature_raw_and_der():
    assert sm2.Sm2(SECRET).public == PUBLIC
    assert verifier.valid(PUBLIC, b"message digest", RAW)
    assert verifier.valid(PUBLIC, b"message digest", sm2.der(RAW))
    assert sm2.valid(PUBLIC, b"message digest", sm2.der(RAW))
    assert not verifier.valid(PUBLIC, b"message digest", RAW, identity=b"ALICE123@YAHOO.COM")
    assert not verifier.valid(PUBLIC, b"message digesT", RAW) and not sm2.valid(PUBLIC, b"message digesT", sm2.der(RAW))


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=32), st.binary(max_size=300), st.integers(0, 10_000))
def test_both_sm2_codes_agree_on_any_key_and_message_and_on_any_flipped_bit(seed, message, at):
    key = sm2.Sm2.from_seed(seed)
    signature = key.sign(message)
    assert verifier.valid(key.public, message, signature) and sm2.valid(key.public, message, signature)
    numbers = b"".join(one.to_bytes(32, "big") for one in verifier.numbers(signature))
    assert sm2.der(numbers) == signature
    at %= len(signature) * 8
    spoiled = bytearray(signature)
    spoiled[at // 8] ^= 1 << at % 8
    assert not verifier.valid(key.public, message, bytes(spoiled))


@pytest.mark.parametrize("signature", [
    b"", RAW[:63], bytes(64), b"\xff" * 64, sm2.der(RAW) + b"\0", b"\x30\x81" + sm2.der(RAW)[1:],
    b"\x30\x46\x02\x21\x00" + RAW[:32] + b"\x02\x21\x00" + RAW[32:-1],
    b"\x30\x48\x02\x22\x00\x00" + RAW[:32] + b"\x02\x22\x00\x00" + RAW[32:],
])
def test_sm2_refuses_what_is_no_signature(signature):
    assert not verifier.valid(PUBLIC, b"message digest", signature)


def test_an_sm2_key_must_lie_on_the_curve():
    assert not verifier.valid(PUBLIC[:-1] + b"\x14", b"message digest", RAW)
    for number in (0, sm2.ORDER - 1, sm2.ORDER):
        with pytest.raises(ValueError, match="lies between"):
            sm2.Sm2(number)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs the openssl command")
def test_the_openssl_command_opens_our_sm2_signature(tmp_path):
    key = sm2.Sm2.from_seed("试".encode())
    (tmp_path / "key.der").write_bytes(sm2._PUBLIC + key.public)
    (tmp_path / "text").write_bytes(b"renshe/quzhou\n1\n")
    (tmp_path / "signature").write_bytes(key.sign(b"renshe/quzhou\n1\n"))
    run = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-digest", "sm3",
         "-pkeyopt", "distid:1234567812345678", "-in", "text", "-sigfile", "signature"],
        cwd=tmp_path, capture_output=True, text=True,
    )
    assert "Verified Successfully" in run.stdout, run


# The paths published with the reference implementation of RFC 6962, over the eight leaves of test_tree.
A, B, C, D = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
E, F, G = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)
H = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [(0, 1, []), (0, 8, [B, C, D]), (5, 8, [E, F, G]), (2, 3, [VECTOR_ROOTS[1]]), (1, 5, [A, C, E])]
CONSISTENCY = [(1, 1, []), (1, 8, [B, C, D]), (6, 8, [H, F, G]), (2, 5, [C, E])]


@pytest.mark.parametrize(("position", "size", "path"), INCLUSION)
def test_published_inclusion_paths(position, size, path):
    store, _ = grown(VECTOR_LEAVES[:size], [])
    found = tree.inclusion(store.read, position, size)
    assert [one.hex() for one in found] == path
    assert root_from_path(leaf_hash(VECTOR_LEAVES[position]), position, size, found).hex() == VECTOR_ROOTS[size - 1]


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_published_consistency_paths(old, new, path):
    store, _ = grown(VECTOR_LEAVES[:new], [])
    found = tree.consistency(store.read, old, new)
    assert [one.hex() for one in found] == path
    assert consistent(old, bytes.fromhex(VECTOR_ROOTS[old - 1]), new, bytes.fromhex(VECTOR_ROOTS[new - 1]), found)
