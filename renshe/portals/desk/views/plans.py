"""The list of plans, the upload box, the offices that can own things."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from renshe.apps.planning import queries
from renshe.apps.planning.actions import plans as actions
from renshe.apps.planning.models import Office, Plan, PlanFile
from renshe.apps.planning.terms import PlanState, Refusal
from renshe.kernel.access.models import Account
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators.territory import territory
from renshe.portals import listing
from renshe.portals.uploads import FLAG

TITLES = ("名称", "文号", "起止年", "状态", "导入人", "导入时间", "审核人", "发布人")


@requires(Permission.PLAN)
def listed(request: HttpRequest) -> HttpResponse:
    """Every plan, and the box to bring another."""
    page: dict[str, object] = {}
    if request.method == "POST":
        try:
            plan, new = _take_in(request)
            return redirect(f"/desk/plans/{plan.pk}/review" + ("" if new else "?same=1"))
        except Refused as fault:
            page["reasons"] = fault.reasons
    rows, text = queries.plans(), request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(title__icontains=text)
    if "export" in request.GET:
        return listing.workbook("规划", TITLES, (
            (one.title, one.document_number, f"{one.first_year}—{one.last_year}", PlanState(one.state).label, one.imported_by.name,
             one.imported_at, one.reviewed_by.name if one.reviewed_by else "", one.published_by.name if one.published_by else "")
            for one in rows
        ))
    page.update(listing.listed(request, rows), q=text)
    return render(request, "desk/plans.html", page, status=422 if "reasons" in page else 200)


def _take_in(request: HttpRequest) -> tuple[Plan, bool]:
    upload = request.FILES.get("plan")
    if FLAG in request.META or upload is None:
        raise Refused(Reason(Refusal.BAD_FILE, "文件过大" if FLAG in request.META else "没有选择文件", field="file", then="请选择 20MB 以内的 .docx、.md 或 .txt"))
    account = Account.objects.get(pk=request.actor.account_id)  # type: ignore[attr-defined]
    return actions.take_in(upload.read(), upload.name or "规划", division=territory().city, account=account)


@requires(Permission.PLAN)
@reads
def file(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The document as it was brought."""
    plan = get_object_or_404(Plan, pk=plan_id)
    return listing.file(bytes(PlanFile.objects.get(plan=plan).content), plan.filename, "application/octet-stream")


@requires(Permission.PLAN)
def offices(request: HttpRequest) -> HttpResponse:
    """Offices and their contacts."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            username, division = request.POST.get("username", "").strip(), request.POST.get("division", "")
            account = Account.objects.filter(username=username).first() if username else None
            if username and account is None:
                raise Refused(Reason(Refusal.BAD_VALUE, f"没有“{username}”这个账户", field="username", then="请填联系人登录用的用户名"))
            if division not in territory().names:
                raise Refused(Reason(Refusal.BAD_VALUE, "请选择所在区划", field="division"))
            actions.name_office(request.POST.get("name", ""), division, account, actor=request.actor)  # type: ignore[attr-defined]
            return redirect("desk:plan_offices")
        except Refused as fault:
            reasons = fault.reasons
    rows, text = queries.offices(), request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(name__icontains=text)
    names = territory().names
    if "export" in request.GET:
        return listing.workbook("责任单位", ("单位", "区划", "联系人"), (
            (one.name, names.get(one.division, one.division), one.account.name if one.account else "") for one in rows))
    page = listing.listed(request, rows)
    for one in page["rows"]:
        one.place = names.get(one.division, one.division)
    return render(request, "desk/plan_offices.html", {
        **page, "q": text, "reasons": reasons, "divisions": names.items(), "given": request.POST,
    }, status=422 if reasons else 200)


def chosen_office(request: HttpRequest) -> Office | None:
    """The office chosen in a form; None for nobody."""
    number = request.POST.get("office", "")
    return Office.objects.filter(pk=int(number)).first() if number.isdigit() else None
