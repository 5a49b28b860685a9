"""Witness nodes for a demonstration: on this machine, so they prove nothing but how it works. Their names say so."""

import sys
from pathlib import Path

from django.conf import settings

from renshe.kernel.ledger import actions
from renshe.kernel.ledger.models import Witness
from renshe.kernel.ledger.queries import public_key
from renshe_verify import Key
from renshe_witness.judge import public_text
from renshe_witness.memory import Memory

NODES = {"court": "人民法院（演示）", "bank": "合作银行（演示）", "union": "总工会（演示）", "partner-city": "联盟城市（演示）"}


def found(first_port: int) -> list[list[str]]:
    """Found and register the nodes once; returns the command that runs each. Safe to repeat, also with other ports."""
    commands = []
    for port, (name, label) in enumerate(NODES.items(), first_port):
        folder = Path(settings.VAR) / "witnesses" / name
        memory, key = Memory(folder), Key.parse(public_key())
        if not (folder / "name").exists():
            memory.found(f"demo.example/{name}")
            memory.trust(key.name, [key])
        address = f"http://127.0.0.1:{port}"
        if not Witness.objects.filter(key=public_text(memory)).update(address=address):
            actions.register_witness(label=label, key=public_text(memory), address=address, by="demo")
        commands.append([sys.executable, "-m", "renshe_witness", "--folder", str(folder), "serve", "--port", str(port)])
    return commands
