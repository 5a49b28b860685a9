"""A document of a case as a download."""

from django.http import Http404, HttpResponse

from renshe.kernel.cases import evidence
from renshe.kernel.cases.models import CaseFile
from renshe.kernel.privacy.sealing import Unreadable
from renshe.portals import listing


def handed(file: CaseFile) -> HttpResponse:
    """The document in clear. Raises Http404, naming the day, when it was destroyed."""
    try:
        return listing.file(evidence.content(file), file.name, file.kind)
    except Unreadable as fault:
        raise Http404(str(fault)) from None
