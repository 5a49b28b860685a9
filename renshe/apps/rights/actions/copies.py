"""Hands over the copy of everything held about a person; the case is its receipt."""

import hashlib

from renshe.apps.rights.terms import Request
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.subjects.models import Person


def digest(content: bytes) -> str:
    """How a copy is named in its receipt and in the ledger."""
    return hashlib.sha256(content).hexdigest()


def hand_over(person: Person, content: bytes, rows: int, form: str, *, actor: Actor, channel: Channel) -> Case:
    """Note a copy as given, with the digest of exactly what was given. The case is settled at once."""
    named = digest(content)
    return cases.open_own(
        Request.COPY, person, {"rows": rows, "sha256": named, "form": form}, actor=actor, channel=channel,
        record={"name": person.name, "citizen_id": person.citizen_id_mask, "rows": rows, "sha256": named},
    )


def present(case: Case) -> list[tuple[str, str]]:
    """A copy as titled lines."""
    content = cases.declared(case)
    return [("条数", str(content["rows"])), ("格式", content["form"]), ("文件摘要（SHA-256）", content["sha256"])]
