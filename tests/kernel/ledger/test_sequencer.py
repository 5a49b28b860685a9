"""Leaves come into the tree once, in any order of arrival, however often the sequencer runs or dies."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from renshe.kernel.ledger import actions, audit, export, queries
from renshe.kernel.ledger.models import Checkpoint, Leaf, Tile
from renshe.kernel.store.deed import deed
from renshe_verify import verify


def write(count, start=0):
    with deed():
        for number in range(start, start + count):
            actions.record("试", f"C{number}", {"n": number})


def rewrite(start):
    """What the owner of a log can do: alter an entry, build every tile anew, sign anew and go on as if nothing had been."""
    Leaf.objects.filter(position=7).update(body=b'{"sm3":"forged"}')
    Tile.objects.all().delete()
    Checkpoint.objects.all().delete()
    Leaf.objects.update(position=None)
    write(10, start=start)
    actions.sequence()


@pytest.mark.django_db(transaction=True)
def test_each_leaf_gets_one_position_and_a_proof_that_verifies(tmp_path):
    write(300)
    actions.sequence(limit=120)
    write(40, start=300)
    while actions.sequence(limit=120):
        pass
    assert sorted(Leaf.objects.values_list("position", flat=True)) == list(range(340))
    for number in (0, 119, 120, 339):
        bundle = queries.bundle(queries.leaves_of(f"C{number}")[0])
        assert verify(bundle, queries.trust()).record["n"] == number
    report = audit.audit()
    assert report.sound and (report.size, report.checkpoints) == (340, 3), report
    assert export.export(tmp_path) == 340
    assert (tmp_path / "tile/0/001.p/84").stat().st_size == 84 * 32
    bundle_file = tmp_path / "b.json"
    bundle_file.write_text(json.dumps(bundle), encoding="utf-8")
    run = subprocess.run([sys.executable, "-m", "renshe_verify", str(bundle_file), "--key", queries.public_key()],
                         capture_output=True, text=True)
    assert run.returncode == 0 and "属实" in run.stdout


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("spoil", "words"), [
    (lambda: Leaf.objects.filter(position=7).update(body=b"{}"), "第7条：条目内容已被改动"),
    (lambda: Leaf.objects.filter(position=7).update(record="{}"), "第7条：记录与条目的国密摘要不符"),
    (lambda: Leaf.objects.filter(position=7).update(case_number="C9"), "第7条：按事由、办件编号和时间查找用的各列与条目不符"),
    (lambda: Leaf.objects.filter(position=7).update(kind="hire.settle"), "第7条：按事由、办件编号和时间查找用的各列与条目不符"),
    (lambda: Leaf.objects.filter(position=7).update(made_at="2020-01-01T00:00:00Z"), "第7条：按事由、办件编号和时间查找用的各列与条目不符"),
    (lambda: Leaf.objects.filter(position=7).update(position=None), "缺第7条"),
    (lambda: Tile.objects.filter(level=0).update(hashes=bytes(640)), "第0层瓦片0与条目不符"),
    (lambda: Tile.objects.filter(level=0).update(hashes=Tile.objects.get(level=0).hashes + bytes(32)), "第0层瓦片0与条目不符"),
    (lambda: Tile.objects.all().delete(), "缺第0层瓦片0"),
    (lambda: Checkpoint.objects.filter(size=10).update(root=bytes(32)), "10条的检查点与条目不符"),
    (lambda: Checkpoint.objects.filter(size=10).update(note="renshe/quzhou\n10\n"), "10条的检查点：检查点不是带签名的文本"),
])
def test_the_full_audit_names_what_was_altered(spoil, words):
    write(20)
    actions.sequence(limit=10)
    actions.sequence()
    assert audit.audit().sound
    spoil()
    assert words in audit.audit().faults
    with pytest.raises(CommandError, match="账本不符"):
        call_command("ledger", "audit", stderr=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_log_that_grows_while_it_is_audited_is_sound(monkeypatch):
    write(250)
    actions.sequence()

    def grow():
        actions.destroy_record(queries.leaves_of("C7")[0].pk, rule="保存期限届满", by="1")
        write(20, start=250)
        actions.sequence()

    for step in ("_chunks", "_compare_tiles", "_compare_checkpoints"):
        real = getattr(audit, step)

        def after_growing(*given, real=real):
            grow()
            return real(*given)

        monkeypatch.setattr(audit, step, after_growing)
    report = audit.audit()
    assert report.sound and report.size == 250, report
    assert queries.latest().size > 310


@pytest.mark.django_db(transaction=True)
def test_a_destroyed_record_leaves_an_entry_that_says_nothing_and_an_audit_that_knows_why(client):
    write(20)
    actions.sequence()
    kept = queries.leaves_of("C7")[0]
    code = queries.receipt_code(kept)
    for _ in range(2):
        actions.destroy_record(kept.pk, rule="保存期限届满", by="1")
    actions.sequence()
    entry, destroyed = queries.leaves_of("C7")
    assert (entry.record, destroyed.kind) == ("", "ledger.destroy") and queries.latest().size == 21
    bundle = queries.bundle(entry)
    assert "record" not in bundle and verify(bundle, queries.trust()).record is None
    assert audit.audit().sound
    assert queries.receipt_code(entry) == ""
    assert "已依保存期限销毁" in client.get(f"/open/verify/C7?d={code}").content.decode()
    Leaf.objects.filter(position=8).update(record="")  # gone without a deed
    assert audit.audit().faults == ["第8条：记录不见了，账本里没有销毁它的条目"]


@pytest.mark.django_db(transaction=True)
def test_a_leaf_written_earlier_but_committed_later_is_not_skipped():
    early = actions.leaf("试", "EARLY", {})
    write(5)
    actions.sequence()
    Leaf.objects.create(**early)
    actions.sequence()
    assert queries.leaves_of("EARLY")[0].position == 5
    assert audit.audit().sound and audit.audit().size == 6


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL shows no commit before it is on the disk")
@pytest.mark.django_db(transaction=True)
def test_nobody_sees_a_checkpoint_before_it_is_on_the_disk(monkeypatch):
    later, first = 1, 2  # SQLite's NORMAL and FULL
    wrapper, waited = type(connections["default"]), []
    real = wrapper._commit

    def commit(self):
        waited.append(self.connection.execute("PRAGMA synchronous").fetchone()[0])
        real(self)

    monkeypatch.setattr(wrapper, "_commit", commit)
    write(3)
    assert set(waited) == {later}  # a deed waits for the disk after its commit, together with others
    waited.clear()
    actions.sequence()
    assert set(waited) == {first}


def test_verifier_and_witness_know_nothing_of_the_platform():
    for file in [*Path("renshe_verify").glob("*.py"), *Path("renshe_witness").glob("*.py")]:
        text = file.read_text(encoding="utf-8")
        assert "import renshe." not in text and "from renshe." not in text and "django" not in text
