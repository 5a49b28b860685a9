"""Anybody may check a receipt: by the QR code, by the case number, or by the proof file."""

import json
import secrets
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import kinds
from renshe.kernel.cases.terms import Deed
from renshe.kernel.ledger import queries
from renshe.kernel.privacy import masks
from renshe.portals.open.views.receipts import offered
from renshe_verify import Broken, Trust, Verified, from_tlog_proof
from renshe_verify import verify as check
from renshe_verify.note import LABELS
from renshe_verify.page import bundle_of, moment

LARGEST = 512 * 1024
OTHERS = {"person.rename": "登记的姓名变更", "person.correct": "登记的信息更正", "sharing.corrected": "告知接收部门更正",
          "sharing.corrected_seen": "接收部门确认更正", "ledger.destroy": "依规定销毁一条记录的正文"}
SETTLED = "办结并登记"
SHOWN = {"employer_name": "单位", "name": "姓名", "citizen_id": "公民身份号码", "since": "自", "until": "止", "base": "缴费基数",
         "field": "更正的内容", "before": "原来", "after": "现在", "says": "系统的结论", "rows": "条数", "sha256": "文件摘要（SHA-256）"}


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
            page["found"] = found = _checked(upload.read().decode("utf-8"), queries.trust())
            page["at"] = _when(found)
            page["signed"] = [(LABELS[one.key.kind], one.who, moment(one.at) if one.at else "") for one in found.checkpoint.signed]
        except Broken as fault:
            page["fault"] = str(fault)
        except (ValueError, RecursionError):
            page["fault"] = "文件不是证明文件（.json、.html 或 .tlog-proof）"
        return render(request, "open/verify.html", page)
    if number := request.GET.get("number", "").strip().upper():
        return redirect("open:verify_case", number=number[:32])
    return render(request, "open/verify.html", page)


def _checked(text: str, trust: Trust) -> Verified:
    """A proof file in any of its three forms, checked. Raises Broken or ValueError."""
    if text.startswith("c2sp.org/tlog-proof@"):
        return from_tlog_proof(text, trust)
    return check(bundle_of(text) if text.lstrip().lower().startswith("<!doctype") else json.loads(text), trust)


@requires(Permission.OPEN)
@reads
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Whether the ledger holds entries about a case; shows no personal data."""
    leaves = queries.leaves_of(number)
    entries: list[tuple[str, Verified | None, str]] = []
    fault = ""
    trust = queries.trust()
    for leaf, proof in zip(leaves, queries.bundles(leaves), strict=True):
        try:
            one = check(proof, trust) if proof else None
            entries.append((_label(leaf.kind), one, _when(one) if one else ""))
        except Broken as broken:
            fault = str(broken)
    code, lines = request.GET.get("d", ""), []
    if code and leaves:
        genuine = next((leaf for leaf in leaves if leaf.record and secrets.compare_digest(queries.receipt_code(leaf), code)), None)
        if genuine is None and not all(leaf.record for leaf in leaves):
            fault = "这一办件的记录已依保存期限销毁，不能再核对二维码；账本条目仍在"
        elif genuine is None:
            fault = "二维码不是本平台为这一办件开具的，回执可能是伪造的"
        else:
            record = json.loads(genuine.record)
            lines = [(label, masks.name(record[key]) if key == "name" else record[key])
                     for key, label in SHOWN.items() if record.get(key)]
    page = {"number": number, "entries": entries, "fault": fault, "unknown": not leaves, "lines": lines,
            "case": offered(number, request.actor) if leaves else None}  # type: ignore[attr-defined]
    return render(request, "open/verify.html", page, status=404 if not leaves else 200)


def _label(kind: str) -> str:
    """What an entry is about, in words: `hire.settle` -> 职工参保（增员）· 办结并登记."""
    about, _, done = kind.partition(".")
    labels = {one.key: one.label for one in kinds.kinds()}
    if about in labels and done in set(Deed):
        return f"{labels[about]} · {SETTLED if done == Deed.SETTLE else Deed(done).label}"
    return OTHERS.get(kind, "平台记录")


def _when(verified: Verified) -> str:
    """When an entry was made, by the clock on the wall."""
    return f"{timezone.localtime(datetime.fromisoformat(verified.at)):%Y年%m月%d日 %H:%M}"
