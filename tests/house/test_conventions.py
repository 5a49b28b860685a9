"""The house's own conventions, each a mistake once made somewhere."""

import ast
import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "renshe").rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "renshe/portals/templates").rglob("*.html"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SILENT = {  # deeds that leave no leaf of their own, and why
    "renshe/kernel/privacy/actions.py": "the log of readings is itself the record",
    "renshe/kernel/notices/actions.py": "a notice is told within the deed it tells of, which records",
    "renshe/kernel/subjects/actions.py": "persons are recorded by the journey that brings them; places are reference data",
    "renshe/apps/insurance/actions.py": "steps of journeys: the journey records",
    "renshe/apps/relations/actions.py": "steps of journeys: the journey records",
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_field_and_table_has_a_chinese_name():
    bare = [
        str(field) for model in apps.get_models() if model.__module__.startswith("renshe.")
        for field in model._meta.concrete_fields
        if not CHINESE.search(str(field.verbose_name)) and field.name not in ("password", "last_login")
    ]
    bare += [str(model) for model in apps.get_models() if model.__module__.startswith("renshe.") and not CHINESE.search(str(model._meta.verbose_name))]
    assert bare == []


def test_imports_stand_at_the_top():
    hidden = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in SOURCES for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_signals_no_save_overrides_no_swallowed_errors():
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module:
                found.append(f"{path}: signals")
            if isinstance(node, ast.FunctionDef) and node.name == "save":
                found.append(f"{path}: save()")
            if isinstance(node, ast.ExceptHandler) and (node.type is None or getattr(node.type, "id", "") == "Exception"):
                found.append(f"{path}:{node.lineno} except Exception")
    assert found == []


def test_no_personal_data_in_a_log_call():
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("log", "logger", "logging"):
                words = ast.dump(node)
                found += [f"{path}:{node.lineno} {word}" for word in ("citizen_id", "phone", "declared", "person.name") if word in words]
    assert found == []


def test_every_deed_records():
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        is_actions = path.name == "actions.py" or (path.parent.name == "actions" and path.stem != "__init__")
        if is_actions and name not in SILENT:
            assert "ledger" in path.read_text(encoding="utf-8"), f"{name} writes without recording"


def test_only_actions_write():
    writes = re.compile(r"\.objects\.(create|bulk_create|update_or_create|get_or_create)\(|(?<!segno)\.(save|delete)\((?!code)")
    found = [
        str(path.relative_to(ROOT)) for path in SOURCES
        if path.name in ("queries.py", "rules.py", "terms.py", "offers.py") or "views" in path.parts
        if writes.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_template_is_unused():
    text = "".join(path.read_text(encoding="utf-8") for path in [*SOURCES, *TEMPLATES])
    root = ROOT / "renshe/portals/templates"
    unused = [
        name for path in TEMPLATES if (name := str(path.relative_to(root))) not in text
        and name not in ("403.html", "404.html", "500.html", "open/receipt.typ")
    ]
    assert unused == []


def test_pages_carry_no_inline_script_or_style():
    found = [
        f"{path.name}: {match.group(0)}" for path in TEMPLATES
        for match in re.finditer(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_public_functions_say_what_they_do():
    bare = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES if {path.name, f"{path.parent.name}.py"} & {"actions.py", "queries.py", "rules.py"}
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []
