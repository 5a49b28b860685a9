"""Who witnesses the ledger: register a node, see how it answers, let it go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions, queries
from renshe.kernel.ledger.models import Witness
from renshe.portals.open.views.ledger import standing

MOST = 500


@requires(Permission.OPERATE)
def listed(request: HttpRequest) -> HttpResponse:
    """Witnesses with how they stand, and the form to register one."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _do(request)
            return redirect("desk:witnesses")
        except Refused as fault:
            reasons = fault.reasons
        except (Witness.DoesNotExist, ValueError):
            reasons = (Reason("bad_request", "没有这一见证机构"),)
    status = queries.status()
    page = {
        "witnesses": [(one, *standing(one, status.size)) for one in queries.witnesses(retired=True)],
        "status": status, "reasons": reasons, "given": request.POST,
    }
    return render(request, "desk/witnesses.html", page, status=422 if reasons else 200)


def _do(request: HttpRequest) -> None:
    by = str(request.actor.account_id)  # type: ignore[attr-defined]
    if request.POST.get("deed") == "retire":
        actions.retire_witness(int(request.POST.get("witness", "")), by=by)
        return
    given = {name: request.POST.get(name, "")[:MOST] for name in ("label", "key", "address")}
    actions.register_witness(**given, by=by)
