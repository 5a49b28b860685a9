"""The witness on the network: one address to be asked at, one to be read from. A WSGI application and a small server."""

import html
import socketserver
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from renshe_verify.note import read
from renshe_verify.page import moment
from renshe_witness.judge import Answer, add_checkpoint, public_text
from renshe_witness.memory import TWO_FACES, UNPROVED, Memory, evidence

LARGEST = 64 * 1024
SHOWN = 20
PAGE = "text/html; charset=utf-8"
REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
           409: "Conflict", 413: "Content Too Large", 422: "Unprocessable Entity"}
Start = Callable[[str, list[tuple[str, str]]], Any]


def application(memory: Memory) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """The WSGI application of a witness."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        found = _routed(memory, environ)
        body = found.text.encode()
        start(f"{found.status} {REASONS[found.status]}", [
            ("Content-Type", found.kind), ("Content-Length", str(len(body))), ("X-Content-Type-Options", "nosniff"),
        ])
        return [body]

    return answer


def _routed(memory: Memory, environ: dict[str, Any]) -> Answer:
    path, method = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
    if path == "/add-checkpoint":
        if method != "POST":
            return Answer(405, "请用 POST\n")
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return Answer(400, "Content-Length 不是数字\n")
        if length > LARGEST:
            return Answer(413, "请求过大\n")
        try:
            return add_checkpoint(memory, environ["wsgi.input"].read(length).decode("utf-8"))
        except UnicodeDecodeError:
            return Answer(400, "请求不是UTF-8文本\n")
    if method != "GET":
        return Answer(405, "请用 GET\n")
    if path == "/":
        return Answer(200, _page(memory), PAGE)
    if path == "/key":
        return Answer(200, public_text(memory) + "\n")
    if path == "/checkpoints":
        with memory.open() as db:
            return Answer(200, "\n".join(note for (note,) in db.execute("SELECT note FROM seen ORDER BY origin")))
    return Answer(404, "没有这一页\n")


def _page(memory: Memory) -> str:
    with memory.open() as db:
        logs = db.execute("SELECT origin, size, at FROM seen ORDER BY origin").fetchall()
        lies, unproved = evidence(db, TWO_FACES), evidence(db, UNPROVED)
    rows = "".join(
        f"<tr><td>{html.escape(origin)}</td><td>{size}</td><td>{moment(at)}</td></tr>" for origin, size, at in logs
    ) or "<tr><td colspan=3>还没有见证过</td></tr>"
    parts = "".join(
        f"<h2>{title}（{len(found)}件）</h2><p>{why}。</p><ul>{''.join(_piece(one) for one in found[:SHOWN])}</ul>"
        for title, why, found in (("自相矛盾的证据", TWO_FACES, lies), ("没有得到证明的检查点", UNPROVED, unproved)) if found
    )
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>见证节点</title><h1>见证节点 {html.escape(memory.name)}</h1>'
        f"<p>公钥：<code>{html.escape(public_text(memory))}</code></p>"
        f"<table><tr><th>账本</th><th>已见证条目数</th><th>最近见证</th></tr>{rows}</table>"
        + ("" if lies else "<p>没有发现不一致。</p>") + parts
    )


def _piece(one: tuple[str, int, str, str]) -> str:
    origin, at, before, shown = one
    return f"<li>{moment(at)} {html.escape(origin)}：此前{read(before)[1]}条，出示{read(shown)[1]}条</li>"


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 30

    def log_message(self, form: str, *words: object) -> None:
        """Say nothing for each request: what matters is in the memory."""


def serve(memory: Memory, host: str, port: int) -> None:
    """Serve until stopped."""
    with make_server(host, port, application(memory), server_class=_Server, handler_class=_Quiet) as server:
        print(f"见证节点 {memory.name} http://{host}:{server.server_port}", flush=True)
        server.serve_forever()
