"""Go's sumdb/note and sumdb/tlog, written by others for others, read our log and find the same."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from renshe.kernel.ledger import actions, export, note, queries
from tests.kernel.ledger.test_sequencer import write

GO, SOURCES = shutil.which("go"), Path("/usr/share/gocode")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("go")]
if not (GO and (SOURCES / "src/golang.org/x/mod/sumdb/tlog").exists()):
    if os.environ.get("CI"):
        pytest.fail("install Debian's golang-go and golang-golang-x-mod-dev", pytrace=False)
    pytest.skip("needs Debian's golang-go and golang-golang-x-mod-dev", allow_module_level=True)


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """The program, built without network from the Debian package's sources."""
    folder = tmp_path_factory.mktemp("go")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(SOURCES), "GOFLAGS": "", "GOPROXY": "off", "CGO_ENABLED": "0",
                   "GOCACHE": os.environ.get("GOCACHE", str(Path.home() / ".cache/go-build"))}
    subprocess.run([str(GO), "build", "-o", str(folder / "check"), str(Path(__file__).parent / "go/check.go")],
                   env=environment, check=True, capture_output=True)

    def run(*words: str) -> str:
        found = subprocess.run([str(folder / "check"), *words], capture_output=True, text=True)
        return found.stdout + found.stderr

    return run


def test_go_opens_our_checkpoint_and_proves_our_entries_and_growth(check, tmp_path):
    write(700)
    old = actions.sequence(limit=300)
    while actions.sequence():
        pass
    export.export(tmp_path)
    root = note.parts(old.note)[0].split("\n")[2]
    said = check(str(tmp_path), queries.public_key(), "300", root)
    assert said == "sound: 700 entries, 175 checked, 1 signature verified, 1 unknown\n"
    other = root.replace(root[3], "A" if root[3] != "A" else "B", 1)
    assert "broken" in check(str(tmp_path), queries.public_key(), "300", other)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511])
def test_go_finds_logs_of_odd_sizes_sound(check, tmp_path, size):
    write(size)
    actions.sequence()
    export.export(tmp_path)
    said = check(str(tmp_path), queries.public_key())
    assert said.startswith(f"sound: {size} entries") and said.endswith("1 signature verified, 1 unknown\n")


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/001", "checkpoint"])
def test_go_finds_one_flipped_bit(check, tmp_path, name):
    write(700)
    actions.sequence()
    export.export(tmp_path)
    spoiled = bytearray((tmp_path / name).read_bytes())
    spoiled[40] ^= 1
    (tmp_path / name).write_bytes(spoiled)
    assert "broken" in check(str(tmp_path), queries.public_key())
