"""An application of one line, to see what the server alone costs."""

from collections.abc import Callable
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
