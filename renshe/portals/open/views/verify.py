"""Anybody may check a receipt: by the QR code, by the case number, or by the proof file."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.ledger import queries
from renshe_verify import Broken, Verified
from renshe_verify import verify as check

LARGEST = 512 * 1024


@requires(Permission.OPEN)
@reads
def verify(request: HttpRequest) -> HttpResponse:
    """Where to type a number or hand in a proof file."""
    page: dict[str, object] = {"number": ""}
    if request.method == "POST" and "bundle" in request.FILES:
        upload = request.FILES["bundle"]
        try:
            if (upload.size or 0) > LARGEST:
                raise Broken("文件过大，不是证明文件")
            page["found"] = check(json.loads(upload.read()), queries.public_key())
        except Broken as fault:
            page["fault"] = str(fault)
        except (ValueError, RecursionError):
            page["fault"] = "文件不是证明文件（JSON）"
        return render(request, "open/verify.html", page)
    if number := request.GET.get("number", "").strip().upper():
        return redirect("open:verify_case", number=number[:32])
    return render(request, "open/verify.html", page)


@requires(Permission.OPEN)
@reads
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Whether the ledger holds entries about a case; shows no personal data."""
    leaves = queries.leaves_of(number)
    entries: list[tuple[str, Verified | None]] = []
    fault = ""
    for leaf in leaves:
        proof = queries.proof(leaf)
        try:
            entries.append((leaf.kind, check(proof, queries.public_key()) if proof else None))
        except Broken as broken:
            fault = str(broken)
    digest = request.GET.get("d", "")
    if digest and leaves and not any(json.loads(bytes(leaf.body))["sm3"].startswith(digest) for leaf in leaves):
        fault = "回执上的摘要与账本不符，回执可能被改动过"
    page = {"number": number, "entries": entries, "fault": fault, "unknown": not leaves, "digest": digest}
    return render(request, "open/verify.html", page, status=404 if not leaves else 200)
