"""Keys change; what was signed before stays verifiable, and nobody has to take a new key on our word."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from renshe.kernel.ledger import actions, audit, note, queries
from renshe.kernel.ledger.models import Checkpoint, LogKey
from renshe.kernel.ledger.signers import Ed25519
from renshe_verify import Broken, Trust, follow, open_checkpoint, verify
from tests.kernel.ledger.test_sequencer import write
from tests.kernel.ledger.test_witnesses import command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_secrets(tmp_path, settings, monkeypatch):
    settings.VAR = tmp_path
    monkeypatch.setenv("RENSHE_VAR", str(tmp_path))


@pytest.fixture
def rotated():
    """Three generations of keys; returns the first key, and a proof given out under each."""
    first, kept = queries.public_key(), []
    for number in range(3):
        write(10, start=number * 10)
        actions.sequence()
        kept.append(queries.bundle(queries.leaves_of(f"C{number * 10}")[0]))
        if number < 2:
            actions.rotate()
            actions.sequence()
    return first, kept


def test_old_proofs_stay_good_and_every_generation_follows_from_the_first(rotated):
    first, kept = rotated
    trust = follow(queries.key_list(), first)
    assert [(one.since, one.until) for one in trust.keys] == [(0, 11), (0, 11), (11, 22), (11, 22), (22, None), (22, None)]
    for bundle in kept:
        assert verify(bundle, trust).origin == "renshe/quzhou"
    assert len({bundle["keys"][0] for bundle in kept}) == 3
    handover = Checkpoint.objects.get(size=11)
    assert {one.key.label for one in open_checkpoint(handover.note, trust.all()).signed} == {"第1代公钥", "第2代公钥"}
    with pytest.raises(Broken, match="信任"):
        verify(kept[2], Trust.of(first))
    assert audit.audit().sound


def test_a_key_signs_nothing_outside_its_sizes(rotated):
    first, kept = rotated
    trust = follow(queries.key_list(), first)
    stolen = {one.text: one.within(0, None) for one in trust.keys if one.since == 0}  # the first keys, as if still at work
    assert verify(kept[0], Trust(tuple(stolen.values())))
    late = tuple(one for one in trust.keys if one.since > 0)
    with pytest.raises(Broken, match="信任"):
        verify(kept[0], Trust(late))


def test_a_key_list_that_was_tampered_with_is_refused(rotated):
    first, _ = rotated
    good = queries.key_list()

    def spoiled(change):
        document = copy.deepcopy(good)
        change(document["generations"])
        return document

    changes = [
        lambda found: found[1]["keys"].append(found[2]["keys"][0]),
        lambda found: found[1].update(announced=found[2]["announced"]),
        lambda found: found[1].update(announced=None),
        lambda found: found[1].update(since=12) or found[0].update(until=12),
        lambda found: found[0].update(until=None),
        lambda found: found[2].update(keys=found[0]["keys"]),
        lambda found: found[2].update(until=40),
        lambda found: found.pop(1),
    ]
    for change in changes:
        with pytest.raises(Broken):
            follow(spoiled(change), first)
    with pytest.raises(Broken, match="没有您信任的公钥"):
        follow(good, first.replace("renshe/quzhou", "renshe/ningbo"))


def test_rotation_is_announced_once_and_its_secret_is_kept_close(rotated):
    generation = actions.rotate()
    assert actions.rotate() == generation == 4  # announced and not yet at work: the same
    assert LogKey.objects.filter(since=None).count() == 2
    secret = Path(settings.VAR) / "secrets/renshe_log_key_4"
    assert secret.stat().st_mode & 0o077 == 0
    actions.sequence()
    assert LogKey.objects.filter(until=None, since__gt=0).count() == 2
    secret.unlink()
    write(1, start=90)
    with pytest.raises(LookupError, match="没有第4代账本私钥"):
        actions.sequence()
    os.environ["RENSHE_LOG_KEY_4"] = "from elsewhere"
    try:
        with pytest.raises(LookupError, match="与已公布的公钥不符"):  # another secret under the name of the fourth: it signs nothing
            actions.sequence()
        assert open_checkpoint(queries.latest().note, queries.trust().all()).size == 33
    finally:
        del os.environ["RENSHE_LOG_KEY_4"]


def test_a_log_whose_key_was_lost_goes_on_and_nobody_is_asked_to_believe_it(rotated, tmp_path, capsys):
    """The third generation's secret is gone: the log waits, is given a fourth that stands alone, and says so."""
    first, kept = rotated
    (Path(settings.VAR) / "secrets/renshe_log_key_3").unlink()
    write(5, start=90)
    with pytest.raises(LookupError, match="没有第3代账本私钥"):
        actions.sequence()
    assert queries.latest().size == 32 and actions.rotate() == 4  # the usual way needs the lost key once more
    with pytest.raises(LookupError):
        actions.sequence()
    call_command("ledger", "rotate", "--lost")
    assert "旧私钥记为遗失" in capsys.readouterr().out
    actions.sequence()
    document = queries.key_list()
    assert audit.audit().sound and [one["since"] for one in document["generations"]] == [0, 11, 22, 39]
    opened = open_checkpoint(queries.latest().note, queries.trust().all())
    assert {one.key.label for one in opened.signed} == {"第4代公钥"}
    with pytest.raises(Broken, match=r"第4代公钥没有前一代作证.*--key"):
        follow(document, first)
    fourth = document["generations"][3]["keys"][0]
    whole = follow(document, first, fourth)  # the new key came by another way
    late = queries.bundle(queries.leaves_of("C92")[0])
    for bundle in (*kept, late):
        assert verify(bundle, whole).origin == "renshe/quzhou"
    with pytest.raises(Broken, match="信任"):
        verify(kept[0], follow(document, fourth))  # who knows the new key alone takes nothing older on its word
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    run = [sys.executable, "-m", "renshe_verify", "keys", str(file), "--key", first]
    assert subprocess.run(run, capture_output=True).returncode == 1
    assert subprocess.run([*run, "--key", fourth], capture_output=True).returncode == 0


def test_the_audit_finds_keys_that_no_entry_announced(rotated):
    own = Ed25519(b"of whoever runs the database")
    text = note.key_text("renshe/quzhou", own.kind, own.public)
    LogKey.objects.create(generation=3, key=text, since=22, made_at="2026-11-24T00:00:00Z")
    assert "不是换钥条目所写" in audit.audit().faults[0]


def test_the_command_and_the_witness_follow_the_list(rotated, tmp_path):
    first, _ = rotated
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(queries.key_list()), encoding="utf-8")
    run = subprocess.run([sys.executable, "-m", "renshe_verify", "keys", str(file), "--key", first], capture_output=True, text=True)
    assert run.returncode == 0 and "第3代公钥 国密SM2 自第22条至今" in run.stdout, run.stdout + run.stderr
    folder = tmp_path / "union"
    command(folder, "found", "union.example/witness")
    command(folder, "trust", "--key", first)
    assert command(folder, "trust", "--list", str(file)).count("信任") == 6
