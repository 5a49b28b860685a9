"""Leaves come into the tree once, in any order of arrival, however often the sequencer runs or dies."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from renshe.kernel.ledger import actions, export, queries
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.store.deed import deed
from renshe_verify import verify


def write(count, start=0):
    with deed():
        for number in range(start, start + count):
            actions.record("试", f"C{number}", {"n": number})


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
        assert verify(bundle, queries.public_key()).record["n"] == number
    assert queries.audit() == (340, True)
    assert export.export(tmp_path) == 340
    assert (tmp_path / "tile/0/001.p/84").stat().st_size == 84 * 32
    bundle_file = tmp_path / "b.json"
    bundle_file.write_text(json.dumps(bundle), encoding="utf-8")
    run = subprocess.run([sys.executable, "-m", "renshe_verify", str(bundle_file), "--key", queries.public_key()],
                         capture_output=True, text=True)
    assert run.returncode == 0 and "属实" in run.stdout


@pytest.mark.django_db(transaction=True)
def test_an_edited_leaf_is_found_by_the_audit():
    write(20)
    actions.sequence()
    Leaf.objects.filter(position=7).update(body=b"{}")
    assert queries.audit() == (20, False)


@pytest.mark.django_db(transaction=True)
def test_a_leaf_written_earlier_but_committed_later_is_not_skipped():
    early = actions.leaf("试", "EARLY", {})
    write(5)
    actions.sequence()
    Leaf.objects.create(**early)
    actions.sequence()
    assert queries.leaves_of("EARLY")[0].position == 5
    assert queries.audit() == (6, True)


def test_the_verifier_knows_nothing_of_the_platform():
    for file in Path("renshe_verify").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "import renshe." not in text and "from renshe." not in text and "django" not in text
