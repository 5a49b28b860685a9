"""Papers to keep: a typst template and its content become PDF/A, with the address as a QR code."""

import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst


def typeset(template: Path, content: dict[str, Any], *, codes: Mapping[str, str] | None = None) -> bytes:
    """The PDF of `content`; the template reads content.json and the codes: code.svg of its `address`, or those of `codes`
    (file name and address each)."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / template.name).write_bytes(template.read_bytes())
        for name, address in (codes or {"code.svg": content["address"]}).items():
            drawn = io.BytesIO()
            segno.make(address, error="l" if codes else "m").save(drawn, kind="svg", border=0)
            (Path(folder) / name).write_bytes(drawn.getvalue())
        (Path(folder) / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return bytes(typst.compile(Path(folder) / template.name, format="pdf", pdf_standards=["a-2b"]))
