"""The pension "if I retire at ...": sliders, a band, how it grows, every step, and the same on paper."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.money import yuan, yuan_label
from renshe.kernel.policy.engine.units import Age, BadInput, Fen, Month, month_day
from renshe.kernel.policy.engine.values import MissingValue
from renshe.kernel.subjects.models import Person
from renshe.portals import charts, estimates, words
from renshe.portals.resident import facts, wishes
from renshe.portals.resident.doorway import own
from renshe.portals.resident.pension import Prospect, Reckoned
from renshe.portals.typeset import typeset

PARTS = ("basic", "account", "transitional", "adjustment", "subsidy")
TEMPLATE = Path(__file__).parents[1] / "estimate.typ"


def _asked(request: HttpRequest, person: Person) -> tuple[Prospect, wishes.Asked]:
    life = facts.life(person, request.GET.get("group", ""), timezone.localdate())
    asked = wishes.asked(life, request.GET)
    return Prospect(life, asked.wish), asked


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The sliders and what follows from them. A figure that is no number is said; the rest of the page stays."""
    person = own(request)
    shown: dict[str, object] = {"groups": facts.groups(person)}
    try:
        prospect, asked = _asked(request, person)
    except BadInput as fault:
        shown["fault"] = str(fault)
        request.GET = request.GET.copy()
        request.GET.clear()
        prospect, asked = _asked(request, person)
    shown |= {"asked": asked, "life": prospect.life, "query": words.address(request), "records": len(prospect.life.rows)}
    try:
        shown |= _answer(prospect, asked)
    except MissingValue as fault:
        shown["missing"] = str(fault)
    return render(request, "resident/pension.html", shown, status=422 if "fault" in shown else 200)


def _answer(prospect: Prospect, asked: wishes.Asked) -> dict[str, object]:
    """The figures of a prospect as the page shows them."""
    life, wish = prospect.life, prospect.wish
    low, middle, high = prospect.scenarios
    if middle.total_fen is None or low.total_fen is None or high.total_fen is None:
        return {"missing": str(next(iter(middle.pension.missing.values())))}
    steps = {step.name: step for step in middle.pension.steps}
    course = prospect.growing(asked.sliders[0].least, asked.sliders[0].most)
    birthdays = [month for month in range(course[0][0], course[-1][0] + 1) if (month - life.birth) % 12 == 0]
    return {
        "total": yuan_label(middle.total_fen), "low": yuan_label(low.total_fen), "high": yuan_label(high.total_fen),
        "past": wish.chosen < life.now, "spread": asked.assumptions[2].value, "today": yuan_label(prospect.in_todays_money(middle.total_fen)), "ahead": wish.chosen // 12 > life.on.year,
        "chosen": Month.show(wish.chosen), "age": Age.show(wish.chosen - life.birth),
        "parts": [steps[name] for name in PARTS if name in steps and middle.pension.results[name]],
        "steps": list(steps.values()), "index": middle.index, "years": _years(prospect, middle),
        "accounts": [{"from": one.inputs["years"][0], "to": one.inputs["years"][-1], "steps": one.steps} for one in middle.accounts],  # type: ignore[index]
        "balance": yuan_label(int(Fen.read(middle.inputs["account_balance"]))),
        "months": middle.inputs["months"], "conditions": middle.pension.unmet,
        "version": middle.pension.version[: estimates.SHOWN],
        "course": [
            (Month.show(month), Age.show(month - life.birth), *(yuan_label(fen) for fen in (total, least, most)), month == wish.chosen)
            for month, total, least, most in course
        ],
        "curve": charts.curve(
            [(month, total / 100) for month, total, *_ in course], [(month, f"{(month - life.birth) // 12}岁") for month in birthdays],
            [(month, least / 100, most / 100) for month, _, least, most in course], (wish.chosen, middle.total_fen / 100),
        ) if len(course) > 1 else None,
    }


def _years(prospect: Prospect, reckoned: Reckoned) -> list[dict[str, object]]:
    """The account year by year, as people read it."""
    return [
        {"year": one.year, **{name: yuan_label(getattr(one, name)) for name in ("credited", "interest", "closing")}}
        for one in prospect.yearly(reckoned)
    ]


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The estimate on paper; its code lets anybody have the figures reckoned again."""
    person = own(request)
    try:
        prospect, asked = _asked(request, person)
        low, middle, high = prospect.scenarios
    except (BadInput, MissingValue) as fault:
        return HttpResponse(str(fault), status=422, content_type="text/plain; charset=utf-8")
    if middle.total_fen is None or low.total_fen is None or high.total_fen is None:
        return HttpResponse(str(next(iter(middle.pension.missing.values()))), status=422, content_type="text/plain; charset=utf-8")
    today, version = prospect.life.on, middle.pension.version[: estimates.SHOWN]
    one = estimates.Estimate(
        "employee_pension", version, today.isoformat(), month_day(middle.chosen).isoformat(), prospect.life.place,
        middle.inputs, {"total": middle.pension.outputs["total"]}, yuan(low.total_fen), yuan(high.total_fen),
    )
    steps = {step.name: step for step in middle.pension.steps}
    content = {
        "bureau": settings.RENSHE_BUREAU, "name": person.name, "day": [today.year, today.month, today.day],
        "total": yuan_label(middle.total_fen), "low": yuan_label(low.total_fen), "high": yuan_label(high.total_fen),
        "lines": wishes.summary(prospect.life, asked), "version": version,
        "parts": [
            [steps[name].label, steps[name].result, steps[name].numbers, steps[name].article]
            for name in PARTS if middle.pension.results.get(name)
        ],
        "unmet": [condition.text for condition in middle.pension.unmet],
        "address": f"{settings.RENSHE_ADDRESS}{reverse('open:estimate')}?c={estimates.code(one)}",
    }
    response = HttpResponse(typeset(TEMPLATE, content), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="pension-estimate.pdf"'
    return response
