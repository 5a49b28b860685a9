"""What an outsider does with our files: the command, the page for a court, other people's formats, the whole log."""

import base64
import functools
import hashlib
import http.server
import json
import subprocess
import sys
import threading

import pytest
from django.core.management import CommandError, call_command

from renshe.kernel.ledger import actions, export, note, queries, tree
from renshe.kernel.ledger.models import Checkpoint
from renshe.kernel.ledger.signers import Ed25519
from renshe_verify import FORMAT, READ, Broken, Trust, audit, from_tlog_proof, grew, open_checkpoint, tlog_proof
from renshe_verify.log import numbered
from renshe_verify.page import bundle_of, render
from tests.kernel.ledger.test_sequencer import rewrite, write

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "renshe_verify", *map(str, words)], capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def log(tmp_path):
    """A log of 700 entries, exported, with the checkpoint kept at 300."""
    write(700)
    old = actions.sequence(limit=300)
    while actions.sequence():
        pass
    (tmp_path / "old").write_text(queries.published(old), encoding="utf-8")
    (tmp_path / "keys.json").write_text(json.dumps(queries.key_list()), encoding="utf-8")
    export.export(tmp_path / "log")
    return tmp_path


def test_the_three_forms_of_a_proof_verify_by_command(log):
    bundle = queries.bundle(queries.leaves_of("C299")[0])
    files = {"proof.json": json.dumps(bundle, ensure_ascii=False), "proof.html": render(bundle), "proof.tlog-proof": tlog_proof(bundle)}
    for name, text in files.items():
        (log / name).write_text(text, encoding="utf-8")
        code, said = run(log / name, "--trust", log / "keys.json")
        assert code == 0 and "属实" in said and "国密SM2" in said and '"n": 299' in said, (name, said)
        (log / name).write_text(text.replace("C299", "C298"), encoding="utf-8")
        if name != "proof.tlog-proof":
            assert run(log / name, "--trust", log / "keys.json")[0] == 1, name
    code, said = run(log / "proof.json", "--trust", log / "keys.json", "--quorum", "1")
    assert code == 1
    assert run(log / "nothing.json")[0] == 2 and run(log / "log/tile/0/000")[0] == 2


ALONE = """
import hashlib, runpy, sys
OWN = set(sys.stdlib_module_names) | {"renshe_verify", "renshe_witness", "cryptography", "_cffi_backend", "cffi", "typing_extensions"}
class Others:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in OWN:
            raise ImportError(name)
sys.meta_path.insert(0, Others())
new = hashlib.new
def without_sm3(name, *given, **named):
    if name == "sm3":
        raise ValueError("unsupported hash type sm3")
    return new(name, *given, **named)
hashlib.new = without_sm3
sys.argv = ["renshe-verify", *sys.argv[1:]]
import renshe_witness.__main__
runpy.run_module("renshe_verify", run_name="__main__")
"""


def test_a_courts_computer_needs_python_and_cryptography_only_and_no_sm3_of_its_own(log):
    bundle = queries.bundle(queries.leaves_of("C299")[0])
    (log / "proof.json").write_text(json.dumps(bundle), encoding="utf-8")
    words = [sys.executable, "-c", ALONE, str(log / "proof.json"), "--trust", str(log / "keys.json")]
    found = subprocess.run(words, capture_output=True, text=True)
    assert found.returncode == 0 and "属实" in found.stdout and '"n": 299' in found.stdout, found.stderr


def test_without_trusted_keys_the_command_says_so(log):
    (log / "p.json").write_text(json.dumps(queries.bundle(queries.leaves_of("C1")[0])), encoding="utf-8")
    code, said = run(log / "p.json")
    assert code == 0 and "未指定您信任的公钥" in said and queries.public_key() in said


def test_the_page_for_a_court_shows_only_what_is_proved(log):
    bundle = queries.bundle(queries.leaves_of("C5")[0])
    page = render(bundle)
    assert bundle_of(page) == bundle
    for spoiled in (page.replace("办件编号", "案件编号"), page.replace("C5", "C6", 1), page + " ", page.replace("存在证明", "判决书", 1)):
        with pytest.raises(Broken):
            bundle_of(spoiled)
    hostile = json.dumps({"x": "</script><b>"})
    assert hostile not in render({**bundle}) and "<b>" not in page


def test_the_page_of_a_format_never_changes():
    """Pages handed out once must verify for ever. If this fails, do not renew the digest: begin a new format."""
    signer = Ed25519(b"a fixed seed")
    record = {"base": "6500.00", "name": "张三", "odd": 1, "outcome": "accept", "salt": "00", "schemes": ["work_injury"]}
    text = json.dumps(record, ensure_ascii=False)
    leaf = {"at": "2026-11-24T12:00:00+00:00", "case": "C1", "kind": "hire.settle", "sm3": hashlib.new("sm3", text.encode()).hexdigest()}
    entry = json.dumps(leaf)
    bundle = {
        "format": FORMAT, "read": READ, "origin": "renshe/test", "leaf": entry, "record": text, "position": 0, "size": 1, "path": [],
        "keys": [note.key_text("renshe/test", signer.kind, signer.public)],
        "checkpoint": note.checkpoint("renshe/test", 1, tree.leaf_hash(entry.encode()), [signer]),
    }
    assert FORMAT == "renshe-proof/2"
    assert hashlib.sha256(render(bundle).encode()).hexdigest() == "82d6cb3d570e61f7c03ee58db0c488bc8f71b44e456e05c861efccdd5faa017a"


def test_tlog_proof_is_the_published_format(log):
    bundle = queries.bundle(queries.leaves_of("C5")[0])
    text = tlog_proof(bundle)
    first, extra, index, *rest = text.split("\n")
    assert (first, index) == ("c2sp.org/tlog-proof@v1", "index 5") and extra.startswith("extra ")
    assert text.endswith("\n\n" + bundle["checkpoint"]) and rest[: len(bundle["path"])] == bundle["path"]
    trust = queries.trust()
    assert from_tlog_proof(text, trust).record["n"] == 5
    for spoiled in (text.replace("index 5", "index 6"), text.replace("index 5", "index 05"), text.replace("v1", "v2", 1), "c2sp.org/tlog-proof@v1\n"):
        with pytest.raises(Broken):
            from_tlog_proof(spoiled, trust)


def test_the_unsigned_part_of_a_tlog_proof_cannot_speak_for_the_rest(log):
    """Extra data is signed by nobody: it gives the entry and the record, never a place, a path or a checkpoint of its own."""
    shown, other = (queries.bundle(queries.leaves_of(one)[0]) for one in ("C5", "C6"))
    text = tlog_proof(shown)
    extra = text.split("\n")[1]
    for more in ({"position": 6}, {"path": other["path"], "position": 6}, {"checkpoint": other["checkpoint"]}, {"read": READ}):
        own = {"leaf": other["leaf"], "record": other["record"], **more}
        with pytest.raises(Broken):
            from_tlog_proof(text.replace(extra, "extra " + base64.b64encode(json.dumps(own).encode()).decode()), queries.trust())
    with pytest.raises(Broken):
        from_tlog_proof(text.replace(extra, extra.removeprefix("extra ")), queries.trust())


def test_the_whole_log_is_audited_from_a_folder_and_over_http(log):
    handler = functools.partial(Quiet, directory=str(log / "log"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        code, said = run("audit", address, "--key", queries.public_key())
        assert code == 0 and "全部 700 条" in said
        code, said = run("grew", log / "old", address, "--trust", log / "keys.json")
        assert code == 0 and "由 300 条追加到 700 条" in said
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, form, *words):
        pass


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/188"])
def test_an_outside_audit_finds_one_flipped_bit(log, name):
    trust = Trust(queries.trust().keys)
    spoiled = bytearray((log / "log" / name).read_bytes())
    spoiled[45] ^= 8
    (log / "log" / name).write_bytes(spoiled)
    with pytest.raises(Broken):
        audit(str(log / "log"), trust)
    if name.startswith("tile/0"):
        old = open_checkpoint((log / "old").read_text(encoding="utf-8"), trust.all())
        with pytest.raises(Broken):
            grew(str(log / "log"), old, trust)


def test_an_export_goes_on_where_it_stood(log):
    write(400, start=700)
    actions.sequence()
    before = (log / "log/tile/0/000").stat().st_mtime_ns
    assert export.export(log / "log") == 1100
    assert (log / "log/tile/0/000").stat().st_mtime_ns == before
    assert audit(str(log / "log"), queries.trust()).size == 1100
    assert not [one for one in (log / "log").rglob(".*") if one.is_file()]


def test_an_export_serves_every_checkpoint_that_was_signed_and_only_full_tiles_for_good(log):
    """C2SP tlog-tiles: partial tiles of every size for which there was a checkpoint, until the full tile stands."""
    for start in (700, 710, 723):
        write(13, start=start)
        actions.sequence()
    export.export(log / "log")
    widths = sorted(int(one.name) for one in (log / "log/tile/0/002.p").iterdir())
    assert widths == [188, 201, 214, 227] == sorted(int(one.name) for one in (log / "log/tile/entries/002.p").iterdir())
    write(100, start=800)
    actions.sequence()
    export.export(log / "log")
    assert sorted(one.name for one in (log / "log/tile/0").iterdir()) == ["000", "001", "002", "003.p"]
    assert sorted(one.name for one in (log / "log/tile/1/000.p").iterdir()) == ["1", "2", "3"]  # at 300, 700 and 839
    assert audit(str(log / "log"), queries.trust()).size == 839


def test_an_export_never_takes_back_what_was_published(log):
    """The database was put back to an earlier day, or rewritten: the folder that outsiders read stays as it was."""
    before = (log / "log/checkpoint").read_bytes()
    Checkpoint.objects.filter(size=700).delete()
    with pytest.raises(CommandError, match="被回退"):
        call_command("ledger", "export", str(log / "log"))
    rewrite(start=700)
    with pytest.raises(CommandError, match="不是这本账本的开头"):
        call_command("ledger", "export", str(log / "log"))
    assert (log / "log/checkpoint").read_bytes() == before and audit(str(log / "log"), queries.trust()).size == 700


def test_two_exports_at_once_leave_the_newer_checkpoint(log, monkeypatch):
    """One begins, the log grows, another begins meanwhile: the slower one must not put its older checkpoint on top."""
    write(20, start=700)
    actions.sequence()
    real, others = export.entry_bytes, []

    def slow(*given):
        if not others:
            write(20, start=720)
            actions.sequence()
            others.append(subprocess.Popen([sys.executable, "-c", SECOND.format(folder=log / "log")], stdout=subprocess.PIPE))
            others[0].stdout.readline()
        return real(*given)

    monkeypatch.setattr(export, "entry_bytes", slow)
    assert export.export(log / "log") == 720
    assert others[0].wait() == 0
    others[0].stdout.close()


SECOND = """
import fcntl, os
folder = os.open("{folder}", os.O_RDONLY)
try:
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("waits", flush=True)
else:
    print("does not wait", flush=True)
    raise SystemExit(1)
"""


def test_paths_of_tiles_are_those_of_the_specification():
    assert [export.tile_path(one) for one in (0, 999, 1000, 1234067)] == ["000", "999", "x001/000", "x001/x234/067"]
    assert all(export.tile_path(one) == numbered(one) for one in (0, 7, 255, 999, 1000, 70_000, 1_234_067, 10**9))
