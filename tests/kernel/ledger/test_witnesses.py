"""Witnesses are real processes on loopback. An honest log is cosigned; a log that lies is caught."""

import base64
import http.client
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from renshe.kernel.ledger import actions, note, queries, tree, witnesses
from renshe.kernel.ledger.models import Checkpoint, Leaf
from renshe.kernel.ledger.signers import signers
from renshe_verify import Broken, Key, Trust, compare, open_checkpoint, verify
from renshe_witness.judge import public_text
from renshe_witness.memory import Memory
from tests.kernel.ledger.test_sequencer import rewrite, write
from tests.kernel.ledger.test_tree import grown

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = "renshe/quzhou"


def command(folder, *words: str) -> str:
    run = subprocess.run([sys.executable, "-m", "renshe_witness", "--folder", str(folder), *words],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.strip()


class Node:
    """A witness somebody runs."""

    def __init__(self, folder, name: str) -> None:
        self.folder = folder / name
        memory = Memory(self.folder)
        memory.found(name)
        memory.trust(ORIGIN, [Key.parse(queries.public_key())])
        self.key = public_text(memory)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "renshe_witness", "--folder", str(self.folder), "serve", "--port", "0"],
            stdout=subprocess.PIPE, text=True,
        )
        self.address = self.process.stdout.readline().strip().rsplit(" ", 1)[1]

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def ask(self, body: str) -> tuple[int, str]:
        """What the node answers to a request of anybody."""
        try:
            with urllib.request.urlopen(f"{self.address}/add-checkpoint", data=body.encode(), timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.read().decode()


@pytest.fixture
def court(tmp_path):
    node = Node(tmp_path, "court.example/witness")
    yield node
    if node.process.poll() is None:
        node.kill()


@pytest.fixture
def bank(tmp_path):
    node = Node(tmp_path, "bank.example/witness")
    yield node
    if node.process.poll() is None:
        node.kill()


def registered(*nodes: Node) -> list:
    return [actions.register_witness(label=node.folder.parent.name[:3] or "court", key=node.key, address=node.address, by="1")
            for node in nodes]


def lie(bodies: list[bytes], old: int, claimed: list[bytes] | None = None) -> str:
    """A request in which the log's true key signs a tree of these entries."""
    store, size = grown(bodies, [])
    root = tree.root(store.read, size)
    path = claimed if claimed is not None else (tree.consistency(store.read, old, size) if 0 < old <= size else [])
    proof = "".join(base64.b64encode(one).decode() + "\n" for one in path)
    return f"old {old}\n{proof}\n{note.checkpoint(ORIGIN, size, root, signers(1))}"


def truth() -> list[bytes]:
    return [bytes(body) for body in Leaf.objects.exclude(position=None).order_by("position").values_list("body", flat=True)]


def test_witnesses_cosign_an_honest_log_and_the_proof_carries_them(court, bank):
    write(30)
    registered(court, bank)  # two entries of their own
    actions.sequence()
    assert witnesses.ask_all() == 2
    assert witnesses.ask_all() == 0  # nothing new to sign
    write(300, start=30)
    actions.sequence()
    assert witnesses.ask_all() == 2
    bundle = queries.bundle(queries.leaves_of("C7")[0])
    trust = Trust(Trust.of(queries.public_key()).keys, Trust.of(court.key, bank.key).witnesses, quorum=2)
    found = verify(bundle, trust)
    assert {one.key.text for one in found.checkpoint.by_witnesses} == {court.key, bank.key}
    assert all(one.at > 1_700_000_000 for one in found.checkpoint.by_witnesses)
    with pytest.raises(Broken, match="少于要求的3家"):
        verify(bundle, Trust(trust.keys, trust.witnesses, quorum=3))
    page = urllib.request.urlopen(court.address, timeout=120).read().decode()
    assert "没有发现不一致" in page and "332" in page


def test_a_silent_witness_holds_nobody_up_and_is_shown(court, bank):
    registered(court, bank)
    actions.sequence()
    court.kill()
    assert witnesses.ask_all() == 1
    silent, awake = queries.witnesses()
    assert "连不上" in silent.fault and not silent.alarm and awake.size == 2
    court.start()
    court_row = queries.witnesses()[0]
    court_row.address = court.address
    court_row.save(update_fields=["address"])
    assert witnesses.ask_all() == 1 and queries.witnesses()[0].fault == ""


def test_an_edited_entry_is_caught_even_with_the_logs_own_key(court, client):
    write(40)
    registered(court)
    actions.sequence()
    assert witnesses.ask_all() == 1
    rewrite(start=40)
    assert witnesses.ask_all() == 0
    witness = queries.witnesses()[0]
    assert witness.alarm and "不是从它见过的41条追加而来" in witness.fault
    assert "指出账本不一致" in client.get("/open/ledger").content.decode()
    assert Leaf.objects.filter(kind="ledger.alarm").count() == 1
    assert witnesses.ask_all() == 0 and Leaf.objects.filter(kind="ledger.alarm").count() == 1
    assert "没有得到证明的检查点 1 件" in command(court.folder, "evidence")


def test_a_log_rolled_back_is_caught_also_by_a_witness_that_was_killed(court):
    write(40)
    registered(court)
    actions.sequence(limit=20)
    witnesses.ask_all()
    early = Checkpoint.objects.get()
    actions.sequence()
    witnesses.ask_all()
    court.kill()
    court.start()
    assert court.ask(lie(truth()[:20], 20)) == (409, "41\n")
    assert court.ask(lie(truth()[:20], 41))[0] == 400
    witness = queries.witnesses()[0]
    witness.address = court.address
    Checkpoint.objects.filter(size=41).delete()  # the database is put back to an earlier day
    with pytest.raises(witnesses.Silent, match="回退") as caught:
        witnesses.ask(witness, early)
    assert caught.value.alarm


def test_two_faces_of_one_log_are_caught(court, bank):
    write(20)
    actions.sequence()
    bodies = truth()
    shown, hidden = [*bodies, b"for the court"], [*bodies, b"for the bank"]
    status, line = court.ask(lie(shown, 0))
    assert status == 200
    assert bank.ask(lie(hidden, 0))[0] == 200
    # Each saw one face. Shown the other, at the same size or grown from it, each refuses and keeps it.
    assert court.ask(lie(hidden, 21)) == (409, "21\n")
    assert court.ask(lie([*hidden, b"more"], 21))[0] == 422
    assert bank.ask(lie([*shown, b"more"], 21))[0] == 422
    assert "自相矛盾的证据 1 件，没有得到证明的检查点 1 件" in command(court.folder, "evidence")
    # And whoever holds both checkpoints holds the proof.
    first, second = (lie(face, 0).partition("\n\n")[2] for face in (shown, hidden))
    with pytest.raises(Broken, match="说了两种话"):
        compare(first, second, Trust.of(queries.public_key()))
    # A proof that needs both witnesses cannot be had for either face.
    note_of_court = first + line
    keys = Trust.of(queries.public_key(), court.key, bank.key)
    assert len(open_checkpoint(note_of_court, keys.all()).by_witnesses) == 1


def test_a_witness_killed_while_it_signs_remembers_whatever_it_answered(court):
    write(6)
    actions.sequence()
    bodies, rng, signed = truth(), random.Random(3), 0
    for _ in range(5):
        request = lie(bodies[: signed + 1], signed)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(court.ask, request)
            time.sleep(rng.uniform(0.0, 0.03))
            court.kill()
            try:
                answered = asked.result()[0] == 200
            except (OSError, http.client.HTTPException):
                answered = False
        court.start()
        status, size = court.ask(lie(bodies, 6))
        assert status == 409 or signed == 0
        remembered = int(size) if status == 409 else 0
        assert remembered in ((signed + 1,) if answered else (signed, signed + 1))
        signed = remembered


def test_nobody_can_make_a_witness_accuse_an_honest_log(court):
    """A stranger hands in the log's own true checkpoint, without its proof and with lines of his own, as often as he likes."""
    write(10)
    actions.sequence()
    bodies = truth()
    assert court.ask(lie(bodies[:4], 0))[0] == 200
    stolen = lie(bodies, 4, claimed=[bytes(32)])
    for number in range(5):
        line = note.line("stranger.example", note.ED25519, bytes(32), bytes([number]) * 64)
        assert court.ask(stolen + line)[0] == 422
    said = command(court.folder, "evidence")
    assert "自相矛盾的证据 0 件，没有得到证明的检查点 1 件" in said and "递交者未必是账本" in said and "stranger" not in said
    page = urllib.request.urlopen(court.address, timeout=120).read().decode()
    assert "没有发现不一致" in page and "没有得到证明的检查点（1件）" in page and "此前4条，出示10条" in page
    assert court.ask(lie(bodies, 4))[0] == 200  # the log itself brings the proof
    assert "自相矛盾的证据 0 件，没有得到证明的检查点 0 件" in command(court.folder, "evidence")


def test_two_machines_that_ask_at_once_raise_no_alarm(court, monkeypatch):
    """One machine holds an older checkpoint while the other had the witness sign a newer one: that is no log rolled back."""
    write(10)
    registered(court)
    actions.sequence()
    early = Checkpoint.objects.get()
    real = witnesses._request

    def overtaken(old, checkpoint):
        monkeypatch.setattr(witnesses, "_request", real)
        write(5, start=10)
        actions.sequence()
        assert witnesses.ask_all() == 1  # the other machine
        return real(old, checkpoint)

    monkeypatch.setattr(witnesses, "_request", overtaken)
    with pytest.raises(witnesses.Silent, match="更新的检查点（16条）") as caught:
        witnesses.ask(queries.witnesses()[0], early)
    assert not caught.value.alarm
    assert witnesses.ask_all() == 0 and not Leaf.objects.filter(kind="ledger.alarm").exists()


def test_a_witness_needs_a_name_that_a_note_can_carry(tmp_path):
    for name in ("", "court example", "court+1", "court\n"):
        with pytest.raises(Broken, match="节点名"):
            Memory(tmp_path / "odd").found(name)
    assert not (tmp_path / "odd/key").exists()


def test_clumsy_requests_are_refused(court):
    for body in ("", "old 0\n", "old x\n\nrenshe/quzhou\n1\n", "old 0\n\n", "old -1\n\nx", "old 00\n\nx\n",
                 "old 0\nAAAA\n\nrenshe/quzhou\n1\nAAAA\n\n— x AAAAAAA=\n", "old 0\n" + "A\n" * 64 + "\nx\n1\ny\n"):
        assert court.ask(body)[0] == 400, body


def test_a_witness_knows_only_the_logs_it_was_told_of_and_only_their_keys(court):
    write(1)
    actions.sequence()
    good = lie(truth(), 0)
    assert court.ask(good.replace(ORIGIN, "renshe/ningbo"))[0] == 404
    forged = note.checkpoint(ORIGIN, 1, bytes(32), [Stranger()])
    assert court.ask(f"old 0\n\n{forged}")[0] == 403
    assert court.ask(good.replace("old 0\n", f"old 0\n{base64.b64encode(bytes(32)).decode()}\n"))[0] == 422
    assert court.ask(good)[0] == 200
    connection = http.client.HTTPConnection(court.address.removeprefix("http://"), timeout=120)
    for method, path, status in (("GET", "/add-checkpoint", 405), ("GET", "/nothing", 404), ("DELETE", "/", 405), ("GET", "/key", 200),
                                 ("GET", "/checkpoints", 200)):
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status, path
    connection.putrequest("POST", "/add-checkpoint")
    connection.putheader("Content-Length", "9999999")
    connection.endheaders()
    assert connection.getresponse().status == 413


class Stranger:
    """Signs in the log's name with a key that is not the log's."""

    kind = note.ED25519
    public = bytes(32)

    def sign(self, message: bytes) -> bytes:
        return bytes(64)
