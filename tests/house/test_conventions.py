"""The house's own conventions, each a mistake once made somewhere."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.db.models import BinaryField

from renshe.kernel.privacy.classes import RULES, classes_of, columns, sealed_columns
from renshe.kernel.privacy.retention import keepings

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


def test_a_kept_moment_is_told_by_the_clock_here():
    """Moments are kept in UTC; `f"{row.made_at:%H:%M}"` would tell people eight hours too early."""
    told = re.compile(r"\b\w+_at(:%|\.strftime\()")
    found = [f"{path.relative_to(ROOT)}: {one.group()}" for path in SOURCES for one in told.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_personal_data_in_a_log_call():
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("log", "logger", "logging"):
                words = ast.dump(node)
                found += [f"{path}:{node.lineno} {word}" for word in ("citizen_id", "phone", "declared", "person.name") if word in words]
    assert found == []


def test_moments_are_read_in_the_citys_time():
    """The database keeps moments in UTC: at seven in the morning that is still yesterday."""
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            moment = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("date", "strftime"):
                moment = node.func.value
            if isinstance(node, ast.FormattedValue) and node.format_spec:
                moment = node.value
            if isinstance(moment, ast.Attribute) and moment.attr.endswith("_at"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
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


BY_DIGEST = {  # class 4 fields that are no sealed bytes, and what they hold instead of the value
    "Account.password": "a salted hash", "Factor.credential": "a public handle or a digest", "Token.digest": "a digest",
    "Agreement.token_digest": "a digest",
    "Visit.session_key": "a random key, as in the session store", "Person.citizen_id_index": "a keyed digest",
}
PERSONAL = re.compile(r"姓名|号码|工资|缴费基数|事由|密文|手机|地址|账号|留言")


def test_every_field_of_every_table_has_a_class():
    missing, strangers = [], []
    for model in apps.get_models():
        if model.__module__.startswith("renshe."):
            fields, classed = {field.name for field in model._meta.concrete_fields}, classes_of(model)
            missing += [f"{model.__name__}.{name}" for name in sorted(fields - classed.keys())]
            strangers += [f"{model.__name__}.{name}" for name in sorted(classed.keys() - fields)]
            assert sum(len(names.split()) for names in getattr(model, "data_classes", {}).values()) == len(classed), f"{model} names a field twice"
            assert set(classed.values()) <= set(RULES)
    assert missing == [], "list them in data_classes of the model (DB33/T 2350: 1 open ... 4 sensitive)"
    assert strangers == []


OPEN_TABLES = {"auth.Group", "auth.Permission", "contenttypes.ContentType"}  # of others, and about nobody


def test_every_table_with_more_than_open_data_has_a_line_of_retention():
    """Ours by their classes; those of others always, since they name no class."""
    lines = [(one.kind, name) for one in keepings() for name in one.tables]
    labels = {model._meta.label for model in apps.get_models()} | {model._meta.app_label for model in apps.get_models()}
    assert [name for _, name in lines if name not in labels] == [], "no such table"
    wrong = {}
    for model in apps.get_models():
        classed = classes_of(model).values()
        if model._meta.label in OPEN_TABLES or (classed and max(classed) < 2):
            continue
        found = [kind for kind, name in lines if name == model._meta.label] or [kind for kind, name in lines if name == model._meta.app_label]
        if len(found) != 1:
            wrong[model._meta.label] = found
    assert wrong == {}, "name each in `tables` of one line of city/quzhou/retention.yaml"


def test_class_four_is_never_stored_in_clear():
    bare = [
        f"{one.model.__name__}.{one.field}" for one in columns() if one.rule.sealed
        and not isinstance(one.model._meta.get_field(one.field), BinaryField)
        and f"{one.model.__name__}.{one.field}" not in BY_DIGEST
    ]
    assert bare == []
    sealed = {(one.model, one.field) for one in sealed_columns()}
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model.__module__.startswith("renshe.") else []:
            if "密文" in str(field.verbose_name):
                assert (model, field.name) in sealed, field


def test_what_sounds_personal_is_not_classed_as_open():
    low = [f"{one.table}.{one.label}" for one in columns() if one.level == 1 and PERSONAL.search(one.label)]
    assert low == []


def test_lists_that_name_personal_columns_say_so():
    """A title that sounds personal is `Personal`, so that its list can only leave through `portals.exports`."""
    bare = []
    for path in (ROOT / "renshe/portals").rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign) and any(getattr(one, "id", "").endswith("TITLES") for one in node.targets):
                bare += [
                    f"{path.relative_to(ROOT)}: {one.value}" for one in getattr(node.value, "elts", [])
                    if isinstance(one, ast.Constant) and re.search(r"^姓名|身份号码|工资$|缴费基数|事由|手机|账号|目的", str(one.value))
                ]
    assert bare == []


def test_who_may_not_do_both_is_asked_of_one_table():
    """`kernel/common/separation`: no deed compares the account that acts with the one that acted before by itself."""
    found = []
    for path in SOURCES:
        if path.name not in ("actions.py", "rules.py", "exports.py"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Compare):
                sides = [ast.unparse(one) for one in (node.left, *node.comparators)]
                if any(one in ("actor.account_id", "reader.account_id") for one in sides) and any(one.endswith("_by_id") for one in sides):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
