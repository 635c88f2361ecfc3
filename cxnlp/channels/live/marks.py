"""Where in a table's order a night ended, kept as text in the ledger."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

from cxnlp.channels.dates import parse_when
from cxnlp.channels.items import Unusable

Value = int | float | str | Decimal | datetime | date

_READ: Final[Mapping[str, Callable[[str], Value]]] = {
    "int": int, "float": float, "str": str, "Decimal": Decimal,
    "datetime": datetime.fromisoformat, "date": date.fromisoformat,
}  # fmt: skip
#: Numbers are given out before transactions end: so many are read again.
_NUMBERS_AGAIN: Final = 1_000
#: A time without a zone may be of any of them.
_ZONES: Final = timedelta(hours=14)
_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True)
class Mark:
    """A value of a cursor column."""

    value: Value

    def written(self) -> str:
        """Return it as text that keeps its kind."""
        value = self.value
        return json.dumps([type(value).__name__, value.isoformat() if isinstance(value, date) else str(value)])

    @classmethod
    def read(cls, text: str | None) -> "Mark | None":
        """Return what ``written`` gave; None for None."""
        if text is None:
            return None
        kind, value = json.loads(text)
        return cls(_READ[kind](value))


def of_value(value: Any, column: str) -> Mark:
    """Return the mark of a value of ``column``.

    Raises:
        Unusable: it is of a kind that has no order to go on from.
    """
    if type(value).__name__ not in _READ:
        raise Unusable(f"Column {column!r} holds {type(value).__name__}; a cursor is a time, a date, a number or a "
                       "text. Set `cursor` to such a column.")  # fmt: skip
    return Mark(value)


def again(mark: Mark, overlap_days: float) -> Value:
    """Return the value to read from: rows of transactions that ended late lie before the last one seen."""
    value = mark.value
    if isinstance(value, datetime):
        return value - timedelta(days=overlap_days)
    if isinstance(value, date):
        return value - timedelta(days=ceil(overlap_days))
    return value - _NUMBERS_AGAIN if isinstance(value, int | Decimal) else value


def is_future(value: object) -> bool:
    """True for a time that has not come yet in any time zone."""
    now = datetime.now(UTC)
    if isinstance(value, datetime):
        return value > now if value.tzinfo else value.replace(tzinfo=UTC) > now + _ZONES
    if isinstance(value, date):
        return value > (now + _ZONES).date()
    moment = parse_when(value, day_first=True, zone=_UTC) if isinstance(value, str) and "-" in value else None
    return moment is not None and moment > now + _ZONES
