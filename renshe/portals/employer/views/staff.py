"""The people an employer insures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from renshe.apps.insurance import queries
from renshe.apps.insurance.terms import HireKind, Scheme
from renshe.apps.relations.queries import contracts_of_person
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan, yuan_label
from renshe.portals import listing
from renshe.portals.employer.doorway import own
from renshe.portals.premiums import shown

TITLES = ("姓名", "公民身份号码", "用工形式", "用工之日", "参保起始", "参保终止", "月工资", "缴费基数", "险种")


@requires(Permission.DECLARE)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Search, filter, export."""
    text, show = request.GET.get("q", "").strip(), request.GET.get("show", "open")
    scheme = request.GET.get("scheme", "")
    scheme = scheme if scheme in set(Scheme) else ""
    rows = queries.staff(own(request), text=text, show=show, scheme=scheme)
    if "export" in request.GET:
        return listing.workbook("在册员工", TITLES, (
            (row.person.name, row.person.citizen_id_mask, HireKind(row.kind).label, row.hired_on, row.since,
             row.until or "", yuan(row.base_history[0].wage_fen), yuan(row.base_history[0].base_fen),
             "、".join(Scheme(one.scheme).label for one in row.schemes))
            for row in queries.detailed(rows)[: listing.MOST_EXPORTED]
        ))
    page = listing.listed(request, queries.summed_up(rows))
    for row in page["rows"]:
        row.base = "" if row.base_fen is None else yuan_label(row.base_fen)
        row.month = f"{row.since.year}年{row.since.month}月"
    return render(request, "employer/staff.html", {
        **page, "q": text, "show": show, "scheme": scheme, "schemes": Scheme.choices(),
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
