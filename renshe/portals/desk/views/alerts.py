"""Second looks for auditors: what residents question, what detectors found, and who is guarded especially."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Finding, Permission
from renshe.kernel.alerts import actions, queries
from renshe.kernel.alerts.limits import limits
from renshe.kernel.alerts.models import Alert, Guarded
from renshe.kernel.alerts.terms import AlertKind, AlertState
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.notices import queries as notices
from renshe.kernel.privacy import masks
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import persons_by_citizen_id
from renshe.portals import exports, listing
from renshe.portals.listing import Personal

TITLES = ("提出时间", "种类", "级别", "查阅人", "涉及次数", Personal("说明"), "状态", "期限", "结论", "承办人", "核查人")
SHOWN = 200  # readings on one page; the rest by number


def _rows(request: HttpRequest) -> QuerySet[Alert]:
    return queries.alerts(
        text=request.GET.get("q", "").strip(), kind=request.GET.get("kind", ""), state=request.GET.get("state", ""),
        holder={"mine": request.actor.account_id, "nobody": 0}.get(request.GET.get("holder", "")),  # type: ignore[attr-defined]
    )


def _line(one: Alert) -> tuple[object, ...]:
    return (
        one.opened_at, one.get_kind_display(), one.get_level_display(),  # type: ignore[attr-defined]
        one.reader_name, len(one.evidence), one.words, one.get_state_display(), one.due_on,  # type: ignore[attr-defined]
        one.get_finding_display(), one.holder_name, one.handled_by_name,  # type: ignore[attr-defined]
    )


exports.register(exports.Exportable(
    "desk:alerts", "查阅预警", TITLES, Permission.AUDIT, _rows, _line, person=lambda one: one.person_id,
))


@requires(Permission.AUDIT)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Alerts, open and grave ones first; how often each kind was right."""
    page = listing.listed(request, _rows(request))
    return render(request, "desk/alerts.html", {
        **page, "q": request.GET.get("q", "").strip(), "kind": request.GET.get("kind", ""),
        "state": request.GET.get("state", ""), "holder": request.GET.get("holder", ""), "kinds": AlertKind.choices(), "states": AlertState.choices(),
        "precision": queries.precision(), "today": timezone.localdate(),
    })


@requires(Permission.AUDIT)
@reads
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices to the auditor."""
    rows = notices.inbox(account_id=request.actor.account_id)  # type: ignore[attr-defined]
    return render(request, "desk/inbox.html", listing.listed(request, rows))


@requires(Permission.AUDIT)
def one(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert with the readings it is about, names masked, and the finding."""
    actor = request.actor  # type: ignore[attr-defined]
    alert = get_object_or_404(Alert, pk=alert_id)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            if request.POST.get("deed") == "take":
                actions.take(alert.pk, actor=actor)
                return redirect("desk:alert", alert.pk)
            actions.find(
                alert.pk, finding=Finding(request.POST.get("finding", "")), answer=request.POST.get("answer", ""), actor=actor
            )
            return redirect("desk:alert", alert.pk)
        except Refused as fault:
            reasons = fault.reasons
        except ValueError:
            reasons = (Reason("no_finding", "请选择核查结论", field="finding"),)
    if alert.kind == AlertKind.QUESTION and alert.person_id:  # what a resident wrote is that person's
        log_readings(actor, [alert.person_id], purpose="核查本人质疑", what="质疑内容与被质疑的查阅")
    rows = list(queries.readings(alert)[:SHOWN])
    names = dict(Person.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "name"))
    for row in rows:
        row.whose = masks.name(names.get(row.person_id, ""))  # type: ignore[attr-defined]
    return render(request, "desk/alert.html", {
        "alert": alert, "rows": rows, "rest": len(alert.evidence) - len(rows), "reasons": reasons, "given": request.POST,
        "findings": Finding.choices(), "limit": limits()[AlertKind(alert.kind)], "today": timezone.localdate(),
    }, status=422 if reasons else 200)


@requires(Permission.AUDIT)
def guarded(request: HttpRequest) -> HttpResponse:
    """The list of people guarded especially: two auditors put somebody on it and take somebody off."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _guard(request)
            return redirect("desk:guarded")
        except Refused as fault:
            reasons = fault.reasons
        except (Guarded.DoesNotExist, ValueError, KeyError):
            reasons = (Reason("bad_request", "名单上没有这一条"),)
    page = listing.listed(request, queries.guarded())
    persons = {one.pk: one for one in Person.objects.filter(pk__in=[row.person_id for row in page["rows"]])}
    for row in page["rows"]:
        person = persons.get(row.person_id)
        row.whose, row.number = (masks.name(person.name), person.citizen_id_mask) if person else ("", "")
    return render(request, "desk/guarded.html", {**page, "reasons": reasons, "given": request.POST}, status=422 if reasons else 200)


def _guard(request: HttpRequest) -> None:
    actor, deed = request.actor, request.POST.get("deed", "")  # type: ignore[attr-defined]
    if deed == "guard":
        person = persons_by_citizen_id([number := request.POST.get("citizen_id", "").strip()]).get(number)
        if person is None:
            raise Refused(Reason("unknown", "登记中没有这个公民身份号码", field="citizen_id", then="请核对18位号码"))
        actions.guard(person.pk, request.POST.get("reason", ""), actor=actor)
    else:
        {"release": actions.release, "confirm": actions.confirm}[deed](int(request.POST.get("guarded", "")), actor=actor)
