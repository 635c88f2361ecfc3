"""What stands before every route: names, sizes, pace, the token, and what browsers are told."""

import asyncio
import ipaddress
import json
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxnlp.serve.tokens import Token

COOKIE: Final = "cxnlp_session"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
LOGIN: Final = "/login"
HEALTH: Final = "/health"
ASSETS: Final = "/assets/"
MOST_BYTES: Final = 65_536
_FOR_PROGRAMS: Final = ("/api/", "/mcp")
#: Paths to which whoever has the token may send a file, and its bytes at most.
UPLOADS: Final = frozenset({"/api/backlog/import", "/api/jobs"})
MOST_UPLOADED_BYTES: Final = 10_000_000

_RATE: Final = 200.0  # requests a second of one address, in the long run
_BURST: Final = 600.0
_WRONG_TOKENS: Final = 10  # of one address within _WRONG_SECONDS; then it is told to wait
_WRONG_SECONDS: Final = 60.0
_ADDRESSES: Final = 10_000
_BODY_SECONDS: Final = 20.0
_PORTS: Final = {"http": "80", "https": "443"}
_PORT: Final = re.compile(r":[0-9]+$")

#: Routes set a policy of their own where they show something.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Policy:
    """Who may ask.

    Attributes:
        token: what changes things, and reads them from elsewhere.
        is_open: whether reading needs no token: this machine alone can ask.
        names: by which the machine may be called beside its addresses.
        is_secure: whether it speaks TLS.
    """

    token: Token
    is_open: bool = True
    names: frozenset[str] = frozenset()
    is_secure: bool = False

    def knows(self, host: str) -> bool:
        """Whether a request's Host is this machine.

        A name that is not known may be another site's, pointed here so that its scripts can read the answers; an
        address cannot.
        """
        name = _without_port(host)
        if name == "localhost" or name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return address.is_loopback or not self.is_open


@dataclass(eq=False)
class Refused(Exception):
    """A request is not let in."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


class Gate:
    """Lets requests in, or says why not."""

    def __init__(self, app: ASGIApp, policy: Policy, clock: Callable[[], float] = time.monotonic) -> None:
        """Stand before ``app``; ``clock`` counts seconds."""
        self._app, self._policy, self._clock = app, policy, clock
        self._pace: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        telling = self._with_headers(send)
        try:
            self._let_in(scope)
            is_upload = scope["state"]["has_token"] and scope["path"] in UPLOADS
            most = MOST_UPLOADED_BYTES if is_upload else MOST_BYTES
            body = await _whole(receive, Headers(scope=scope), most)
        except Refused as refused:
            await _refuse(scope, refused, telling)
            return
        answering = self._app(scope, _again(body, receive), telling)
        await (_while_there(answering, receive) if scope["method"] in SAFE else answering)

    def _let_in(self, scope: Scope) -> None:
        """Raise `Refused`, or note whether the token was given."""
        headers, path = Headers(scope=scope), scope["path"]
        address = (scope.get("client") or ("unknown", 0))[0]
        if not self._policy.knows(headers.get("host", "")):
            raise Refused(421, "unknown_host", "This server does not go by that name. Add it with --name.")
        if not (_is_own(headers) or (scope["method"] in SAFE and _is_visit(path, headers))):
            raise Refused(403, "other_site", "Another site asked for this in your name; it was not done.")
        self._keep_pace(address)
        has_token = self._has_token(address, headers)
        scope.setdefault("state", {})["has_token"] = has_token
        session = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        may_read = self._policy.is_open or has_token or self._policy.token.is_session(session)
        if not may_read and path not in (LOGIN, HEALTH) and not path.startswith(ASSETS):
            if scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", ""):
                raise Refused(303, "login", "Log in first.", {"Location": LOGIN})
            raise Refused(401, "no_token", "This needs the token: Authorization: Bearer …",
                          {"WWW-Authenticate": "Bearer"})  # fmt: skip

    def _has_token(self, address: str, headers: Headers) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return False
        if not self.try_token(address, given.strip()):
            raise Refused(401, "wrong_token", "This is not the token.", {"WWW-Authenticate": "Bearer"})
        return True

    def try_token(self, address: str, given: str) -> bool:
        """Whether this is the token; it is let in however many wrong ones came before, perhaps by the same proxy.

        Raises:
            Refused: wrong, and too often within a minute.
        """
        if self._policy.token.fits(given):
            return True
        now = self._clock()
        wrong = [at for at in self._wrong.get(address, []) if now - at < _WRONG_SECONDS]
        if len(wrong) >= _WRONG_TOKENS:
            raise Refused(429, "too_many_wrong_tokens", "Too many wrong tokens. Wait a minute.", {"Retry-After": "60"})
        self._wrong[address] = [*wrong, now]
        self._wrong.move_to_end(address)
        if len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)
        return False

    def _keep_pace(self, address: str) -> None:
        now = self._clock()
        left, since = self._pace.pop(address, (_BURST, now))
        left = min(_BURST, left + (now - since) * _RATE)
        self._pace[address] = (max(left - 1, 0.0), now)
        if len(self._pace) > _ADDRESSES:
            self._pace.popitem(last=False)
        if left < 1:
            raise Refused(429, "too_fast", "Too many requests. Wait a second.", {"Retry-After": "1"})

    def _with_headers(self, send: Send) -> Send:
        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if self._policy.is_secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        return telling


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()


def _is_own(headers: Headers) -> bool:
    """Whether a request comes from this server's own pages, or from no page at all.

    Schemes are not compared: behind a proxy that speaks TLS, pages are https and what arrives here is http.
    """
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    if (origin := headers.get("origin")) is None:
        return True
    scheme, _, place = origin.lower().partition("://")
    port = _PORTS.get(scheme)
    return port is not None and _with_port(place, port) == _with_port(headers.get("host", "").lower(), port)


def _is_visit(path: str, headers: Headers) -> bool:
    """Whether somebody follows a link to a page here; what a foreign page fetches or embeds is none."""
    is_navigation = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return is_navigation and not path.startswith(_FOR_PROGRAMS)


def _with_port(host: str, port: str) -> str:
    """Return a host with its port, which browsers leave out where it is the scheme's own."""
    return host if _PORT.search(host) else f"{host}:{port}"


async def _whole(receive: Receive, headers: Headers, most: int) -> bytes:
    """Return the body.

    Raises:
        Refused: it is longer than ``most`` bytes, comes too slowly, or its sender left.
    """
    too_long = Refused(413, "too_long", f"More than {most:,} bytes were sent.", {"Connection": "close"})
    said = headers.get("content-length", "0")
    if not said.isdigit() or int(said) > most:
        raise too_long
    if said == "0" and "transfer-encoding" not in headers:
        return b""
    body = bytearray()
    with anyio.move_on_after(_BODY_SECONDS):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise Refused(400, "left", "The sender left.")
            body += message.get("body", b"")
            if len(body) > most:
                raise too_long
            if not message.get("more_body", False):
                return bytes(body)
    raise Refused(408, "too_slow", f"The body took longer than {_BODY_SECONDS:g} s.", {"Connection": "close"})


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body that was received already, then what comes after it."""
    told: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return told.pop() if told else await receive()

    return again


async def _while_there(answering: Awaitable[None], receive: Receive) -> None:
    """Answer, unless whoever asked leaves before that: nobody is to wait for what nobody waits for."""
    asked = asyncio.ensure_future(answering)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((asked, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        asked.cancel()
    await asyncio.wait((asked,))
    if not asked.cancelled():
        asked.result()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(scope: Scope, refused: Refused, send: Send) -> None:
    body = json.dumps({"error": {"code": refused.code, "message": refused.message}}).encode("ascii")
    told = {"content-type": "application/json", "content-length": str(len(body)), **refused.headers}
    headers = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
