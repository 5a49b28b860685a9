"""The examples of `deploy/` in real programs: nginx before the platform, the units judged by systemd."""

import datetime
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.faults.platform import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost that lives as long as the test, and a context that trusts nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


class Proxy:
    """The example as it stands, save for ports, name, certificate and how soon one may ask again (a slow machine asks slowly); `ask` returns status, headers and body, redirects not followed."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.clear, self.sealed, self.context = free_port(), free_port(), certificate(folder)
        text = (DEPLOY / "nginx.conf").read_text()
        for old, new in (
            ("listen 80;", f"listen 127.0.0.1:{self.clear};"), ("listen 443", f"listen 127.0.0.1:{self.sealed}"), ("renshe.example.invalid", "localhost"),
            ("127.0.0.1:8000", f"127.0.0.1:{upstream}"), ("/etc/renshe/tls/", f"{folder}/"), ("rate=2r/s", "rate=2r/m"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        scratch = "".join(f"{one}_temp_path {folder}/{one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{ access_log off;\n{scratch}{text}}}"
        )
        self.command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        judged = subprocess.run([*self.command, "-t"], capture_output=True, text=True)
        assert judged.returncode == 0 and "[warn]" not in judged.stderr, judged.stderr
        self.process = subprocess.Popen(self.command)
        while self.process.poll() is None:
            with socket.socket() as one:
                if not one.connect_ex(("127.0.0.1", self.sealed)):
                    return
            time.sleep(0.05)
        raise AssertionError((folder / "error.log").read_text())

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, clear: bool = False, **headers: str) -> tuple[int, dict[str, str], bytes]:
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: object) -> None:
                return None

        opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=self.context))
        address = f"http://localhost:{self.clear}{path}" if clear else f"https://localhost:{self.sealed}{path}"
        request = urllib.request.Request(address, data=body, method=method, headers={name.replace("_", "-"): text for name, text in headers.items()})
        try:
            with opener.open(request, timeout=120) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, dict(fault.headers), fault.read()


@pytest.fixture
def before(tmp_path) -> Iterator[Callable[[int], Proxy]]:
    """Starts the proxy before what listens at a port."""
    if not Path(NGINX).exists():
        pytest.skip("Debian package nginx-light is missing")
    started: list[Proxy] = []

    def start(upstream: int) -> Proxy:
        started.append(Proxy(tmp_path, upstream))
        return started[-1]

    yield start
    for one in started:
        one.process.terminate()
        one.process.wait()


@pytest.fixture
def echo() -> Iterator[int]:
    """Answers with the headers it was sent."""

    class Echo(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(dict(self.headers)).encode())

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_proxy_writes_over_what_callers_claim_and_holds_back_who_asks_too_often(before, echo):
    proxy = before(echo)
    status, _, body = proxy.ask("/", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http", Forwarded="for=203.0.113.9")
    seen = json.loads(body)
    assert status == 200 and seen["X-Forwarded-For"] == "127.0.0.1" and seen["X-Forwarded-Proto"] == "https" and "Forwarded" not in seen
    assert proxy.ask("/api/v1/declarations/hire", clear=True)[0] == 403
    status, headers, _ = proxy.ask("/me/", clear=True)
    assert status == 301 and headers["Location"].startswith("https://localhost/")
    assert proxy.ask("/", method="TRACE")[0] == 405 and proxy.ask("/.git/config")[0] == 404
    line = http.client.HTTPSConnection("localhost", proxy.sealed, context=proxy.context)
    line.request("POST", "/employer/rosters", headers={"Content-Length": str(23 << 20)})
    assert line.getresponse().status == 413, "before anything of it is sent"
    line.close()
    assert [proxy.ask("/login", method="POST", body=b"")[0] for _ in range(20)].count(429) >= 5
    assert "nginx/" not in proxy.ask("/.git/config")[1]["Server"]


@pytest.fixture
def dying() -> Iterator[tuple[int, list[str]]]:
    """Breaks the line of whatever is asked for the first time, as a killed worker does; answers the second time."""
    asked: list[str] = []

    class Dying(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(f"{self.command} {self.path} {body.decode()}".strip())
            if asked.count(asked[-1]) == 1:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Dying)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


def test_the_proxy_asks_again_what_a_dead_worker_left_when_that_is_safe(before, dying):
    port, asked = dying
    proxy = before(port)
    assert proxy.ask("/employer/staff")[0] == 200 and asked == ["GET /employer/staff"] * 2
    for path in ("/employer/declare/hire", "/api/v1/hires", "/api/v1/rosters"):
        assert proxy.ask(path, method="POST", body=b"once")[0] == 502 and asked.count(f"POST {path} once") == 1, path
    assert proxy.ask("/api/v1/rosters", method="POST", body=b"keyed", Idempotency_Key="k1")[0] == 502, "rosters read no key"
    for path in ("/api/v1/hires", "/api/v1/own/corrections"):
        assert proxy.ask(path, method="POST", body=b"keyed", Idempotency_Key="k1")[0] == 200, path
        assert asked.count(f"POST {path} keyed") == 2, "the same in both"


def test_the_proxy_speaks_no_old_tls(before, echo):
    proxy = before(echo)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is deprecated is the point
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", proxy.sealed)) as line, pytest.raises(OSError):
        old.wrap_socket(line)


def test_a_page_comes_through_the_proxy_whole(before, live_server, settings):
    proxy = before(int(live_server.url.rpartition(":")[2]))
    settings.RENSHE_PROXY, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.CSRF_COOKIE_SECURE = True
    status, headers, body = proxy.ask("/login")
    assert status == 200 and "登录" in body.decode() and "Secure" in headers["Set-Cookie"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body.decode())[1]
    cookie = headers["Set-Cookie"].partition(";")[0]
    form = f"csrfmiddlewaretoken={token}&username=nobody&password=nothing".encode()
    for origin, expected in (("https://localhost", 422), ("https://elsewhere.invalid", 403)):
        status, _, body = proxy.ask("/login", method="POST", body=form, Cookie=cookie, Origin=origin)
        assert status == expected, body.decode()


@pytest.mark.parametrize(("unit", "most"), [("renshe.service", 1.1), ("renshe-backup.service", 2.6)])
def test_the_units_are_sound_and_as_closed_as_the_documents_say(tmp_path, unit, most):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is missing")
    for one in DEPLOY.glob("renshe*"):  # the program itself does not lie where the unit names it
        (tmp_path / one.name).write_text(one.read_text().replace("/opt/renshe/.venv/bin/renshe", "/bin/true"))
    judged = subprocess.run(["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    assert judged.returncode == 0 and judged.stderr == "", judged.stderr
    told = subprocess.run(["systemd-analyze", "security", "--offline=true", tmp_path / unit], capture_output=True, text=True)
    assert float(re.search(r"exposure level for \S+: ([\d.]+)", told.stdout)[1]) <= most, told.stdout[-300:]
