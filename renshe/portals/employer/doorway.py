"""What every page of this door needs: the organisation one declares for."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from renshe.kernel.subjects.models import Organisation
from renshe.kernel.subjects.queries import organisation_of


def own(request: HttpRequest) -> Organisation:
    """The organisation of the signed-in HR officer. Raises PermissionDenied."""
    organisation = organisation_of(request.actor)  # type: ignore[attr-defined]
    if organisation is None:
        raise PermissionDenied("您的账户还没有绑定单位。请带营业执照和授权书到社保窗口开通。")
    return organisation
