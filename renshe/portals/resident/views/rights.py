"""What may I have, and why not: every benefit with its conditions, and guided calculations."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.policy.engine.units import BadInput
from renshe.portals import estimates, trial, words
from renshe.portals.resident import benefits, facts, guides
from renshe.portals.resident.doorway import own
from renshe.portals.resident.guides import Guide
from renshe.portals.typeset import typeset

PAPER = Path(__file__).parents[1] / "guide.typ"


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every benefit: what one may have now first, then what is lacking, then what still depends on an answer."""
    person = own(request)
    life = facts.life(person, "", timezone.localdate())
    known = facts.known(person, life)
    found = [benefits.standing(one, life, known, {}) for one in benefits.benefits().values()]
    return render(request, "resident/benefits.html", {
        "groups": [(state, [one for one in found if one.state == state]) for state in (benefits.ENTITLED, benefits.NOT_YET, benefits.OPEN)],
        "guides": guides.guides().values(),
    })


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def one(request: HttpRequest, benefit: str) -> HttpResponse:
    """One benefit: each condition with what one has, what is needed and when; the questions still open, to be answered here."""
    if benefit not in benefits.benefits():
        raise Http404("没有这一待遇")
    person, chosen = own(request), benefits.benefits()[benefit]
    life = facts.life(person, "", timezone.localdate())
    known = facts.known(person, life)
    shown: dict[str, object] = {}
    try:
        standing = benefits.standing(chosen, life, known, request.GET.dict())
    except BadInput as fault:
        shown["fault"] = str(fault)
        standing = benefits.standing(chosen, life, known, {})
    labels = {*standing.asks, *(standing.law.inputs[key].label for key in request.GET if key in standing.law.inputs)}
    filled = {**benefits.inputs(chosen, known), **request.GET.dict()}
    return render(request, "resident/benefit.html", {
        **shown, "standing": standing, "query": words.address(request), "boxes": [box for box in trial.boxes(standing.law, filled) if box.title in labels],
    }, status=422 if shown else 200)


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """The next question, with the earlier answers kept in the form; after the last, what follows."""
    if guide not in guides.guides():
        raise Http404("没有这一测算")
    person, chosen = own(request), guides.guides()[guide]
    life = facts.life(person, "", timezone.localdate())
    known = facts.known(person, life)
    answers = {name: text.strip() for name, text in request.GET.items()}
    asked = chosen.asked(answers)
    back = answers.pop("back", "")
    number = next((at for at, one in enumerate(asked) if one.name == back or one.name not in answers or guides.fault(one, chosen, answers[one.name])), None)
    if number is None:
        return _answer(request, chosen, life, known, answers)
    question = asked[number]
    text = answers.get(question.name)
    wrong = guides.fault(question, chosen, text) if text is not None and question.name != back else ""
    return render(request, "resident/guide_question.html", {
        "guide": chosen, "question": question, "number": number + 1, "count": len(asked), "fault": wrong,
        "value": text if text is not None else known.get(question.fact, ""), "own": text is None and question.fact in known,
        "earlier": [(one.name, answers[one.name]) for one in asked[:number]], "before": asked[number - 1].name if number else "",
    }, status=422 if wrong else 200)


@requires(Permission.OWN_RECORD)
@reads
@require_safe
def paper(request: HttpRequest, guide: str) -> HttpResponse:
    """What a guided calculation came to, on paper; each policy's code lets anybody have its figures reckoned again."""
    if guide not in guides.guides():
        raise Http404("没有这一测算")
    person, chosen = own(request), guides.guides()[guide]
    life = facts.life(person, "", timezone.localdate())
    answers = {name: text.strip() for name, text in request.GET.items()}
    if any(one.name not in answers or guides.fault(one, chosen, answers[one.name]) for one in chosen.asked(answers)):
        return redirect(f"{reverse('resident:guide', args=[guide])}?{words.address(request)}")
    try:
        found = [one for one in guides.answered(chosen, life, facts.known(person, life), answers) if one.answers]
    except BadInput as fault:
        return HttpResponse(str(fault), status=422, content_type="text/plain; charset=utf-8")
    content = {
        "bureau": settings.RENSHE_BUREAU, "name": person.name, "title": chosen.title,
        "day": [life.on.year, life.on.month, life.on.day], "said": [[one.ask, text] for one, text in _said(chosen, answers)],
        "unmet": list(dict.fromkeys(condition.text for one in found for condition in one.evaluation.unmet)),
        "parts": [
            {"title": one.law.title, "basis": one.law.basis, "version": one.evaluation.version[: estimates.SHOWN],
             "code": f"code{number}.svg", "lines": [[step.label, step.result, step.numbers, step.article] for step in one.answers]}
            for number, one in enumerate(found)
        ],
    }
    codes = {f"code{number}.svg": _address(one, life) for number, one in enumerate(found)}
    response = HttpResponse(typeset(PAPER, content, codes=codes), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{guide}.pdf"'
    return response


def _address(one: guides.Answered, life: facts.Life) -> str:
    """Where the figures of one policy are checked: its inputs and answers, signed."""
    outputs = one.evaluation.outputs
    carried = estimates.Estimate(
        one.law.name, one.evaluation.version[: estimates.SHOWN], life.on.isoformat(), life.on.isoformat(), life.place,
        dict(one.given), {step.name: outputs[step.name] for step in one.answers if step.name in outputs}, "", "",
    )
    return f"{settings.RENSHE_ADDRESS}{reverse('open:estimate')}?c={estimates.code(carried)}"


def _said(chosen: Guide, answers: dict[str, str]) -> list[tuple[guides.Question, str]]:
    return [
        (one, next((option.label for option in one.options if option.key == answers[one.name]),
                   trial.YES_NO.get(answers[one.name], answers[one.name])))
        for one in chosen.asked(answers)
    ]


def _answer(request: HttpRequest, chosen: Guide, life: facts.Life, known: dict[str, str], answers: dict[str, str]) -> HttpResponse:
    try:
        found = guides.answered(chosen, life, known, answers)
    except BadInput as fault:
        return render(request, "resident/guide.html", {"guide": chosen, "fault": str(fault)}, status=422)
    return render(request, "resident/guide.html", {
        "guide": chosen, "found": found, "said": _said(chosen, answers), "query": words.address(request),
        "unmet": list({condition.text: condition for one in found for condition in one.evaluation.unmet}.values()),
        "figures": [step for one in found for step in one.answers],
        "missing": list(dict.fromkeys(fault for one in found for fault in one.missing)),
    })
