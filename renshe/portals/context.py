"""What every page knows: the door it belongs to, the menu, large type, demonstration mode."""

import time

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from renshe.kernel.access import visits
from renshe.kernel.access.actor import NOBODY, Actor
from renshe.kernel.access.terms import Permission
from renshe.kernel.store import space
from renshe.portals.auth import sign_on
from renshe.portals.menus import MENUS


def _own_door(actor: Actor) -> str:
    """The door of somebody on a page that belongs to none, such as their account."""
    return next((door for door, entries in MENUS.items() if door != "open" and actor.may(entries[0].permission)), "open")


def _leaving(request: HttpRequest) -> dict[str, object] | None:
    """When the session ends by itself; None for a program, which has none."""
    if not hasattr(request, "session"):
        return None
    left, final = visits.left(request.session, int(time.time()))
    return {"left": left, "final": final, "warn": visits.WARNED, "warn_final": visits.WARNED_FINAL}


def page(request: HttpRequest) -> dict[str, object]:
    """Adds `door`, `menu`, `large_type`, `demo`, `leaving` to every template, and for operators whether a disk is nearly full."""
    actor = getattr(request, "actor", NOBODY)
    match = getattr(request, "resolver_match", None)
    door = match.namespace if match and match.namespace in MENUS else _own_door(actor)
    return {
        "actor": actor, "door": door, "here": match.view_name if match else "",
        "menu": [entry for entry in MENUS[door] if actor.may(entry.permission)],
        "large_type": request.COOKIES.get("large_type") == "1", "demo": settings.RENSHE_DEMO,
        "watermark": f"{actor.name} {timezone.localtime():%m-%d %H:%M}" if door == "desk" and actor.is_signed_in else "",
        "full_disk": door == "desk" and actor.may(Permission.OPERATE) and space.worst() is not space.Room.ENOUGH,
        "bureau": settings.RENSHE_BUREAU, "sign_on": sign_on.label(),
        "leaving": _leaving(request) if actor.is_signed_in else None,
    }
