"""The people an employer insures."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from renshe.apps.insurance import queries
from renshe.apps.insurance.models import Enrolment
from renshe.apps.insurance.terms import HireKind, Scheme
from renshe.apps.relations.queries import contracts_of_person
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan, yuan_label
from renshe.portals import exports, listing
from renshe.portals.employer.doorway import own
from renshe.portals.listing import Personal
from renshe.portals.premiums import shown

TITLES = (Personal("姓名"), Personal("公民身份号码"), "用工形式", "用工之日", "参保起始", "参保终止", Personal("月工资"), Personal("缴费基数"), "险种")


def _rows(request: HttpRequest) -> QuerySet[Enrolment]:
    scheme = request.GET.get("scheme", "")
    return queries.staff(
        own(request), text=request.GET.get("q", "").strip(), show=request.GET.get("show", "open"),
        scheme=scheme if scheme in set(Scheme) else "",
    )


def _line(row: Any) -> tuple[object, ...]:
    return (
        row.person.name, row.person.citizen_id_mask, HireKind(row.kind).label, row.hired_on, row.since, row.until or "",
        yuan(row.base_history[0].wage_fen), yuan(row.base_history[0].base_fen),
        "、".join(Scheme(one.scheme).label for one in row.schemes),
    )


exports.register(exports.Exportable(
    "employer:staff", "在册员工", TITLES, Permission.DECLARE, lambda request: queries.detailed(_rows(request)), _line,
    own="本单位用工管理",
))


@requires(Permission.DECLARE)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search, filter, export."""
    page = listing.listed(request, queries.summed_up(_rows(request)))
    for row in page["rows"]:
        row.base = "" if row.base_fen is None else yuan_label(row.base_fen)
        row.month = f"{row.since.year}年{row.since.month}月"
    return render(request, "employer/staff.html", {
        **page, "q": request.GET.get("q", "").strip(), "show": request.GET.get("show", "open"),
        "scheme": request.GET.get("scheme", ""), "schemes": Scheme.choices(),
    })


@requires(Permission.DECLARE)
@reads
def one(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One employee: what is insured, what is paid and why, the contract, the history of bases."""
    rows = queries.detailed(queries.staff(own(request), show="all"))
    row = get_object_or_404(rows, pk=enrolment_id)
    for base in row.base_history:
        base.wage, base.base = yuan_label(base.wage_fen), yuan_label(base.base_fen)
    return render(request, "employer/employee.html", {
        "row": row, "premiums": shown(queries.premiums(row, timezone.localdate())),
        "contracts": contracts_of_person(row.person_id).filter(organisation=row.organisation),
    })
