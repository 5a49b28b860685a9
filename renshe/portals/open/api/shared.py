"""Another department asks about people, under an agreement and with its key."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema
from ninja.security import HttpBearer

from renshe.kernel.sharing import actions
from renshe.kernel.sharing.models import Agreement
from renshe.portals.open.api.door import PROBLEMS


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


@router.post("/{agreement}/persons", response={200: Disclosed, **PROBLEMS}, summary="按共享协议查询人员")
def persons(request: HttpRequest, asked: Asked, agreement: str = Path(max_length=20)) -> dict[str, Any]:
    """At most 100 people at a time. Each found person sees who asked and why; the ledger keeps every disclosure."""
    held: Agreement = request.auth  # type: ignore[attr-defined]
    told = actions.disclose(held, asked.citizen_ids, purpose=asked.purpose, matter=asked.matter)
    return {"agreement": str(held.pk), "valid_until": held.valid_until.isoformat(), "persons": told}
