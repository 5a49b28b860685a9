"""Room on the disks, for operators: which, how much, and what happens when it runs out."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.store import space


@requires(Permission.OPERATE)
@reads
def listed(request: HttpRequest) -> HttpResponse:
    """Every disk the platform writes to, the fullest first."""
    disks = space.disks()
    return render(request, "desk/disks.html", {
        "disks": [(one, space.gigabytes(one.free), space.gigabytes(one.size)) for one in disks],
        "tight": disks[0].room is space.Room.TIGHT,
        "low_at": space.gigabytes(settings.RENSHE_LOW_SPACE_MB * space.MB), "tight_at": space.gigabytes(settings.RENSHE_TIGHT_SPACE_MB * space.MB),
        "postgresql": connection.vendor == "postgresql", "database_elsewhere": connection.vendor == "postgresql" and not settings.RENSHE_DATABASE_DISK,
    })
