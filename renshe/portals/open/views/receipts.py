"""Receipts: a PDF with a verification code, and the proof to keep. Only for those the case concerns."""

import json
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from renshe.kernel.access.actor import Actor
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import kinds
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Deed, State
from renshe.kernel.ledger import queries
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.policy.queries import versions
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.subjects.queries import organisation_of, person_of
from renshe.portals.typeset import typeset
from renshe_verify import page
from renshe_verify import tlog_proof as as_tlog_proof

TEMPLATE, COURT = (Path(__file__).parents[1] / name for name in ("receipt.typ", "court.typ"))


def _is_own(case: Case, actor: Actor) -> bool:
    organisation, person = organisation_of(actor), person_of(actor)
    return bool((organisation and organisation.pk == case.organisation_id) or (person and person.pk == case.person_id))


def _handles(case: Case, actor: Actor) -> bool:
    return actor.may(Permission.HANDLE) and actor.covers(case.division)


def offered(number: str, actor: Actor) -> Case | None:
    """A decided case whose proofs this actor may have: its employer, its person, an officer of the place."""
    case = Case.objects.filter(number=number, state=State.DECIDED).first() if actor.is_signed_in else None
    return case if case and (_is_own(case, actor) or _handles(case, actor)) else None


def _own(number: str, actor: Actor) -> tuple[Case, Leaf]:
    """The decided case with its last leaf, for its employer, its person or an officer. Raises Http404."""
    case = Case.objects.select_related("person", "organisation").filter(number=number).first()
    if case is None:
        raise Http404("没有这一办件")
    own = _is_own(case, actor)
    if not own and not _handles(case, actor):
        raise Http404("没有这一办件")
    if not own and case.person_id:
        log_readings(actor, [case.person_id], purpose="开具回执", what="办件回执", case_number=case.number)
    settled = [leaf for leaf in queries.leaves_of(number) if leaf.kind.endswith(f".{Deed.SETTLE}")]
    if case.state != State.DECIDED or not settled:
        raise Http404("办结后才有回执")
    return case, settled[-1]


def _waiting(request: HttpRequest, case: Case) -> HttpResponse:
    return render(request, "open/receipt_waiting.html", {"case": case}, status=202)


@requires(Permission.SIGNED_IN)
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as PDF."""
    case, leaf = _own(number, request.actor)  # type: ignore[attr-defined]
    proof = queries.proof(leaf)
    if proof is None:
        return _waiting(request, case)
    digest = json.loads(proof["leaf"])["sm3"]
    kind, closed = kinds.kind(case.kind), timezone.localtime(case.closed_at)
    content = {
        "bureau": settings.RENSHE_BUREAU, "title": kind.label, "number": case.number, "basis": kind.basis,
        "lines": [["单位", case.organisation.name] if case.organisation else ["申请人", case.person.name if case.person else ""], *map(list, kind.present(case))],
        "decided": f"{closed:%Y年%m月%d日 %H:%M}",
        "day": [closed.year, closed.month, closed.day],
        "version": "，".join(f"{title} {version}" for title, version in versions(case.policy_version)), "digest": digest, "position": leaf.position, "size": proof["size"],
        "address": f"{settings.RENSHE_ADDRESS}/open/verify/{case.number}?d={queries.receipt_code(leaf)}",
    }
    response = HttpResponse(typeset(TEMPLATE, content), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{case.number}.pdf"'
    return response


@requires(Permission.SIGNED_IN)
def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """The proof with the record, for its owner to keep."""
    case, leaf = _own(number, request.actor)  # type: ignore[attr-defined]
    found = queries.bundle(leaf)
    if found is None:
        return _waiting(request, case)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _kept(response, f"{case.number}.json")


@requires(Permission.SIGNED_IN)
def court_page(request: HttpRequest, number: str) -> HttpResponse:
    """The same proof as one page to read, print and hand to a court; it verifies as it is."""
    case, leaf = _own(number, request.actor)  # type: ignore[attr-defined]
    found = queries.bundle(leaf)
    if found is None:
        return _waiting(request, case)
    return _kept(HttpResponse(page.render(found)), f"{case.number}.html")


@requires(Permission.SIGNED_IN)
def court_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The same page as PDF/A-3 for the file of a case at court; the proof file travels inside as an attachment."""
    case, leaf = _own(number, request.actor)  # type: ignore[attr-defined]
    found = queries.bundle(leaf)
    if found is None:
        return _waiting(request, case)
    shown, closed = page.shown(found), timezone.localtime(case.closed_at)
    content = {
        "bureau": settings.RENSHE_BUREAU, "number": case.number, "day": [closed.year, closed.month, closed.day],
        "summary": shown.summary, "record": shown.record, "signed": shown.signed, "read": found["read"], "leaf": found["leaf"],
        "checkpoint": found["checkpoint"], "path": found["path"], "keys": found["keys"], "size": found["size"],
        "address": f"{settings.RENSHE_ADDRESS}/open/verify/{case.number}?d={queries.receipt_code(leaf)}",
    }
    proof = json.dumps(found, ensure_ascii=False, indent=1)
    return _kept(HttpResponse(typeset(COURT, content, attached={"proof.json": proof}), content_type="application/pdf"), f"{case.number}-proof.pdf")


@requires(Permission.SIGNED_IN)
def tlog_proof(request: HttpRequest, number: str) -> HttpResponse:
    """The same proof in the format of C2SP tlog-proof, for other programs."""
    case, leaf = _own(number, request.actor)  # type: ignore[attr-defined]
    found = queries.bundle(leaf)
    if found is None:
        return _waiting(request, case)
    return _kept(HttpResponse(as_tlog_proof(found), content_type="text/plain; charset=utf-8"), f"{case.number}.tlog-proof")


def _kept(response: HttpResponse, filename: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
