"""The ledger as residents, operators and other people's programs meet it."""

import base64
import json
import re
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from renshe.kernel.access.terms import Role
from renshe.kernel.cases.models import Case
from renshe.kernel.ledger import actions, note, queries
from renshe.kernel.ledger.models import Leaf, Witness
from renshe_verify import Trust, consistent, follow, tlog_proof, verify
from renshe_verify.page import render
from tests.factories import an_officer, signed_in
from tests.kernel.indicators.test_indicators import hire
from tests.kernel.ledger.test_sequencer import write

pytestmark = pytest.mark.django_db(transaction=True)
KEY = note.key_text("court.example/w", note.COSIGNATURE, bytes(range(32)))


@pytest.fixture
def log():
    write(300)
    actions.sequence(limit=120)
    actions.sequence()


def test_an_operator_registers_a_witness_and_lets_it_go(log, client):
    operator = signed_in(an_officer(Role.OPERATOR))
    given = {"deed": "register", "label": "市中级人民法院", "key": KEY, "address": "https://court.example/w"}
    for field, value, words in (
        ("key", "court.example/w+00000000+BAAA", "公钥格式不对"), ("key", queries.public_key(), "不是见证节点的公钥"),
        ("address", "file:///etc/passwd", "http"), ("label", "", "机构名称"),
    ):
        answer = operator.post("/desk/ledger", {**given, field: value})
        assert answer.status_code == 422 and words in answer.content.decode(), field
    assert operator.post("/desk/ledger", given).status_code == 302
    assert operator.post("/desk/ledger", given).status_code == 422  # once only
    assert "还没有见证过" in client.get("/open/ledger").content.decode()
    number = Witness.objects.get().pk
    for _ in range(2):
        assert operator.post("/desk/ledger", {"deed": "retire", "witness": number}).status_code == 302
    assert operator.post("/desk/ledger", {"deed": "retire", "witness": "x"}).status_code == 422
    assert "已停用" in operator.get("/desk/ledger").content.decode()
    assert "市中级人民法院" not in client.get("/open/ledger").content.decode()
    assert Leaf.objects.filter(kind="ledger.witness").count() == 2
    assert queries.key_list()["witnesses"] == [{"label": "市中级人民法院", "key": KEY}]  # what it signed stays verifiable


def test_entries_checkpoints_and_growth_are_proved_on_pages(log, client):
    assert client.get("/open/ledger/entries?position=7").url == "/open/ledger/entries/7"
    assert client.get("/open/ledger/entries?position=x").url == "/open/ledger"
    page = client.get("/open/ledger/entries/7").content.decode()
    assert "在账本中" in page and "C7" in page
    assert client.get("/open/ledger/entries/300").status_code == 404
    page = client.get("/open/ledger/consistency?old=120").content.decode()
    assert "300 条的账本由 120 条的账本追加而来" in page
    for wrong in ("old=0", "old=301", "old=5&new=4", "old=x", "old=1&new=99999999999999999999"):
        assert client.get(f"/open/ledger/consistency?{wrong}").status_code == 422, wrong
    listed = client.get("/open/ledger/checkpoints?q=121").content.decode()
    assert "checkpoints/300" in listed and "checkpoints/120" not in listed
    assert client.get("/open/ledger/checkpoints?export=1").content[:2] == b"PK"
    assert "没有另行锚定" in client.get("/open/ledger/checkpoints/120").content.decode()
    assert client.get("/open/ledger/checkpoints/121").status_code == 404


def test_an_edited_entry_shows_on_its_page(log, client):
    Leaf.objects.filter(position=7).update(body=b'{"kind":"x","case":"C7","at":"","sm3":""}')
    assert "不在检查点所签的账本中" in client.get("/open/ledger/entries/7").content.decode()


def test_a_proof_file_of_each_form_is_checked_on_the_page(log, client):
    bundle = queries.bundle(queries.leaves_of("C9")[0])
    for text in (json.dumps(bundle), render(bundle), tlog_proof(bundle)):
        page = client.post("/open/verify", {"bundle": SimpleUploadedFile("证明", text.encode())}).content.decode()
        assert "属实" in page and "国密SM2" in page and "第1代公钥" in page
        page = client.post("/open/verify", {"bundle": SimpleUploadedFile("证明", text.replace("C9", "C8").encode())}).content.decode()
        assert "属实" not in page or text.startswith("c2sp")
    for junk in (b"\xff\xfe", b"{}", b"[]", b"<!doctype html>", b"c2sp.org/tlog-proof@v1\n", b"x" * 600_000):
        assert "不符" in client.post("/open/verify", {"bundle": SimpleUploadedFile("证明", junk)}).content.decode()


def test_an_outsider_needs_only_the_api(log, client):
    keys = client.get("/api/v1/ledger/keys").json()
    trust = follow(keys, keys["generations"][0]["keys"][0])
    assert verify(client.get("/api/v1/ledger/entries/7").json(), trust).case_number == "C7"
    [proof] = client.get("/api/v1/ledger/proofs/C8").json()["proofs"]
    assert verify(proof, trust).position == 8 and "record" not in proof
    found = client.get("/api/v1/ledger/consistency?old=120&new=300").json()
    first, second, *path = (base64.b64decode(one) for one in (found["old_root"], found["new_root"], *found["path"]))
    assert consistent(120, first, 300, second, path)
    state = client.get("/api/v1/ledger/checkpoint").json()
    assert state["size"] == 300 and state["witnesses"] == [] and Trust.of(*state["keys"]).keys
    assert client.get("/api/v1/ledger/entries/300").status_code == 404
    assert client.get("/open/ledger/checkpoint").content.decode() == state["checkpoint"]
    assert client.get("/open/ledger/keys.json").json() == keys


@pytest.mark.parametrize(("name", "length"), [
    ("0/000", 8192), ("0/001.p/44", 1408), ("0/001.p/1", 32), ("1/000.p/1", 32), ("0/000.p/255", 8160),
    ("0/000.p/256", 0), ("0/001.p/044", 0), ("0/001.p/0", 0), ("0/001.p/45", 0), ("00/000", 0), ("0/x000/000", 0), ("0/0", 0),
    ("0/001", 0), ("2/000", 0), ("64/000", 0), ("0/٠٠٠", 0),
])
def test_a_tile_has_one_name_and_never_changes_under_it(log, client, name, length):
    """C2SP tlog-tiles: what is not a name of the specification is not found; what is may be kept for good."""
    answer = client.get(f"/open/ledger/tile/{name}")
    assert answer.status_code == (200 if length else 404)
    if length:
        assert answer.headers["Content-Type"] == "application/octet-stream" and len(answer.content) == length
        assert "immutable" in answer.headers["Cache-Control"]


def streams(paper):
    """What lies in a PDF's streams, unpacked where it is packed."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def test_the_paper_for_a_court_carries_its_proof_inside(transactional_db):
    """A PDF/A-3: the proof file is saved from it with any reader and verifies by itself; nobody else's case prints."""
    signer = signed_in(hire(1))
    number = Case.objects.get().number
    assert signer.get(f"/open/receipts/{number}-proof.pdf").status_code == 202, "not yet in the ledger"
    actions.sequence()
    answer = signer.get(f"/open/receipts/{number}-proof.pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}-proof.pdf"'
    paper = answer.content
    assert paper.startswith(b"%PDF-") and b"proof.json" in paper and b"<pdfaid:part>3</pdfaid:part>" in b"".join(streams(paper))
    proof = json.loads(next(one for one in streams(paper) if one.lstrip().startswith(b'{\n "') and b"checkpoint" in one))
    found = verify(proof, queries.trust())
    assert found.case_number == number and proof == json.loads(signer.get(f"/open/receipts/{number}.json").content)
