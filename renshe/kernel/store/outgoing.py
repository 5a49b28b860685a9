"""What the platform may call by itself: addresses that officers enter must not lead it into its own network.

Public hosts may be called; private, local and reserved ones only when RENSHE_OUTGOING names them. Redirects are not
followed: whoever answers must not choose where the next question goes.
"""

import ipaddress
import socket
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings


class Forbidden(ValueError):
    """An address that the platform does not call; says why."""


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None  # the answer 3xx itself comes back, as an HTTPError


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Staying)


def check(address: str) -> None:
    """Raises Forbidden. A host that cannot be resolved now is not refused: it may be up tomorrow, and is checked again then."""
    parts = urlsplit(address)
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise Forbidden("地址应以 http:// 或 https:// 开头，且不带用户名和密码")
    if host in settings.RENSHE_OUTGOING:
        return
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return
    for one in found:
        if not ipaddress.ip_address(str(one).partition("%")[0]).is_global:
            raise Forbidden(f"{host} 是内部地址。确实要访问的，请管理员把它写进 RENSHE_OUTGOING")


def opened(request: urllib.request.Request, *, timeout: float) -> Any:
    """Send a request and give its answer. Raises Forbidden, HTTPError (a redirect is one too), OSError."""
    check(request.full_url)
    return _opener.open(request, timeout=timeout)
