"""A signed webhook, as https://www.standardwebhooks.com describes it: POST of JSON with id, time and HMAC-SHA256."""

import base64
import binascii
import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

import cxnlp
from cxnlp.channels.live.failures import Unreachable
from cxnlp.channels.live.tls import said_of, trusted
from cxnlp.channels.live.waits import asked_seconds, backoff
from cxnlp.notify.attempt import Attempt
from cxnlp.settings import SettingsError

PREFIX: Final = "whsec_"
ATTEMPTS: Final = 3
_LONGEST_WAIT_SECONDS: Final = 30.0
_KEY_BYTES: Final = range(24, 65)
_TRY_AGAIN: Final = frozenset({408, 425, 429})
MAKE: Final = "`echo whsec_$(openssl rand -base64 32)` makes one"


def keys_of(secret: str, what: str) -> list[bytes]:
    """Return the keys of a secret: whsec_ and 24 to 64 bytes in base64; several with blanks between while it changes.

    Raises:
        SettingsError: it is none.
    """
    keys = []
    for part in secret.split():
        try:
            key = base64.b64decode(part.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            key = b""
        if not part.startswith(PREFIX) or len(key) not in _KEY_BYTES:
            raise SettingsError(f"{what}: found something else than a webhook's secret; allowed: {PREFIX} and 24 to 64 "
                                f"random bytes in base64. {MAKE}.")  # fmt: skip
        keys.append(key)
    return keys


def signature(keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header webhook-signature: ``v1,`` and base64 of HMAC-SHA256 of id.timestamp.body, one for each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.digest(key, signed, hashlib.sha256) for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode('ascii')}" for digest in digests)


def headers(keys: Sequence[bytes], message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of one attempt."""
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": f"cxnlp/{cxnlp.__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(keys, message_id, timestamp, body),
    }


def deliver(
    url: str,
    keys: Sequence[bytes],
    message_id: str,
    body: bytes,
    *,
    authority: Path | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Attempt:
    """POST a body, three times at most, always under the same id; redirects are not followed."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses
    try:
        context = trusted(authority)
    except Unreachable as error:
        return Attempt("refused", str(error))
    attempt = Attempt("refused", "")
    is_doubtful = False
    with httpx.Client(verify=context, timeout=httpx.Timeout(20.0, connect=10.0), follow_redirects=False) as client:
        for number in range(1, ATTEMPTS + 1):
            attempt, wait = _once(client, url, headers(keys, message_id, body, datetime.now(UTC)), body)
            is_doubtful = is_doubtful or attempt.result == "unclear"
            if attempt.result == "sent" or wait is None:
                break
            if number < ATTEMPTS:
                sleep(min(max(wait, backoff(number)), _LONGEST_WAIT_SECONDS))
    return Attempt("unclear", attempt.words) if is_doubtful and attempt.result == "refused" else attempt


def _once(client: httpx.Client, url: str, sent: dict[str, str], body: bytes) -> tuple[Attempt, float | None]:
    """One request, and how long to wait before the next; None: another one would not help."""
    host = httpx.URL(url).host
    try:
        with client.stream("POST", url, content=body, headers=sent) as answer:
            status, asked = answer.status_code, asked_seconds(answer.headers)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        if untrusted := said_of(host, error):
            return Attempt("refused", untrusted.replace("[source.live]", "this [[notify]]")), None
        return Attempt("refused", f"{host} cannot be reached"), 0.0
    except httpx.HTTPError:
        return Attempt("unclear", f"{host} did not answer in time, or not wholly"), 0.0
    if httpx.codes.is_success(status):
        return Attempt("sent", f"{host} answered {status}"), None
    if httpx.codes.is_redirect(status):
        return Attempt("refused", f"{host} answered {status}: it has moved. Set `url` of this [[notify]] anew"), None
    is_temporary = status in _TRY_AGAIN or httpx.codes.is_server_error(status)
    return Attempt("refused", f"{host} answered {status}"), (asked or 0.0) if is_temporary else None
