"""The house keeps its shape: floors, anatomy, sizes, and tables that point only home or to the kernel."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("renshe", "renshe_verify", "renshe_witness") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts)
ANATOMY = {"__init__", "apps", "terms", "rules", "models", "queries", "actions", "forms", "views", "api", "tasks", "admin", "urls", "indicators", "offers"}
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_CLASS = 400, 50, 200
EXEMPT = {
    "renshe/kernel/policy/engine/write.py:Writer._written": "one branch for each kind of node, read best in one place",
}


def home(model) -> str:
    return model.__module__.rsplit(".models", 1)[0]


def test_floors_hold():
    run = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_tables_point_only_to_their_own_app_or_to_the_kernel():
    strays = [
        f"{field} -> {field.related_model.__name__}"
        for model in apps.get_models() if home(model).startswith("renshe.")
        for field in model._meta.fields if field.is_relation
        if home(field.related_model) != home(model) and not home(field.related_model).startswith("renshe.kernel.")
    ]
    assert not strays, strays


@pytest.mark.parametrize("app", sorted(path.name for path in (ROOT / "renshe/apps").iterdir() if (path / "models.py").exists()))
def test_an_app_has_the_files_of_every_app_and_no_others(app):
    folder = ROOT / "renshe/apps" / app
    assert {path.stem for path in folder.glob("*.py")} <= ANATOMY
    found = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {"__init__", "terms", "models", "queries", "actions", "offers"} <= found  # a long file is a folder of that name
    lines = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert lines and "Basis:" in lines and "Serves" in lines


def test_no_file_function_or_class_grows_past_comfort():
    too_long = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        if text.count("\n") > LONGEST_FILE:
            too_long.append(name)
        for parent in ast.walk(ast.parse(text)):
            for node in ast.iter_child_nodes(parent):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    lines = (node.end_lineno or 0) - node.lineno + 1
                    limit = LONGEST_CLASS if isinstance(node, ast.ClassDef) else LONGEST_FUNCTION
                    label = f"{parent.name}.{node.name}" if isinstance(parent, ast.ClassDef) else node.name
                    if lines > limit and f"{name}:{label}" not in EXEMPT:
                        too_long.append(f"{name}:{label} ({lines})")
    assert too_long == []


def test_what_has_no_name_has_no_home():
    assert not [path for path in SOURCES if path.stem in ("utils", "helpers", "misc", "extras", "core", "signals")]


def test_law_stays_out_of_code():
    """Rules and actions hold no amounts, rates or dates of law: those stand in policy.yaml.

    One date is a formula's own: the first day it is in force (`since`), where the law changed how to count.
    """
    found = []
    for path in SOURCES:
        if "apps" not in path.parts or not {path.name, f"{path.parent.name}.py"} & {"rules.py", "actions.py", "formula.py"}:
            continue
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        in_force = {id(node.value) for node in nodes if isinstance(node, ast.keyword) and node.arg == "since"}
        for node in nodes:
            if isinstance(node, ast.Constant) and not isinstance(node.value, bool) and id(node) not in in_force:
                if isinstance(node.value, float) or (isinstance(node.value, int) and node.value > 31):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")
                if isinstance(node.value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.value):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")
    assert found == []
