"""The seed plan is not in the repository: RENSHE_SEED_PLAN names it, or it stands beside the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def seed_plan() -> Path | None:
    """Where the seed plan is, if it is."""
    for place in (os.environ.get("RENSHE_SEED_PLAN", ""), ROOT.parent / "shared" / "seed-plan.txt"):
        if place and Path(place).is_file():
            return Path(place)
    return None


@pytest.fixture(scope="session")
def seed() -> bytes:
    """The bytes of the seed plan; skipped aloud where it is absent."""
    found = seed_plan()
    if found is None:
        pytest.skip("the seed plan is absent: set RENSHE_SEED_PLAN")
    return found.read_bytes()


def pytest_terminal_summary(terminalreporter) -> None:
    """An absent seed plan is told at the end of the run, not only in the list of skips."""
    if seed_plan() is None:
        terminalreporter.write_line("ATTENTION: the seed plan is absent, its tests were skipped (set RENSHE_SEED_PLAN)", yellow=True)
