"""A service on this machine that speaks HTTP as the real ones do, with faults on demand."""

import json
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer; ``missing`` bytes of the body are not sent though they are announced."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0
    is_announced: bool = True  # False: without Content-Length, so the end of the connection is the end of the body


def page(document: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(document).encode(), status, {"Content-Type": "application/json"} | named)


Answering = Callable[[Asked], Reply]


class LocalService:
    """Answers each path by a function; ``faults`` of a path are given first, one a request."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.now: datetime | None = NOW  # by its own clock; None: it does not say
        self.paths: dict[str, Answering] = {}
        self.faults: dict[str, list[Reply]] = defaultdict(list)
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.faults[asked.path]:
            return self.faults[asked.path].pop(0)
        return self.paths[asked.path](asked) if asked.path in self.paths else page({"error": "not found"}, 404)

    def queries(self, path: str) -> list[dict[str, str]]:
        return [dict(asked.query) for asked in self.asked if asked.path == path]


@contextmanager
def served(certificate: ssl.SSLContext | None = None) -> Iterator[LocalService]:
    service = LocalService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def do_PATCH(self) -> None:
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.answer(Asked(self.command, parts.path, query, headers, body))
            self.send_response_only(reply.status)
            if service.now is not None:
                self.send_header("Date", format_datetime(service.now, usegmt=True))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.is_announced:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) - reply.missing])
            self.close_connection = self.close_connection or bool(reply.missing) or not reply.is_announced

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        server.socket = certificate.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    service.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
