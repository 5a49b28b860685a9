"""The employer's first page, its inbox, its interface token."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from renshe.apps.insurance import queries as insurance
from renshe.kernel.access import tokens
from renshe.kernel.access.models import Account
from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.cases import queries as cases
from renshe.kernel.cases.rules import OPEN
from renshe.kernel.cases.terms import State
from renshe.kernel.common.calendar import month_start
from renshe.kernel.notices import queries as notices
from renshe.kernel.rosters import queries as rosters
from renshe.kernel.rosters.models import RosterState
from renshe.portals.employer.doorway import own
from renshe.portals.listing import listed

TOKEN_DAYS = 180


@requires(Permission.DECLARE)
@reads
def home(request: HttpRequest) -> HttpResponse:
    """What needs doing, and the four things one can do."""
    organisation = own(request)
    month = month_start(timezone.localdate())
    mine = cases.of_organisation(organisation.pk)
    return render(request, "employer/home.html", {
        "organisation": organisation,
        "corrections": mine.filter(state=State.CORRECTION)[:5],
        "open_cases": mine.filter(state__in=OPEN).count(),
        "staff": insurance.staff(organisation).count(),
        "joined": insurance.staff(organisation, show="all").filter(case__opened_at__date__gte=month).count(),
        "left": insurance.staff(organisation, show="left").filter(until__gt=month).count(),
        "working": rosters.of_organisation(organisation.pk).filter(
            state__in=(RosterState.WAITING, RosterState.WORKING)
        )[:5],
    })


@requires(Permission.DECLARE)
@reads
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices to the organisation."""
    rows = notices.inbox(organisation_id=own(request).pk)
    return render(request, "employer/inbox.html", listed(request, rows))


@requires(Permission.DECLARE)
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Issue a key for the employer's own program; it is shown once."""
    own(request)
    account = Account.objects.get(pk=request.actor.account_id)  # type: ignore[attr-defined]
    key = tokens.issue(account, label="单位人事系统", days=TOKEN_DAYS)
    return render(request, "employer/token.html", {"key": key, "days": TOKEN_DAYS})
