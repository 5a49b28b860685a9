"""The sequencer and the export are killed with -9 at every point, for real: nothing is lost, doubled or half done."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, connections

from renshe.kernel.ledger import actions, audit, export, queries
from renshe.kernel.ledger.models import Checkpoint, Leaf
from renshe_verify import Trust
from renshe_verify import audit as outside
from tests.kernel.ledger.test_sequencer import write

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def child(work) -> int:
    """Runs `work` in a process of its own; returns its process id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:
        os._exit(9)


def killed(pid: int) -> bool:
    """Whether the process was killed; it must otherwise have ended well."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


class Executioner:
    """Kills its own process before or after the n-th statement it sees."""

    def __init__(self, at: int, after: bool) -> None:
        self.left, self.after = at, after

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0 and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def sequenced(at: int, after: bool) -> None:
    with connection.execute_wrapper(Executioner(at, after)):
        actions.sequence(limit=40)


def sound(written: int) -> None:
    """Every leaf stands in the tree at most once, in an unbroken row, and the whole log audits."""
    close_old_connections()
    placed = sorted(Leaf.objects.exclude(position=None).values_list("position", flat=True))
    last = queries.latest()
    assert placed == list(range(last.size if last else 0)) and Leaf.objects.count() == written
    report = audit.audit()
    assert report.sound, report.faults


def test_the_sequencer_is_killed_at_every_statement():
    write(60)
    actions.sequence(limit=20)
    points, kills, written = 0, 0, 60
    for after in (False, True):
        at = 0
        while True:
            at += 1
            points += 1
            if not killed(child(lambda at=at, after=after: sequenced(at, after))):
                break  # it had fewer statements than that
            kills += 1
            sound(written)
        write(40, start=written)
        written += 40
    assert kills >= 16, (points, kills)
    while actions.sequence():
        pass
    sound(written)
    assert queries.latest().size == written


def test_the_sequencer_is_killed_at_random_moments_while_leaves_arrive():
    rng, written = random.Random(5), 0
    for _ in range(12):
        write(30, start=written)
        written += 30

        def run() -> None:
            while True:
                actions.sequence(limit=7)

        pid = child(run)
        time.sleep(rng.uniform(0.0, 0.06))
        os.kill(pid, signal.SIGKILL)
        assert killed(pid)
    sound(written)
    while actions.sequence(limit=50):
        pass
    sound(written)
    assert queries.latest().size == written
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert len(sizes) == len(set(sizes))


def test_the_export_is_killed_before_every_file(tmp_path, monkeypatch):
    write(600)
    actions.sequence(limit=300)
    export.export(tmp_path)
    actions.sequence()
    trust = Trust(queries.trust().keys)
    replace, at = Path.replace, 0

    def exported(limit: int) -> None:
        left = limit

        def guarded(self, target):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", guarded)
        export.export(tmp_path)

    while True:
        at += 1
        dead = killed(child(lambda at=at: exported(at)))
        assert outside(str(tmp_path), trust).size in (300, 600)
        if not dead:
            break
    assert at >= 3 and outside(str(tmp_path), trust).size == 600
