"""Which days a move may name: a slip of the hand, such as 1999, is refused where it is made, and nowhere later."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cxnlp.backlog.moves import Move

_FAR: Final = timedelta(days=5 * 365)  # what lies further off is a slip
_DAY: Final = timedelta(days=1)  # in UTC it is another day than somewhere


def allowed(column: str, today: date) -> tuple[date, date]:
    """Return the first and the last day that a move of ``today`` may name.

    >>> [str(day) for day in allowed("snoozed_until", date(2026, 11, 2))]
    ['2026-11-03', '2031-11-01']

    Args:
        column: due_on, shipped_on or snoozed_until.
        today: in UTC.
    """
    if column == "shipped_on":
        return today - _FAR, today + _DAY
    return (today + _DAY if column == "snoozed_until" else today - _DAY), today + _FAR


def slips(move: "Move") -> Iterator[str]:
    """Yield what is wrong with the days of a move, in words."""
    today = move.at.astimezone(UTC).date()
    column = {"ship": "shipped_on", "snooze": "snoozed_until"}.get(move.move)
    for name, what, day in ((column, "day", move.on), ("due_on", "due day", move.due_on)):
        if name is None or day is None:
            continue
        first, last = allowed(name, today)
        if not first <= day <= last:
            yield f"found the {what} {day}; allowed: {first} to {last}"
