"""The city's sign-on, held against a provider that lies: tokens that are not quite right open nothing."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from renshe.kernel.access.models import Account
from renshe.portals.auth.sign_on import _client as sign_on_client
from tests.factories import an_officer

pytestmark = pytest.mark.django_db
SHARED = "known to both sides, and no key"
OURS, THEIRS = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})


class Provider:
    """What a provider says: its documents, and the token it hands out for a code."""

    def __init__(self, issuer: str) -> None:
        self.issuer, self.token = issuer, ""
        self.about: dict[str, Any] = {
            "issuer": issuer, "jwks_uri": f"{issuer}/keys", "token_endpoint": f"{issuer}/token", "authorization_endpoint": f"{issuer}/authorize",
        }

    def answer(self, path: str) -> dict[str, Any]:
        """The JSON document at a path."""
        return {
            "/.well-known/openid-configuration": self.about, "/keys": {"keys": [OURS.as_dict(private=False)]},
            "/token": {"access_token": "a", "token_type": "Bearer", "id_token": self.token},
        }[path]

    def signs(self, nonce: str | None, *, signer: Any = OURS, alg: str = "RS256", **changes: Any) -> None:
        """Make the token: right, but for what `changes` says."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "renshe", "sub": "zj-6", "iat": now, "exp": now + 300, "nonce": nonce, **changes}
        self.token = jwt.encode({"alg": alg, "kid": "1"}, {name: one for name, one in claims.items() if one is not None}, signer, algorithms=[alg])

    def unsigned(self, nonce: str) -> None:
        """A right token whose head says that it needs no signature."""
        self.signs(nonce)
        self.token = f"eyJhbGciOiJub25lIn0.{self.token.split('.')[1]}."


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    class Documents(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.headers["Content-Length"]:
                self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(one.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    sign_on_client.cache_clear()  # a port may have been another provider's before
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Documents)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = Provider(f"http://localhost:{server.server_port}")
    settings.RENSHE_SSO = {**settings.RENSHE_SSO, "issuer": one.issuer, "client_id": "renshe", "client_secret": SHARED}
    yield one
    server.shutdown()
    server.server_close()


def on_the_way(client: Client, **form: str) -> tuple[str, dict[str, str]]:
    """Where the sign-in page sends the browser, and what it says there."""
    there = client.post("/login/sign-on", form).headers["Location"]
    return there, {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}


def back(client: Client, said: dict[str, str]) -> Any:
    return client.get("/login/sign-on/back", {"code": "c", "state": said["state"]})


def test_a_right_token_opens_the_account_bound_to_it(provider):
    Account.objects.filter(pk=an_officer().pk).update(sign_on=f"{provider.issuer}#zj-6")
    client = Client()
    there, said = on_the_way(client, next="/desk/inbox")
    assert there.startswith(f"{provider.issuer}/authorize?") and said["code_challenge_method"] == "S256" and said["redirect_uri"].endswith("/login/sign-on/back")
    provider.signs(said["nonce"])
    assert back(client, said).headers["Location"] == "/desk/inbox" and client.get("/desk/inbox").status_code == 200
    _, again = on_the_way(client)  # somebody signed in proves again who they are
    assert again["prompt"] == "login" and "prompt" not in said


@pytest.mark.parametrize("lie", [
    {"signer": THEIRS}, {"iss": "https://another.invalid"}, {"aud": "another"}, {"nonce": "another"}, {"nonce": None}, {"exp": 1_600_000_000},
    {"sub": None}, {"alg": "HS256", "signer": OctKey.import_key(SHARED)},
    None,
], ids=lambda one: "unsigned" if one is None else "-".join(one))
def test_a_token_that_is_not_quite_right_opens_nothing(provider, lie, caplog):
    Account.objects.filter(pk=an_officer().pk).update(sign_on=f"{provider.issuer}#zj-6")
    client = Client()
    _, said = on_the_way(client)
    provider.unsigned(said["nonce"]) if lie is None else provider.signs(**{"nonce": said["nonce"], **lie})
    assert back(client, said).status_code == 422 and client.get("/desk/inbox").status_code == 302
    assert "answer of the sign-on refused from 127.0.0.1" in caplog.text


def test_a_document_that_names_another_provider_is_not_followed(provider, caplog):
    provider.about["issuer"] = "https://another.invalid"
    answer = Client().post("/login/sign-on")
    assert answer.status_code == 502 and "联系不上" in answer.content.decode() and "sign-on does not answer" in caplog.text


def test_only_a_button_of_ours_leads_to_the_provider(provider):
    assert Client().get("/login/sign-on").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/login/sign-on").status_code == 403
    assert 'formaction="/login/sign-on"' in Client().get("/login").content.decode()
