"""Who is let in: the Host header, other sites, the token, sizes and pace."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from cxnlp.serve.gate import COOKIE, MOST_BYTES, Gate, Policy
from cxnlp.serve.tokens import Token
from tests.serve.conftest import HEADER, HERE, TOKEN

Handler = Callable[[Request], Awaitable[JSONResponse]]


async def told(request: Request) -> JSONResponse:
    return JSONResponse({"has_token": request.state.has_token, "n": len(await request.body())})


class Clock:
    """A clock that goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def client(policy: Policy | None = None, base_url: str = HERE, clock: Clock | None = None) -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", told, methods=["GET", "POST"])])
    gate = Gate(app, policy or Policy(Token(TOKEN)), clock or Clock())
    return TestClient(gate, base_url=base_url, follow_redirects=False)


def code(response: object) -> str:
    return str(response.json()["error"]["code"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("host", "is_open", "status"),
    [
        ("127.0.0.1:8765", True, 200),
        ("localhost", True, 200),
        ("[::1]:8765", True, 200),
        ("LOCALHOST:1", True, 200),
        ("cx.example:8765", True, 200),
        ("evil.example", True, 421),
        ("127.0.0.1.evil.example", True, 421),
        ("localhost.evil.example:8765", True, 421),
        ("192.168.7.7:8765", True, 421),  # this machine alone can reach it
        ("", True, 421),
        ("192.168.7.7:8765", False, 200),
        ("evil.example", False, 421),
    ],
)
def test_it_goes_by_its_own_names_only(host: str, is_open: bool, status: int) -> None:
    policy = Policy(Token(TOKEN), is_open, frozenset({"cx.example"}))
    assert client(policy).get("/", headers={"Host": host, **HEADER}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_site_changes_nothing(headers: dict[str, str], status: int) -> None:
    assert client().post("/", headers=headers | HEADER).status_code == status


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("cx.example", "https://cx.example", 200),
        ("cx.example:443", "https://cx.example", 200),
        ("cx.example:8443", "https://cx.example:8443", 200),
        ("[::1]:8765", "http://[::1]:8765", 200),
        ("[::1]", "http://[::1]", 200),
        ("cx.example", "https://cx.example:8443", 403),
        ("cx.example:8443", "https://cx.example", 403),
        ("cx.example", "https://cx.example.evil.example", 403),
        ("cx.example", "https://evil.example", 403),
        ("cx.example", "chrome-extension://cx.example", 403),
        ("cx.example", "cx.example", 403),
    ],
)
def test_behind_a_proxy_that_speaks_tls_its_own_pages_change_things(host: str, origin: str, status: int) -> None:
    asking = client(Policy(Token(TOKEN), is_open=False, names=frozenset({"cx.example"})))
    assert asking.post("/", headers={"Host": host, "Origin": origin, **HEADER}).status_code == status


def test_on_this_machine_reading_is_free_and_the_token_is_noted() -> None:
    asking = client()
    assert asking.get("/").json()["has_token"] is False
    assert asking.get("/", headers=HEADER).json()["has_token"] is True
    assert code(asking.get("/", headers={"Authorization": "Bearer wrong"})) == "wrong_token"
    assert asking.get("/", headers={"Authorization": f"Basic {TOKEN}"}).json()["has_token"] is False


def test_from_elsewhere_everything_needs_the_token() -> None:
    token = Token(TOKEN)
    asking = client(Policy(token, is_open=False))
    assert code(asking.get("/api/moments")) == "no_token"
    assert asking.get("/api/moments", headers=HEADER).status_code == 200
    assert asking.get("/backlog", headers={"Accept": "text/html"}).headers["location"] == "/login"
    assert asking.get("/login").status_code == asking.get("/assets/live.css").status_code == 200
    assert asking.get("/assets/../api/moments").status_code == 401
    asking.cookies.set(COOKIE, token.session())
    assert asking.get("/backlog").json()["has_token"] is False  # a session reads, and changes nothing
    asking.cookies.set(COOKIE, token.session(now=0))
    assert code(asking.get("/backlog")) == "no_token"


def test_who_guesses_tokens_waits_a_minute_and_keeps_nobody_out() -> None:
    clock = Clock()
    asking = client(clock=clock)
    wrong = {"Authorization": "Bearer guess"}
    assert [asking.get("/", headers=wrong).status_code for _ in range(12)] == [401] * 10 + [429] * 2
    assert asking.get("/", headers=HEADER).status_code == 200  # by the same proxy, say
    assert asking.get("/", headers=wrong).status_code == 429
    clock.now = 61
    assert asking.get("/", headers=wrong).status_code == 401


VISIT = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/find?words=late", {}, 200),  # a program
        ("/api/find?words=late", {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ("/backlog/cx-1", VISIT, 200),  # a link in somebody's mail or wiki
        ("/api", VISIT, 200),
        ("/backlog/cx-1", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ("/api/find?words=late", VISIT, 403),
        ("/api/find?words=late", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ("/find?words=late", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
        ("/find?words=late", VISIT | {"Sec-Fetch-Dest": "iframe"}, 403),
        ("/api/moments", {"Origin": "https://evil.example"}, 403),
        ("/mcp", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
    ],
)
def test_another_site_leads_here_and_asks_nothing(path: str, headers: dict[str, str], status: int) -> None:
    assert client().get(path, headers=headers).status_code == status


@pytest.mark.parametrize(("method", "ends"), [("GET", "given up"), ("POST", "done")])
def test_who_leaves_is_not_answered_but_what_was_to_be_changed_is(method: str, ends: str) -> None:
    seen = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.sleep(0.05)
            seen.append("done")
        except asyncio.CancelledError:
            seen.append("given up")
            raise

    async def receive() -> Message:
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(_: Message) -> None: ...

    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    scope = {"type": "http", "method": method, "path": "/", "headers": [(b"host", b"localhost")]}
    with ThreadPoolExecutor(1) as aside:  # a browser of other tests may be at work in this thread
        aside.submit(lambda: asyncio.run(Gate(slow, Policy(Token(TOKEN)))(scope, receive, send))).result()
    assert seen == [ends]


def test_who_asks_too_fast_waits() -> None:
    clock = Clock()
    asking = client(clock=clock)
    asking.get("/api/x", headers={"Sec-Fetch-Site": "cross-site"})  # does not count: another site asks it
    found = [asking.get("/").status_code for _ in range(605)]
    assert found == [200] * 600 + [429] * 5
    clock.now = 1
    assert asking.get("/").status_code == 200


def test_a_body_has_its_size() -> None:
    asking = client()
    assert asking.post("/", content=b"x" * MOST_BYTES).json()["n"] == MOST_BYTES
    assert code(asking.post("/", content=b"x" * (MOST_BYTES + 1))) == "too_long"
    assert code(asking.post("/", content=iter([b"x" * 40_000] * 2))) == "too_long"  # without saying how long it is
    assert code(asking.post("/", headers={"Content-Length": "-1"})) == "too_long"


def test_browsers_are_told_to_be_careful() -> None:
    for response in (client().get("/"), client().get("/", headers={"Host": "evil.example"})):
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
    secure = client(Policy(Token(TOKEN), is_secure=True)).get("/")
    assert "max-age" in secure.headers["strict-transport-security"]
