"""Tests say nothing about how fast a machine is: one a hundred times slower passes them all the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHORTEST = 60  # seconds: a limit below that is a claim about speed
LOOKS_AGAIN = (ast.While, ast.For)


def calls() -> Iterator[tuple[str, ast.Call, list[ast.AST]]]:
    """Every call in the tests: where, and what it stands in, the innermost last."""

    def inside(node: ast.AST, outer: list[ast.AST]) -> Iterator[tuple[ast.Call, list[ast.AST]]]:
        for one in ast.iter_child_nodes(node):
            if isinstance(one, ast.Call):
                yield one, outer
            yield from inside(one, [*outer, one])

    for path in sorted(ROOT.rglob("*.py")):
        for call, outer in inside(ast.parse(path.read_text(encoding="utf-8")), []):
            yield f"{path.relative_to(ROOT)}:{call.lineno}", call, outer


def test_nobody_sleeps_a_fixed_time_and_hopes():
    """A sleep stands in a loop that looks again, or is drawn so that it falls anywhere."""
    hoping = [
        where for where, call, outer in calls() if ast.unparse(call.func) in ("time.sleep", "sleep")
        and isinstance(call.args[0], ast.Constant) and not any(isinstance(one, LOOKS_AGAIN) for one in outer)
    ]
    assert hoping == []


def test_no_limit_is_a_claim_about_speed():
    tight = [
        where for where, call, _ in calls() for one in call.keywords
        if one.arg == "timeout" and isinstance(one.value, ast.Constant) and isinstance(one.value.value, int | float)
        and one.value.value < SHORTEST
    ]
    timed = [where for where, call, _ in calls() if ast.unparse(call.func).endswith("perf_counter")]
    assert tight == timed == []


def test_no_day_is_taken_before_the_test_begins():
    """What a module reads of the clock when it is collected may be of yesterday when its tests run."""
    early = [
        where for where, call, outer in calls() if ast.unparse(call.func).endswith(("days_ago", "localdate", "timezone.now", ".today"))
        and not any(isinstance(one, ast.FunctionDef | ast.Lambda) for one in outer)
    ]
    assert early == []
