"""The city's own sign-on, by OpenID Connect (authorisation code with PKCE): who somebody is, told by the provider.

Sessions end together: signing out here leads to the provider's own page of signing out (RP-Initiated Logout 1.0), and the
provider tells us when somebody signs out there (Back-Channel Logout 1.0).
"""

import time
from functools import cache
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from renshe.kernel.store import outgoing

FAILED = (OAuthError, RequestException, JoseError, ValueError, KeyError, TypeError)  # outgoing.Forbidden is a ValueError
CALLED = ("token_endpoint", "jwks_uri", "userinfo_endpoint")  # addresses the provider's document names and we call
SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"
SIGNATURES = ("RS256", "PS256", "ES256", "EdDSA")
FRESH_SECONDS = 120


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
    """The client of the provider set now. Raises one of FAILED: away, or at an inner address that RENSHE_OUTGOING does not name."""
    outgoing.check(settings.RENSHE_SSO["issuer"])
    one = _client(*(settings.RENSHE_SSO[name] for name in ("issuer", "client_id", "client_secret")))
    told = one.load_server_metadata()
    if told.get("issuer") != settings.RENSHE_SSO["issuer"]:
        raise ValueError("the provider's document names another issuer")
    for name in CALLED:
        outgoing.check(told.get(name) or settings.RENSHE_SSO["issuer"])
    return one


def start(request: HttpRequest, *, again: bool = False) -> HttpResponse:
    """Send the browser to the provider; `again` asks it to have the person prove anew who they are."""
    back = settings.RENSHE_ADDRESS.rstrip("/") + reverse("sign_on_back")
    answer: HttpResponse = client().authorize_redirect(request, back, **({"prompt": "login"} if again else {}))
    return answer


def claims(request: HttpRequest) -> dict[str, Any]:
    """What the provider says, its signature, issuer, audience and nonce checked. Raises one of FAILED."""
    issuer = settings.RENSHE_SSO["issuer"]
    token = client().authorize_access_token(request, claims_options={"iss": {"essential": True, "value": issuer}})
    told = dict(token["userinfo"])
    return {**told, "subject": f"{issuer}#{told['sub']}"}


def farewell(back: str) -> str:
    """The provider's page that ends its own session and leads back to `back`; "" where it has none or does not answer."""
    try:
        page = client().load_server_metadata().get("end_session_endpoint", "")
    except FAILED:
        return ""
    return f"{page}?{urlencode({'client_id': settings.RENSHE_SSO['client_id'], 'post_logout_redirect_uri': back})}" if page else ""


def signed_out(token: str) -> str:
    """The subject of a logout token whose type, signature, issuer, audience, event and age are right. Raises one of FAILED."""
    issuer, audience = settings.RENSHE_SSO["issuer"], settings.RENSHE_SSO["client_id"]
    signed = jwt.decode(token, KeySet.import_key_set(client().fetch_jwk_set(force=True)), algorithms=list(SIGNATURES))
    told = signed.claims
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer}, aud={"essential": True, "value": audience},
        sub={"essential": True}, iat={"essential": True}, jti={"essential": True},
    ).validate(told)
    if signed.header.get("typ", "").casefold() != "logout+jwt" or SIGNED_OUT not in told["events"] or "nonce" in told or abs(time.time() - told["iat"]) > FRESH_SECONDS:
        raise ValueError("no logout token")
    return f"{issuer}#{told['sub']}"
