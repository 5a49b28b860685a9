"""Papers to keep: a typst template and its content become PDF/A, with the address as a QR code."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import segno
import typst


def typeset(template: Path, content: dict[str, Any]) -> bytes:
    """The PDF of `content`, whose `address` is drawn as a code; the template reads content.json and code.svg."""
    code = io.BytesIO()
    segno.make(content["address"], error="m").save(code, kind="svg", border=0)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / template.name).write_bytes(template.read_bytes())
        (Path(folder) / "code.svg").write_bytes(code.getvalue())
        (Path(folder) / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return bytes(typst.compile(Path(folder) / template.name, format="pdf", pdf_standards=["a-2b"]))
