"""HTTP with patience: limits honoured, faults tried again, answers bounded, and no host but the configured ones."""

import base64
import ipaddress
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx

import cxnlp
from cxnlp.channels.items import Unusable
from cxnlp.channels.live.failures import HalfSent, Refusal, Unreachable
from cxnlp.channels.live.tls import said_of, trusted
from cxnlp.channels.live.waits import Waits, asked_seconds, backoff, pause_seconds, said_at

#: An answer may have this many bytes, unpacked, and take this long to come.
MAX_ANSWER_BYTES: Final = 50_000_000
MAX_ANSWER_SECONDS: Final = 180.0
#: How often one request is tried.
ATTEMPTS: Final = 5
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 524, 529})
_MOST_MOVES: Final = 5

Query = Mapping[str, str | int] | list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A whole answer with a status below 400."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said_at(self) -> datetime:
        """When the service gave it, by its own clock."""
        return said_at(self.headers)

    @property
    def next_url(self) -> str | None:
        """The address of the next page, as the Link header says."""
        found = httpx.Response(200, headers=dict(self.headers)).links.get("next", {}).get("url")
        return urljoin(self.url, found) if found else None

    def json(self) -> Any:
        """Return the JSON that it holds.

        Raises:
            HalfSent: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise HalfSent("no whole JSON") from error


class Web:
    """Requests to one service. ``headers`` go with each (a login may add to them), and never to another host."""

    def __init__(
        self, waits: Waits, headers: Mapping[str, str] | None = None, *, authority: Path | None = None
    ) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses, customers' handles among them
        self.waits = waits
        self.headers: dict[str, str] = {"User-Agent": f"cxnlp/{cxnlp.__version__}"} | dict(headers or {})
        self._hosts: set[tuple[str, str]] = set()
        self._client = httpx.Client(
            verify=trusted(authority), timeout=httpx.Timeout(60.0, connect=15.0), follow_redirects=False
        )
        self._pause = 0.0

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def allow(self, url: str) -> None:
        """Let requests go to the host of ``url``, an address from the settings."""
        self._hosts.add(_host(url))

    def sign_in(self, user: str, password: str) -> None:
        """Send user and password with each request (HTTP Basic)."""
        pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        self.headers["Authorization"] = f"Basic {pair}"

    def get(
        self,
        url: str,
        query: Query | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        check: Callable[[Answer], object] = lambda _: None,
    ) -> Answer:
        """Return the answer to GET; ``check`` raises `HalfSent` for one that is worth asking for again.

        Raises:
            Refusal: a status of 4xx.
            Unreachable: no whole answer after five attempts, the certificate is not trusted, the secret is refused, or
                the waits are used up.
            Unusable: it is too big, or leads to another host.
        """
        for _ in range(_MOST_MOVES):
            answer = self._patiently("GET", url, check, params=query, headers=headers)
            if answer.status not in _MOVED:
                return answer
            url, query = urljoin(answer.url, answer.headers.get("location", "")), None
        raise Unusable(f"{_place(url)} leads in a circle. Set the source's `url` to where the service is.")

    def get_json(self, url: str, query: Query | None = None) -> tuple[Any, Answer]:
        """Return the JSON of the answer to GET, and the answer; half a JSON is asked for again. Raises as `get`."""
        answer = self.get(url, query, check=Answer.json)
        return answer.json(), answer

    def post_json(self, url: str, **request: Any) -> Any:
        """Return the JSON of the answer to POST, for logins. Raises as `get`."""
        return self._patiently("POST", url, Answer.json, **request).json()

    def _patiently(self, method: str, url: str, check: Callable[[Answer], object], **request: Any) -> Answer:
        reason = ""
        for attempt in range(1, ATTEMPTS + 1):
            if self._pause:
                self.waits.wait(self._pause)
                self._pause = 0.0
            asked = None
            try:
                answer = self._once(method, url, **request)
                if answer.status not in _TRY_AGAIN:
                    self._pause = pause_seconds(answer.headers)
                    return _accepted(answer, check)
                reason, asked = f"answers {answer.status}", asked_seconds(answer.headers)
            except (httpx.TransportError, httpx.DecodingError, HalfSent) as error:
                if untrusted := said_of(urlsplit(url).hostname or "", error):
                    raise Unreachable(untrusted) from error
                reason = _reason(error)
            if attempt < ATTEMPTS:
                self.waits.wait(max(asked or 0.0, backoff(attempt)))
        raise Unreachable(
            f"{urlsplit(url).hostname} {reason}, {ATTEMPTS} times in a row. What came before is stored. The next run "
            "goes on; if it stays so, look at the service and at this machine's network."
        )

    def _once(self, method: str, url: str, **request: Any) -> Answer:
        if _host(url) not in self._hosts:
            raise Unusable(
                f"The service leads to another host, {printable_host(url)}. Only the hosts of cxnlp.toml are read; set "
                "the source's `url` to that host if it is right."
            )
        request["headers"] = self.headers | dict(request.get("headers") or {})
        ends_at = time.monotonic() + MAX_ANSWER_SECONDS
        with self._client.stream(method, url, **request) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise Unusable(
                        f"{_place(url)} sends more than {MAX_ANSWER_BYTES / 1e6:.0f} MB in one answer. Ask for smaller "
                        "pages in the source's [source.live]."
                    )
                if time.monotonic() > ends_at:
                    raise HalfSent(f"took more than {MAX_ANSWER_SECONDS:.0f} seconds")
            return Answer(response.status_code, str(response.url), dict(response.headers), bytes(body))


def _accepted(answer: Answer, check: Callable[[Answer], object]) -> Answer:
    if answer.status == 401:
        raise Unreachable(
            f"{urlsplit(answer.url).hostname} refuses the secret (401). Put a valid one into the environment variable "
            "or keyring entry that `secret` names; the next run reads it."
        )
    if answer.status >= 400:
        raise Refusal(answer.status, _place(answer.url))
    if answer.status == 200:
        check(answer)
    return answer


def _reason(error: Exception) -> str:
    if isinstance(error, HalfSent):
        return f"sends half an answer ({error})"
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return "cannot be reached"
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time"
    return f"sends half an answer ({type(error).__name__})"


def is_loopback(host: str) -> bool:
    """True for this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def printable_host(url: str) -> str:
    """Return an address's host for a message; it came from outside."""
    host = urlsplit(url).hostname or ""
    return host if host.isascii() and host.replace(".", "").replace("-", "").isalnum() else "(strange)"


def _host(url: str) -> tuple[str, str]:
    """Scheme and host with port. What is no address at all is its own host, which nobody allows.

    >>> _host("HTTPS://Example.org/a") == ("https", "example.org")
    True
    """
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _place(url: str) -> str:
    """An address without its query, which may hold what a customer is called."""
    parts = urlsplit(url)
    path = parts.path if parts.path.isascii() and parts.path.isprintable() else ""
    return f"{printable_host(url)}{path[:120]}"
