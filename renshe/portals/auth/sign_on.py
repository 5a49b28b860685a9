"""The city's own sign-on, by OpenID Connect (authorisation code with PKCE): who somebody is, told by the provider."""

from functools import cache
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

FAILED = (OAuthError, RequestException, JoseError, ValueError, KeyError, TypeError)


def label() -> str:
    """What the button says; "" while no provider is set."""
    return settings.RENSHE_SSO["label"] if settings.RENSHE_SSO["issuer"] else ""


@cache
def _client(issuer: str, client_id: str, client_secret: str) -> Any:
    return OAuth().register(
        "city", client_id=client_id, client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )


def client() -> Any:
    """The client of the provider set now."""
    return _client(*(settings.RENSHE_SSO[name] for name in ("issuer", "client_id", "client_secret")))


def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    answer: HttpResponse = client().authorize_redirect(request, settings.RENSHE_ADDRESS.rstrip("/") + reverse("sign_on_back"))
    return answer


def claims(request: HttpRequest) -> dict[str, Any]:
    """What the provider says, its signature, issuer, audience and nonce checked. Raises one of FAILED."""
    issuer = settings.RENSHE_SSO["issuer"]
    token = client().authorize_access_token(request, claims_options={"iss": {"essential": True, "value": issuer}})
    told = dict(token["userinfo"])
    return {**told, "subject": f"{issuer}#{told['sub']}"}
