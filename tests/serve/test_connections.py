"""A real server of few places: who holds them without asking anything does not keep others out."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cxnlp.serve import connections
from cxnlp.serve.connections import Connection

PLACES = 8
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


LARGE = b"x" * 32_000_000


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    await request.body()
    await Response(LARGE if request.url.path == "/large" else b"here")(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with so many places, whose patience is short."""
    monkeypatch.setattr(connections, "_HEAD_SECONDS", 0.3)
    monkeypatch.setattr(connections, "_READING_SECONDS", 0.3)
    config = uvicorn.Config(app, http=Connection, ws="none", lifespan="off", log_level="critical",
                            limit_concurrency=PLACES)  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        running.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        running.join(10)


def opened(port: int, words: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=5)
    made.sendall(words)
    return made


def is_closed(connection: socket.socket) -> bool:
    """Whether the server closes it, within a few seconds."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_half_requests_do_not_keep_others_out(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_HEAD_SECONDS", 60.0)
    halves = [opened(port, HEAD) for _ in range(3 * PLACES)]
    bodies = [opened(port, b"POST" + HEAD[3:] + b"Content-Length: 9\r\n\r\n1") for _ in range(PLACES)]
    assert [httpx.get(f"http://127.0.0.1:{port}/").text for _ in range(3)] == ["here"] * 3
    for each in halves + bodies:
        each.close()


def test_a_head_has_its_time_at_first_and_again(port: int) -> None:
    with opened(port, HEAD) as first:
        assert is_closed(first)
    with opened(port, HEAD + b"\r\n") as second:
        answer = second.recv(9_999)
        while not answer.endswith(b"here"):
            answer += second.recv(9_999)
        second.sendall(HEAD)
        assert is_closed(second)


def test_a_connection_that_is_kept_may_pause_between_requests(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        first = client.get("/").extensions["network_stream"].get_extra_info("client_addr")
        time.sleep(0.6)
        assert client.get("/").extensions["network_stream"].get_extra_info("client_addr") == first


def test_who_does_not_read_is_not_waited_for(port: int) -> None:
    with opened(port, b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n") as deaf:
        time.sleep(1)
        n_bytes = 0
        with suppress(ConnectionResetError):
            while got := deaf.recv(1_000_000):
                n_bytes += len(got)
    assert n_bytes < len(LARGE)
