"""What every page of this door needs: the person one is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import person_of


def own(request: HttpRequest) -> Person:
    """The signed-in resident. Raises PermissionDenied."""
    person = person_of(request.actor)  # type: ignore[attr-defined]
    if person is None:
        raise PermissionDenied("您的账户还没有实名。请带身份证到社保窗口或村（社区）代办点办理。")
    return person


def once(request: HttpRequest) -> str | None:
    """The key by which a form pressed twice asks once; None for a form without."""
    given = request.POST.get("once", "")
    return f"form:{given}"[:80] if given else None
