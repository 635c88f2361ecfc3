"""How long to wait for a service, and when its patience is at an end."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from cxnlp.channels.live.failures import Unreachable

#: What a service says of its limits: draft RFC, Mastodon and X, Bluesky, Reddit.
_REMAINING: Final = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
_RESET: Final = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
_EPOCH: Final = 1e9  # a larger number is a moment, a smaller one a time to wait


@dataclass
class Waits:
    """The seconds that one source may wait in one night; `wait` takes from them."""

    left_seconds: float
    sleep: Callable[[float], None] = time.sleep

    def wait(self, seconds: float) -> None:
        """Sleep.

        Raises:
            Unreachable: the night's waits are used up.
        """
        if seconds > self.left_seconds:
            raise Unreachable(
                "The service asks for more patience than `wait_seconds` allows a night: it limits how much may be "
                "read, or fails again and again. What came before is stored. The next run goes on; raise "
                "`wait_seconds`, or ask the service for a higher limit."
            )
        self.left_seconds -= seconds
        self.sleep(seconds)


def backoff(attempt: int) -> float:
    """Return the seconds to wait after the ``attempt``-th failure (from 1): 1, 2, 4, 8 …, at most 60."""
    return float(min(2 ** (attempt - 1), 60))


def asked_seconds(headers: Mapping[str, str]) -> float | None:
    """Return how long the answer asks to wait (Retry-After, else a limit's reset); None when it does not say.

    Dates count from the service's own clock, so that a wrong clock here does no harm.
    """
    now = said_at(headers)
    given = headers.get("retry-after")
    if given is not None and (seconds := _seconds(given, now)) is not None:
        return seconds
    return next((found for name in _RESET if (found := _seconds(headers.get(name, ""), now)) is not None), None)


def pause_seconds(headers: Mapping[str, str]) -> float:
    """Return how long to wait before the next request because this one was the last that the limit allows."""
    remaining = next((headers[name] for name in _REMAINING if name in headers), "")
    try:
        is_last = float(remaining) < 1
    except ValueError:
        return 0.0
    return (asked_seconds(headers) or 0.0) if is_last else 0.0


def said_at(headers: Mapping[str, str]) -> datetime:
    """Return the service's own time of the answer, ours when it does not say."""
    return _moment(headers.get("date", "")) or datetime.now(UTC)


def _seconds(text: str, now: datetime) -> float | None:
    try:
        number = float(text)
    except ValueError:
        moment = _moment(text)
        return None if moment is None else max((moment - now).total_seconds(), 0.0)
    if not math.isfinite(number):
        return None
    return max(number - now.timestamp() if number > _EPOCH else number, 0.0)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
