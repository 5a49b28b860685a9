"""Compiles the anchor contract. Needs the dependency group `anchors`; only a deployment and the tests do this."""

from typing import Any

import vyper

from renshe.kernel.ledger.anchors.evm import SOURCE


def compiled() -> dict[str, Any]:
    """`abi` and `bytecode`; the source lays down EVM version paris, which FISCO BCOS runs."""
    return dict(vyper.compile_code(SOURCE.read_text(encoding="utf-8"), output_formats=["abi", "bytecode"]))
