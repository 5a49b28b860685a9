"""Another department asks about people, under an agreement and with its key."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Path, Router, Schema, Status
from ninja.security import HttpBearer

from renshe.kernel.sharing import actions, queries
from renshe.kernel.sharing.models import Agreement
from renshe.kernel.subjects.queries import citizen_id
from renshe.portals.open.api.door import PROBLEMS

MOST_CORRECTED = 500


class AgreementKey(HttpBearer):
    """`Authorization: Bearer rsh_…`, the key of the agreement named in the address and of no other."""

    def authenticate(self, request: HttpRequest, token: str) -> Agreement | None:
        named = request.resolver_match.kwargs.get("agreement", "") if request.resolver_match else ""
        return actions.agreement_of(int(named), token) if str(named).isdecimal() and len(str(named)) < 19 else None


router = Router(tags=["数据共享"], auth=AgreementKey())


class Asked(Schema):
    """Whom is asked about, for which purpose of the agreement, in which matter of the asking department."""

    citizen_ids: list[str] = Field(max_length=1000)
    purpose: str = Field(max_length=40)
    matter: str = Field(max_length=80)


class Told(Schema):
    """One person: the agreed columns as texts; class 3 masked unless agreed."""

    citizen_id: str
    found: bool
    data: dict[str, str]


class Disclosed(Schema):
    agreement: str
    valid_until: str
    persons: list[Told]


class CorrectedOut(Schema):
    """Somebody whose columns went out wrong."""

    id: str
    citizen_id: str
    columns: list[str]
    at: str


@router.post("/{agreement}/persons", response={200: Disclosed, **PROBLEMS}, summary="按共享协议查询人员")
def persons(request: HttpRequest, asked: Asked, agreement: str = Path(max_length=20)) -> dict[str, Any]:
    """At most 100 people at a time. Each found person sees who asked and why; the ledger keeps every disclosure."""
    held: Agreement = request.auth  # type: ignore[attr-defined]
    told = actions.disclose(held, asked.citizen_ids, purpose=asked.purpose, matter=asked.matter)
    return {"agreement": str(held.pk), "valid_until": held.valid_until.isoformat(), "persons": told}


@router.get("/{agreement}/corrections", response={200: list[CorrectedOut], **PROBLEMS}, summary="曾取得的数据后来作了更正的")
def corrections(request: HttpRequest, agreement: str = Path(max_length=20)) -> list[dict[str, Any]]:
    """Whose columns were wrong when they went out, until confirmed; ask for the right values as for any other."""
    held: Agreement = request.auth  # type: ignore[attr-defined]
    actions.in_force(held)
    return [
        {"id": str(one.pk), "citizen_id": citizen_id(one.person), "columns": one.columns, "at": one.at.isoformat()}
        for one in queries.corrected(held)[:MOST_CORRECTED]
    ]


@router.post("/{agreement}/corrections/{correction}", response={204: None, **PROBLEMS}, summary="确认已更正")
def confirm(request: HttpRequest, agreement: str = Path(max_length=20), correction: str = Path(max_length=20)) -> Status:
    """The recipient has put it right on its side. Safe to repeat."""
    actions.in_force(request.auth)  # type: ignore[attr-defined]
    if not correction.isdecimal() or not actions.confirm_corrected(request.auth, int(correction)):  # type: ignore[attr-defined]
        raise Http404("没有这一更正")
    return Status(204, None)
