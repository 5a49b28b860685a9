"""docs/security.md names tests that exist, and what it says of the code as a whole holds."""

import ast
import json
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs/security.md"
SOURCES = [path for path in (ROOT / "renshe").rglob("*.py") if "migrations" not in path.parts]
SETTINGS = (ROOT / "renshe/config/settings.py").read_text(encoding="utf-8")
NUMBERS = Path(__file__).with_name("asvs-5.0.0.txt")
EVALUATES = {"renshe/kernel/policy/engine/compile.py": "our own text, made from a checked tree of the law"}
SECRET = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{32}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[bp]-[0-9A-Za-z-]{20}"
    rb"|(?i:password|secret|api_?key|token)[\"']?\s*[:=]\s*[\"'][A-Za-z0-9+/_-]{32,}[\"']",
)
KNOWN = {"tests"}  # published vectors and throw-away keys that open nothing


def rows() -> list[list[str]]:
    found = [[cell.strip() for cell in line.strip("|\n ").split(" | ")] for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [row for row in found if row[0] not in ("requirement", "要求", "---")]


def test_every_row_has_an_answer_that_exists():
    wrong = []
    for row in rows():
        assert len(row) == 3, row
        named = re.findall(r"`([^`]+)`", row[2])
        for one in named:
            path, _, test = one.partition("::")
            if test:
                text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
                wrong += [] if re.search(rf"^def {test}\b", text, re.MULTILINE) else [one]
            elif re.fullmatch(r"[A-Z_]{6,}", one):
                wrong += [] if re.search(rf"\b{one}\b", SETTINGS) else [one]
            elif "/" in one and not one.startswith("/") and one != "VAR/secrets":
                wrong += [] if (ROOT / one).exists() else [one]
        if not named:
            wrong += [] if re.search(r"deployment's duty|does not apply|gap|Python|HTML|the API's page|every page", row[2]) else [row[0]]
    assert wrong == []


def requirements() -> dict[str, int]:
    """The numbers of OWASP ASVS 5.0.0 with their levels."""
    sections = [line.split() for line in NUMBERS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {f"{section}.{number}": int(level) for section, *levels in sections for number, level in enumerate(levels, 1)}


def test_the_table_holds_exactly_the_requirements_of_levels_one_and_two():
    levels = requirements()
    assert Counter(levels.values()) == {1: 70, 2: 183, 3: 92}, "as many as the release has"
    named = Counter(one for row in rows() for one in re.findall(r"\b\d+\.\d+\.\d+\b", row[0]))
    assert {number: levels.get(number) for number in named if levels.get(number) not in (1, 2)} == {}, "of no level one or two"
    assert {number for number, level in levels.items() if level < 3} - set(named) == set(), "missing"
    assert [number for number, count in named.items() if count > 1] == [], "twice"


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def test_nothing_is_marked_safe_or_evaluated():
    found = []
    for path in SOURCES:
        name, source = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        for call in calls(path):
            said = ast.unparse(call.func)
            evaluated = said in ("eval", "exec") and name not in EVALUATES
            loose = said.rpartition(".")[2] in ("mark_safe", "SafeString", "Template", "from_string") or said.startswith(("pickle.", "marshal.", "os.system", "os.popen"))
            unsafe = (said == "yaml.load" and "SafeLoader" not in source) or said == "yaml.unsafe_load" or any(one.arg == "shell" for one in call.keywords)
            parts = [ast.unparse(one.value) for one in ast.walk(call.args[0]) if isinstance(one, ast.FormattedValue)] if call.args else []
            built = said.startswith("re.") and any(not re.match(r"[A-Z_]+$|re\.escape|'\|'\.join\(", one) for one in parts)
            if evaluated or loose or unsafe or built:
                found.append(f"{name}:{call.lineno} {said}")
    templates = (ROOT / "renshe/portals/templates").rglob("*.html")
    found += [path.name for path in templates if re.search(r"\|\s*safe\b|autoescape off|href=\"javascript", path.read_text(encoding="utf-8"))]
    assert found == []


CHOSEN = re.compile(r"""type=["'](hidden|radio|checkbox|date|range|submit)["']""")
PUBLIC = {  # forms whose words stand in the address: what they look for is published, and is about nobody
    "open/checkpoints.html": "a size of the ledger", "open/consistency.html": "two sizes of the ledger", "open/ledger.html": "a position",
    "open/policies.html": "a word of the law", "open/verify.html": "the number of a case, which stands in the address of its proof too",
    "cockpit/index.html": "weights of an index",
}


def test_no_form_puts_what_is_typed_into_an_address():
    """Search fields and questions go by way of `ask`, which seals them; a GET form has only things to choose from."""
    root, found, asking = ROOT / "renshe/portals/templates", [], 0
    for path in sorted(root.rglob("*.html")):
        name, text = str(path.relative_to(root)), path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
            tag = form[: form.index(">")]
            if "{% url 'ask' %}" in tag:
                assert 'method="post"' in tag and '"parts/ask.html"' in form, name
                plain = re.search(r'with plain="([^"]+)"', form)
                chosen = set(re.findall(r'<select[^>]*name="([^"]+)"|<input type="hidden" name="([^"]+)"', form))
                assert set(plain[1].split() if plain else ()) <= {one or other for one, other in chosen}, f"{name}: something typed stays readable"
                asking += 1
            elif 'method="post"' not in tag and name not in PUBLIC:
                typed = [one for one in re.findall(r"<(?:input|textarea)\b[^>]*", form) if not CHOSEN.search(one)]
                found += [name] if typed else []
        found += [f"{name}: {link}" for link in re.findall(r'(?:href|hx-get)="[^"]*\?[^"]*"', text) if re.search(r"name\|urlencode|GET\.urlencode|[?&;]q=\{\{ q", link)]
    assert found == [] and asking >= 30
    assert [path.name for path in SOURCES if "GET.urlencode" in path.read_text(encoding="utf-8")] == [], "links take words.address, sealed as it stands"


def test_sql_is_never_made_of_what_somebody_sent():
    """A statement may be put together of table names and numbers of ours only."""
    ours = re.compile(r"^(table|columns|names|places|sql|copy_sql|insert_sql|number|entry\['number'\]|.*_meta\.db_table|connection\.ops\.quote_name\(.*\)|_PERSONS|', '\.join\(\['%s'\].*)$")
    found = []
    for path in SOURCES:
        for call in calls(path):
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("execute", "executemany", "raw", "RawSQL", "extra") and call.args:
                parts = [ast.unparse(one.value) for one in ast.walk(call.args[0]) if isinstance(one, ast.FormattedValue)]
                added = isinstance(call.args[0], ast.BinOp) or (isinstance(call.args[0], ast.Call) and "format" in ast.unparse(call.args[0].func))
                if added or any(not ours.match(one) for one in parts):
                    found.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert found == []


def test_secrets_come_from_the_system():
    """Python's `random` can be foreseen: only the synthetic city and statistics may use it."""
    users = [str(path.relative_to(ROOT)) for path in SOURCES if re.search(r"^(import random|from random)", path.read_text(encoding="utf-8"), re.MULTILINE)]
    assert [one for one in users if not one.startswith(("renshe/city/", "renshe/apps/development/"))] == []


def test_no_secret_lies_in_the_repository():
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    found = []
    for name in filter(None, kept):
        path = ROOT / name
        assert path.name not in (".env", "id_rsa", "id_ed25519") and path.suffix not in (".pem", ".key", ".p12", ".pfx"), name
        if name.partition("/")[0] not in KNOWN and path.is_file() and path.stat().st_size < 2**20 and SECRET.search(path.read_bytes()):
            found.append(name)
    assert found == []


def test_every_dependency_is_locked_by_its_digest():
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    bare = []
    for one in lock["package"]:
        files = [*one.get("wheels", []), *([one["sdist"]] if "sdist" in one else [])]
        if "registry" in one["source"]:
            bare += [] if files and all(file.get("hash", "").startswith("sha256:") for file in files) else [one["name"]]
        else:
            bare += [] if one["source"] == {"editable": "."} else [one["name"]]
    pages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    bare += [name for name, one in pages.items() if name and not one.get("integrity", "").startswith("sha512-")]
    assert bare == []


def test_the_unit_and_the_proxy_stay_strict():
    unit = (ROOT / "deploy/renshe.service").read_text(encoding="utf-8")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "PrivateDevices=yes", "IPAddressDeny=any", "UMask=0077"):
        assert line in unit, line
    proxy = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for line in ("proxy_set_header X-Forwarded-For $remote_addr;", "ssl_protocols TLSv1.2 TLSv1.3;", "limit_req ", "server_tokens off;"):
        assert line in proxy, line
