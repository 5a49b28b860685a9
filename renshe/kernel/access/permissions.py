"""Guards of pages: the permission a page asks for, and the promise that it only reads."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from renshe.kernel.access.middleware import UNPROVED
from renshe.kernel.access.terms import GRANTS, Permission

View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only actors with `permission` through: visitors go to the login page, others get a plain refusal."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if not actor.may(permission):
                if not actor.is_signed_in:
                    return redirect_to_login(request.get_full_path())
                if request.session.get(UNPROVED):
                    return redirect("account")
                holders = "、".join(role.label for role in GRANTS if permission in GRANTS[role])
                raise PermissionDenied(f"此页需要“{permission.label}”权限，由这些岗位办理：{holders}。")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def reads(view: View) -> View:
    """Mark a page that only reads; the tests run it where a write of any business table fails."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view
