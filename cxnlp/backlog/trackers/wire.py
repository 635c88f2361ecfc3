"""Requests that change something elsewhere: sent once, and again only where that cannot do it twice.

Limits are waited for. What may have been done although no whole answer came is `Unclear` and never repeated here; an
answer is bounded; no host but the tracker's own is asked, and redirects are not followed.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

import cxnlp
from cxnlp.backlog.trackers.failures import Refused, Unclear, Unreachable
from cxnlp.channels.live.failures import Unreachable as Untrusted
from cxnlp.channels.live.tls import said_of, trusted
from cxnlp.channels.live.waits import asked_seconds, backoff, pause_seconds

#: How often one request is tried.
ATTEMPTS: Final = 5
_MOST_BYTES: Final = 20_000_000
_MOST_SECONDS: Final = 120.0
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,39}")
_ALL_IS_WELL: Final = 300
_FAULTS: Final = 500


@dataclass(frozen=True)
class Request:
    """One request as it goes out; a token is added on the way and is never shown."""

    method: str
    url: str
    json: Any = None

    def shown(self) -> dict[str, Any]:
        """The request as plain values."""
        return {"method": self.method, "url": self.url, "json": self.json}


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return what it holds; None where it is empty.

        Raises:
            ValueError: that is no JSON.
        """
        try:
            return json.loads(self.body) if self.body.strip() else None
        except RecursionError as error:
            raise ValueError("nested absurdly deep") from error


#: Says how many seconds the answer to an attempt (from 1) asks to wait because of a limit, with nothing done; None for
#: any other answer.
Limit = Callable[[Answer, int], float | None]


def usual_limit(answer: Answer, attempt: int) -> float | None:
    """Return the seconds that a 429 asks for, 0 where it does not say; None for any other answer."""
    return (asked_seconds(answer.headers) or 0.0) if answer.status == httpx.codes.TOO_MANY_REQUESTS else None


class Wire:
    """The connection to one tracker.

    Args:
        base_url: of its API; paths are below it.
        headers: sent with each request, the token among them.
        limit: how its answers speak of limits.
        wait_seconds: for limits and faults, in all.
        gap_seconds: between two requests that change something.
        authority: certificates to trust besides the usual.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        wait_seconds: float,
        limit: Limit = usual_limit,
        gap_seconds: float = 0.0,
        authority: Path | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses
        self.base_url = str(httpx.URL(base_url)).rstrip("/")  # spelled as httpx spells what is below it
        self._limit, self._gap, self._sleep = limit, gap_seconds, sleep
        self._left = wait_seconds
        self._pause = 0.0
        self._has_written = False
        try:
            context = trusted(authority)
        except Untrusted as error:
            raise Unreachable(str(error)) from error
        self._client = httpx.Client(
            verify=context,
            timeout=httpx.Timeout(60.0, connect=15.0),
            follow_redirects=False,
            headers={"User-Agent": f"cxnlp/{cxnlp.__version__}", "Accept": "application/json"} | dict(headers),
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def get(self, path: str, **query: str | int) -> Any:
        """Return the JSON of the answer to GET. Raises as `read`."""
        url = httpx.URL(self.base_url + path, params=query) if query else self.base_url + path
        return self.read(Request("GET", str(url)))

    def read(self, request: Request) -> Any:
        """Return the JSON of the answer to a request that changes nothing, or may be done twice.

        Raises:
            Refused: a status of 3xx or 4xx.
            Unreachable: no whole answer after five attempts, an untrusted certificate, a refused token, or the waits
                are used up.
        """
        return self._send(request, is_repeatable=True)

    def write(self, request: Request, *, is_repeatable: bool) -> Any:
        """Send what changes something; return the JSON of the answer, None where it is empty.

        Raises:
            Unclear: it is not repeatable, and may have been done.
            Refused, Unreachable: as `read`; nothing was done.
        """
        if self._has_written and self._gap:
            self._sleep(self._gap)
        self._has_written = True
        return self._send(request, is_repeatable=is_repeatable)

    def _send(self, request: Request, *, is_repeatable: bool) -> Any:
        host, reason = urlsplit(request.url).hostname or "", ""
        for attempt in range(1, ATTEMPTS + 1):
            seconds = 0.0
            if self._pause:
                self._wait(self._pause)
                self._pause = 0.0
            try:
                answer = self._once(request)
                asked = self._limit(answer, attempt)
                if asked is None and answer.status < _FAULTS and answer.status != httpx.codes.REQUEST_TIMEOUT:
                    self._pause = pause_seconds(answer.headers)
                    return _accepted(answer, request)
                reason, seconds = f"answers {answer.status}", asked or asked_seconds(answer.headers) or 0.0
                is_done_maybe = asked is None
            except (httpx.TransportError, httpx.DecodingError, ValueError) as error:
                if untrusted := said_of(host, error, "`authority` of this [[tracker]]"):
                    raise Unreachable(untrusted) from error
                reason = _reason(error)
                is_done_maybe = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            if is_done_maybe and not is_repeatable:
                raise Unclear(f"{host} {reason}, and may have done it. The next sync looks before it sends again.")
            wait = max(seconds, backoff(attempt))
            if attempt == ATTEMPTS or (not seconds and wait > self._left):  # nobody asked for patience
                break
            self._wait(wait)
        times = "once" if attempt == 1 else f"{attempt} times in a row"
        raise Unreachable(
            f"{host} {reason}, {times}. What came before is kept. The next sync goes on; if it stays "
            "so, look at the tracker and at this machine's network."
        )

    def _once(self, request: Request) -> Answer:
        if not request.url.startswith(f"{self.base_url}/"):
            raise Unreachable(
                f"{urlsplit(request.url).hostname} is not the tracker's own host; nothing was sent to it."
            )
        ends_at = time.monotonic() + _MOST_SECONDS
        with self._client.stream(request.method, request.url, json=request.json) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES or time.monotonic() > ends_at:
                    raise ValueError("too much")
            return Answer(response.status_code, dict(response.headers), bytes(body))

    def _wait(self, seconds: float) -> None:
        if seconds > self._left:
            raise Unreachable(
                "the tracker asks for more patience than `wait_seconds` allows a sync: it limits how much may be sent, "
                "or has a fault. What came before is kept. The next sync goes on; or raise `wait_seconds`."
            )
        self._left -= seconds
        self._sleep(seconds)


def _accepted(answer: Answer, request: Request) -> Any:
    parts = urlsplit(request.url)
    place = f"{parts.hostname}{parts.path}"
    if answer.status == httpx.codes.UNAUTHORIZED:
        raise Unreachable(
            f"{parts.hostname} refuses the token (401). Put a valid one where `token` of this [[tracker]] points."
        )
    if answer.status >= httpx.codes.BAD_REQUEST:
        raise Refused(answer.status, place, _fields(answer))
    if answer.status >= _ALL_IS_WELL:
        raise Refused(
            answer.status, place, why="It has moved. Set `url` or `project` of this [[tracker]] to its place."
        )
    return answer.json()


def _fields(answer: Answer) -> list[str]:
    """Which fields it complains of; its sentences may repeat what was sent, and are left out."""
    try:
        errors = answer.json().get("errors")
    except (ValueError, AttributeError):
        return []
    names = list(errors) if isinstance(errors, dict) else []
    if isinstance(errors, list):
        names = [each.get("field") for each in errors if isinstance(each, dict)]
    return [name for name in names if isinstance(name, str) and _FIELD.fullmatch(name)][:8]


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return "cannot be reached"
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time"
    return "sends half an answer"
