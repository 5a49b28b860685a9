"""Where search fields and questions are sent: back to their page, with what was typed sealed in the address."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse
from django.views.decorators.http import require_POST

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Refused
from renshe.portals import words

TO, PLAIN = "_to", "_plain"  # the page that asks; which of its fields stay readable: choices, never what is typed
SEARCH = "q"  # searching for nothing is not searching


@requires(Permission.OPEN)
@reads
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """303 to the page that asked. Raises Http404 when it is none of ours."""
    match = resolve(request.POST.get(TO, ""))
    permission = getattr(match.func, "permission", None)
    if permission is None:
        raise Http404("没有这一页")
    page, actor = reverse(match.view_name, args=match.args, kwargs=match.kwargs), request.actor  # type: ignore[attr-defined]
    plain = request.POST.get(PLAIN, "").split()
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name not in (TO, PLAIN, "csrfmiddlewaretoken")]
    query = [pair for pair in pairs if pair[0] in plain]
    typed = [pair for pair in pairs if pair[0] not in plain and pair != (SEARCH, "")]
    if typed and actor.may(permission):
        try:
            query.append((words.WORDS, words.sealed(typed, words.EVERYBODY if permission is Permission.OPEN else actor.account_id)))
        except Refused as fault:
            messages.warning(request, f"{fault.reasons[0].text}，{fault.reasons[0].then}。")
    response = HttpResponseRedirect(f"{page}?{urlencode(query)}" if query else page)
    response.status_code = 303
    return response
