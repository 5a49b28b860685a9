"""The API's door: who may enter, and the one shape in which it says no."""

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer, SessionAuth

from renshe.kernel.access import tokens
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.terms import GRANTS, Permission
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.subjects.models import Organisation
from renshe.kernel.subjects.queries import organisation_of


class ReasonOut(Schema):
    """One reason: what is wrong, where, by which article, what to do next."""

    code: str
    text: str
    article: str
    then: str
    field: str
    outcome: str


class Problem(Schema):
    """A refusal."""

    title: str
    reasons: list[ReasonOut]


def _allowed(actor: Actor | None, permission: Permission) -> Actor | None:
    """The actor, if there is one and it may. Raises HttpError 403 before a single input is looked at."""
    if actor is not None and not actor.may(permission):
        holders = "、".join(role.label for role in GRANTS if permission in GRANTS[role])
        raise HttpError(403, f"此接口需要“{permission.label}”权限，由这些岗位的账户使用：{holders}")
    return actor


class TokenAuth(HttpBearer):
    """`Authorization: Bearer rs_…`."""

    def __init__(self, permission: Permission = Permission.SIGNED_IN) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = tokens.actor_for(token)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return _allowed(actor, self.permission)


class PageAuth(SessionAuth):
    """The session of somebody signed in to the pages, with the CSRF header."""

    def __init__(self, permission: Permission = Permission.SIGNED_IN) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return _allowed(actor, self.permission) if actor.is_signed_in else None


DECLARING = [TokenAuth(Permission.DECLARE), PageAuth(Permission.DECLARE)]
class Renderer(BaseRenderer):
    """Answers as JSON; schemas carry only texts, numbers and lists."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


api = NinjaAPI(
    renderer=Renderer(),
    title="人社接口", version="1", auth=[TokenAuth(), PageAuth()], docs_url=None, urls_namespace="api",
    description="职工参保一件事、名册、政策测算、公开账本。",
)
PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem}


def say_no(request: HttpRequest, status: int, title: str, *reasons: Reason) -> HttpResponse:
    """A refusal in the one shape."""
    return api.create_response(
        request, {"title": title, "reasons": [reason.as_json() for reason in reasons]}, status=status
    )


def declaring(request: HttpRequest) -> tuple[Actor, Organisation]:
    """The actor and the organisation it declares for. Raises HttpError 403."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organisation = organisation_of(actor)
    if organisation is None:
        raise HttpError(403, "此账户没有可代表的单位")
    return actor, organisation


@api.exception_handler(Refused)
def _refused(request: HttpRequest, fault: Refused) -> HttpResponse:
    status = 409 if any(reason.code == "key_reused" for reason in fault.reasons) else 422
    return say_no(request, status, "不予办理", *fault.reasons)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    reasons = [
        Reason("invalid", str(error.get("msg", "")), field=str(error["loc"][-1]) if error.get("loc") else "")
        for error in fault.errors
    ]
    return say_no(request, 422, "请求的参数不正确", *reasons)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    return say_no(request, 401, "请先登录，或在请求头中带上有效的接口令牌")


@api.exception_handler(HttpError)
def _error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    return say_no(request, fault.status_code, str(fault))


@api.exception_handler(Http404)
def _absent(request: HttpRequest, fault: Http404) -> HttpResponse:
    return say_no(request, 404, str(fault) or "没有找到")
