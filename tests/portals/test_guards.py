"""What every answer carries, where the platform may call, and what is said when a request cannot be met."""

import errno
import http.server
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db.utils import DatabaseError, OperationalError
from django.test import Client

from renshe.kernel.store import outgoing
from tests.factories import a_resident, signed_in

pytestmark = pytest.mark.django_db


def test_every_answer_carries_its_headers():
    _, account = a_resident()
    for client, path in ((Client(), "/login"), (signed_in(account), "/me/"), (Client(), "/api/v1/hires"), (Client(), "/nowhere")):
        answer = client.get(path)
        assert "charset=utf-8" in answer["Content-Type"] or answer["Content-Type"] == "application/json", path
        rules = {one.split()[0]: one.split()[1:] for one in answer["Content-Security-Policy"].split("; ")}
        assert rules["default-src"] == ["'self'"] and "script-src" not in rules, "nothing from elsewhere, nothing inline"
        assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == ["'none'"]
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"] and answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin" and "Access-Control-Allow-Origin" not in answer


def test_cookies_and_transport_are_strict_where_the_address_is_https():
    program = "from renshe.config import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, " \
        "s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE)"
    env = {**os.environ, "RENSHE_ADDRESS": "https://example.invalid"}
    said = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True).stdout.split()
    assert said == ["__Host-sessionid", "__Host-csrftoken", *["True"] * 5, "Lax"]


def test_a_form_from_elsewhere_is_refused():
    _, account = a_resident()
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/logout").status_code == 403
    assert client.get("/me/").status_code == 200, "and nothing was done"


def test_the_session_key_is_new_after_signing_in():
    _, account = a_resident()
    account.set_password("很长的口令2026")
    account.save(update_fields=["password"])
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post("/login", {"username": account.username, "password": "很长的口令2026"})
    assert client.cookies["sessionid"].value not in ("", before)


def test_after_signing_in_nobody_is_sent_elsewhere():
    _, account = a_resident()
    account.set_password("很长的口令2026")
    account.save(update_fields=["password"])
    for wish in ("https://elsewhere.invalid/", "//elsewhere.invalid/", "javascript:alert(1)"):
        answer = Client().post("/login", {"username": account.username, "password": "很长的口令2026", "next": wish})
        assert answer.status_code == 302 and answer["Location"].startswith("/") and not answer["Location"].startswith("//"), wish


def test_signed_out_is_signed_out_and_nothing_stays_in_the_browser():
    _, account = a_resident()
    client = signed_in(account)
    assert client.get("/me/")["Cache-Control"] == "no-store"
    key = client.cookies["sessionid"].value
    assert client.post("/logout")["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["sessionid"] = key
    assert client.get("/me/").status_code == 302


def test_only_our_own_proxy_names_the_caller(settings, monkeypatch):
    seen = []
    monkeypatch.setattr("renshe.portals.auth.admission.visits.begin", lambda *args, **said: seen.append(said["network"]))
    _, account = a_resident()
    account.set_password("很长的口令2026")
    account.save(update_fields=["password"])
    said = {"username": account.username, "password": "很长的口令2026"}
    for settings.RENSHE_PROXY in (False, True):
        Client().post("/login", said, headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
    assert seen == ["127.0.0.1", "203.0.113.9"], "only the hop that our proxy added counts"


@pytest.mark.parametrize("address", [
    "http://127.0.0.1:8000/", "http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/",
    "http://0.0.0.0/", "http://2130706433/", "http://user:pw@example.invalid/", "file:///etc/passwd", "gopher://example.invalid/", "http://x:port/",
])
def test_an_address_inside_is_not_called(address, settings):
    settings.RENSHE_OUTGOING = []
    with pytest.raises(outgoing.Forbidden):
        outgoing.check(address)


def test_the_setting_that_opens_an_inner_address_is_named(settings):
    settings.RENSHE_OUTGOING = []
    with pytest.raises(outgoing.Forbidden, match="RENSHE_OUTGOING"):
        outgoing.check("http://192.168.1.5/")
    settings.RENSHE_OUTGOING = ["192.168.1.5"]
    outgoing.check("http://192.168.1.5/")


def test_a_redirect_is_not_followed(settings):
    settings.RENSHE_OUTGOING = ["127.0.0.1"]
    asked = []

    class Sly(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/inner")
            self.end_headers()

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Sly) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(urllib.error.HTTPError) as fault:
            outgoing.opened(urllib.request.Request(f"http://127.0.0.1:{server.server_port}/"), timeout=120)
        fault.value.close()
    assert asked == ["/"] and fault.value.code == 302


@pytest.mark.parametrize(("fault", "status"), [
    (OperationalError("server closed the connection"), 503), (OSError(errno.ENOSPC, "No space left on device"), 503), (ValueError("ours"), 500),
])
def test_a_full_disk_or_a_lost_database_is_said_plainly(fault, status, monkeypatch):
    def fails(*args, **said):
        raise fault

    monkeypatch.setattr("renshe.kernel.access.visits.lives", fails)
    _, account = a_resident()
    client = Client(raise_request_exception=False)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    page, program = client.get("/me/"), client.get("/api/v1/policies", headers={"Accept": "application/json"})
    assert page.status_code == status and "没有留下一半" in page.content.decode() and str(fault) not in page.content.decode()
    assert program.status_code == status and program.json()["reasons"][0]["text"]
    assert ("Retry-After" in page) == (status == 503)


@pytest.mark.parametrize(("fault", "status"), [
    (OperationalError("database or disk is full"), 200), (DatabaseError("Forced update did not affect any rows."), 400),
], ids=["full", "ended"])
def test_a_session_that_could_not_be_written_is_no_fault_of_the_caller(fault, status, monkeypatch):
    """A page that only reads is shown though the disk is full and nothing notes that the visit goes on; a session ended elsewhere is over."""
    def fails(store, must_create=False):
        raise UpdateError from fault

    _, account = a_resident()
    client = Client(raise_request_exception=False)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/me/").status_code == 200
    monkeypatch.setattr(SessionStore, "save", fails)
    monkeypatch.setattr("renshe.kernel.access.visits.NOTE_EVERY", -1)  # every request writes its session
    assert client.get("/me/").status_code == status


def test_what_must_be_in_the_session_is_not_lost_in_silence(monkeypatch):
    """Django answers 400 when a session is not saved, whatever the reason: a full disk is ours to say."""
    def fails(store, must_create=False):
        raise UpdateError from OperationalError("database or disk is full")

    _, account = a_resident()
    client = Client(raise_request_exception=False)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr(SessionStore, "save", fails)
    monkeypatch.setattr("renshe.kernel.access.visits.lives", lambda session, now: session.update({"began": now, "seen": now}) or True)
    page = client.get("/me/")
    assert page.status_code == 503 and "Retry-After" in page and "没有留下一半" in page.content.decode()
