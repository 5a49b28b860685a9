"""Papers to keep: a typst template and its content become PDF/A, with the address as a QR code; files may travel inside."""

import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst


def typeset(template: Path, content: dict[str, Any], *, codes: Mapping[str, str] | None = None, attached: Mapping[str, str] | None = None) -> bytes:
    """The PDF of `content`; the template reads content.json and the codes: code.svg of its `address`, or those of `codes`
    (file name and address each), and may attach the files of `attached` (name and text each; PDF/A-3 then)."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / template.name).write_bytes(template.read_bytes())
        for name, address in (codes or {"code.svg": content["address"]}).items():
            drawn = io.BytesIO()
            segno.make(address, error="l" if codes else "m").save(drawn, kind="svg", border=0)
            (Path(folder) / name).write_bytes(drawn.getvalue())
        for name, text in (attached or {}).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        (Path(folder) / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return bytes(typst.compile(Path(folder) / template.name, format="pdf", pdf_standards=["a-3b" if attached else "a-2b"]))
