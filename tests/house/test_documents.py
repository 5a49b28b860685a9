"""Documents agree with the code."""

import re
from pathlib import Path

from renshe.config.management.commands.glossary import TARGET, glossary

ROOT = Path(__file__).parents[2]


def test_the_glossary_is_what_the_code_says():
    assert TARGET.read_text(encoding="utf-8") == glossary(), "run: renshe glossary"


def test_the_map_names_every_part_and_no_other():
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    parts = {f"renshe/{name}" for name in ("config", "city", "portals", "journeys")}
    parts |= {f"renshe/{floor}/{path.name}" for floor in ("apps", "kernel") for path in (ROOT / "renshe" / floor).iterdir() if (path / "__init__.py").exists()}
    assert {name for name in named if name.startswith("renshe/")} == parts
    assert all((ROOT / name).exists() for name in named)


def test_decisions_are_numbered_titled_and_one_page():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# ") and text.count("\n") < 60, page.name


def test_readmes_name_the_two_commands_and_the_accounts():
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for word in ("script/server", "script/test", "renshe-demo-2026", "reviewer", "docs/map.md"):
            assert word in text, (name, word)
        for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
            assert (ROOT / picture).exists(), (name, picture)


def test_every_dependency_is_recorded_with_its_reason():
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = pyproject.split("dependencies = [", 1)[1].split("]\n", 1)[0]
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    for name in re.findall(r'"([a-zA-Z0-9-]+)', listed):
        assert name.lower() in text, name
