"""The audit of locked packages where no advisory service answers: the registries are asked, and nothing is kept quiet."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def release(version: str, *, holes: list[dict] = (), yanked: bool = False) -> dict:
    files = [{"yanked": yanked, "yanked_reason": "broken"}]
    return {"info": {"version": version, "yanked": False}, "releases": {version: files, "1.0": files}, "vulnerabilities": list(holes)}


@pytest.fixture
def registry() -> Iterator[tuple[str, dict[str, dict]]]:
    """A registry that answers what a test puts into it, and nothing else."""
    answers: dict[str, dict] = {}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = answers.get(self.path)
            self.send_response(200 if told else 404)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode() if told else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


def audit(folder: Path, address: str, python: dict[str, str], page: dict[str, str]) -> tuple[int, str]:
    """Runs the command over lock files of these packages, with tools that reach no advisory service."""
    locked = "".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ registry = "{address}/simple" }}\n' for name, version in python.items())
    (folder / "uv.lock").write_text(locked)
    packages = {f"node_modules/{name}": {"version": version} for name, version in page.items()}
    (folder / "package-lock.json").write_text(json.dumps({"packages": {"": {}, **packages}}))
    tools = folder / "tools"
    tools.mkdir()
    for name, words in (("uv", "echo no answer; exit 2"), ("npm", f"[ $1 = config ] && echo {address} || {{ echo no answer; exit 1; }}")):
        (tools / name).write_text(f"#!/bin/sh\n{words}\n")
        (tools / name).chmod(0o755)
    done = subprocess.run(
        [ROOT / "script/audit", folder], capture_output=True, text=True, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    )
    return done.returncode, done.stdout


def test_a_known_hole_fails_and_is_named(tmp_path, registry):
    address, answers = registry
    answers["/pypi/leaky/1.0/json"] = release("1.0", holes=[{"id": "PYSEC-0000-1", "summary": "It leaks", "withdrawn": None}])
    answers["/pypi/sound/2.0/json"] = release("2.0", holes=[{"id": "PYSEC-0000-2", "summary": "Taken back", "withdrawn": "2026-01-01"}])
    code, said = audit(tmp_path, address, {"leaky": "1.0", "sound": "2.0"}, {})
    assert code == 1 and "HOLE: leaky 1.0: PYSEC-0000-1: It leaks" in said and "sound" not in said


def test_a_withdrawn_version_and_a_package_given_up_fail(tmp_path, registry):
    address, answers = registry
    answers["/pypi/old/json"] = release("2.0", yanked=True)
    answers["/@scope%2fleft"] = {"versions": {"3.0": {"deprecated": "use another"}}}
    code, said = audit(tmp_path, address, {"old": "1.0"}, {"@scope/left": "3.0"})
    assert code == 1 and "HOLE: old 1.0: withdrawn: broken" in said and "HOLE: @scope/left 3.0: given up: use another" in said


def test_what_nobody_told_of_is_said_and_what_was_reviewed_is_no_hole(tmp_path, registry):
    address, answers = registry
    answers["/pypi/newer/json"] = release("2.0")
    answers["/pypi/vyper/0.4.3/json"] = release("0.4.3", holes=[{"id": "PYSEC-2023-142", "summary": "Locks"}])
    code, said = audit(tmp_path, address, {"newer": "1.0", "unheard": "1.0", "vyper": "0.4.3"}, {})
    assert code == 0 and "1 of 3 told of, 0 holes, 1 more reviewed" in said and "LEFT OUT, nobody told of: newer 1.0, unheard 1.0" in said
