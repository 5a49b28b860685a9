"""One person's hire, leaving or base change by form: checked, settled at once, or sent to an officer with the reasons."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from renshe.apps.insurance.queries import staff
from renshe.journeys.offers import JOURNEYS
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Outcome, Refused
from renshe.portals import forms
from renshe.portals.employer.doorway import own

LONGEST_NUMBER = 19  # of an identifier in 64 bits
LEADS = {
    "hire": "填一次，养老、失业、工伤、医疗四险一起参保，劳动合同备案，没有社保卡的同时申领。符合条件的当场办结。",
    "leave": "填一次，各险种一起停保，劳动合同同时备案终止。",
    "base_change": "申报新的工资，缴费基数按上下限重新确定。",
}


@requires(Permission.DECLARE)
def declare(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a journey."""
    if key not in JOURNEYS:
        raise Http404("没有这一事项")
    journey, organisation = JOURNEYS[key], own(request)
    given = {name: value for name, value in request.POST.items() if name in journey.declaration.model_fields}
    page = {"journey": journey, "lead": LEADS[key], "once": request.POST.get("once") or get_random_string(24)}
    if request.method != "POST":
        of = request.GET.get("of", "")
        known = staff(organisation, show="all").filter(pk=int(of)).first() if of.isdecimal() and len(of) < LONGEST_NUMBER else None
        prefill = {"name": known.person.name} if known else {}
        return render(request, "employer/declare.html", {**page, "fields": forms.fields(journey.declaration, prefill)})
    declaration, reasons = journey.declaration.parse(given)
    if declaration is not None:
        try:
            settled = journey.settle(
                [(None, declaration)], organisation=organisation, actor=request.actor,  # type: ignore[attr-defined]
                channel=Channel.FORM, idempotency_key=f"form:{page['once']}",
            )[0]
        except Refused as fault:
            reasons = fault.reasons
        else:
            if settled.outcome is not Outcome.REFUSE:
                return redirect("employer:case", number=settled.case_number)
            reasons = settled.reasons
    fields = forms.fields(journey.declaration, given, reasons)
    return render(request, "employer/declare.html", {**page, "fields": fields, "reasons": reasons}, status=422)
