"""What is to be told, and what became of it: JSON lines that are added, each on the disk before the next step.

A message is ``queued`` once for each receiver and run. Before it goes out it is ``trying``; then it is ``sent``,
``refused`` (the receiver said no: it was not told) or nothing at all, where a kill or a torn connection left it open
whether it was told. It goes out until it is ``sent``, or ``dropped`` after `DAYS_KEPT`: at least once, and under one
id, by which a receiver knows a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from cxnlp.errors import CxnlpError
from cxnlp.teaching import journal

DAYS_KEPT: Final = 14


class OutboxError(CxnlpError):
    """The outbox cannot be read; the message says where, what was found, what is allowed and how to mend it."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Moved(_Line):
    """An item whose state changed since the receiver was told last."""

    item_id: str
    before: str
    after: str


class Message(_Line):
    """What a receiver is to be told of a run; ids, states and days, no words."""

    receiver: str
    run_id: str
    night: date
    opened: tuple[str, ...] = ()  # items that are new since the receiver's last message
    moved: tuple[Moved, ...] = ()
    overdue: tuple[str, ...] = ()  # items that should be accepted or shipped by now
    measured: tuple[str, ...] = ()  # items of which it is newly known whether their fix helped
    alerts: tuple[str, ...] = ()  # early warnings that are new
    states: Mapping[str, str] = {}  # all items, for the next comparison
    verdicts: Mapping[str, str] | None = None  # likewise (`backlog.decided`); None: queued before these were told
    open_alerts: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether anything changed."""
        return bool(self.opened or self.moved or self.measured or self.alerts)


class Entry(_Line):
    """One line."""

    event: Literal["queued", "trying", "refused", "sent", "dropped"]
    id: str
    at: AwareDatetime
    message: Message | None = None  # queued


@dataclass(frozen=True)
class Waiting:
    """A message that is not sent: its id, when it was queued, and whether an earlier attempt may have told it."""

    id: str
    queued_at: AwareDatetime
    message: Message
    is_doubtful: bool = False

    def is_too_old(self, on: date) -> bool:
        """Whether nobody wants to be told that any more."""
        return self.queued_at.date() + timedelta(days=DAYS_KEPT) < on


def read(path: Path) -> list[Entry]:
    """Return the lines, oldest first.

    Raises:
        OutboxError: a line is damaged.
    """
    try:
        return list(journal.read_lines(path, Entry))
    except journal.ReviewError as error:
        place = str(error).partition(": ")[0]
        raise OutboxError(f"{place}: found a damaged line; allowed: lines as the night writes them. Remove that line: "
                          "at worst somebody is told of one night twice, or not.") from None  # fmt: skip


def add(path: Path, entries: Iterable[Entry]) -> None:
    """Add lines; when this returns, they are on the disk, all or none."""
    journal.add_lines(path, entries)


def waiting(entries: Sequence[Entry]) -> list[Waiting]:
    """Return what is not sent, oldest first."""
    done = {entry.id for entry in entries if entry.event in ("sent", "dropped")}
    last = {entry.id: entry.event for entry in entries}
    return [
        Waiting(entry.id, entry.at, entry.message, last[entry.id] == "trying")
        for entry in entries
        if entry.message is not None and entry.id not in done
    ]


def last_of(entries: Sequence[Entry], receiver: str) -> Entry | None:
    """Return the last message that was queued for a receiver."""
    own = (entry for entry in reversed(entries) if entry.message is not None and entry.message.receiver == receiver)
    return next(own, None)


def tidy(path: Path) -> None:
    """Leave out what was sent or dropped, but for each receiver's last message, which the next is compared with."""
    entries = read(path)
    needed = {each.id for each in waiting(entries)}
    receivers = {entry.message.receiver for entry in entries if entry.message is not None}
    needed |= {last.id for receiver in receivers if (last := last_of(entries, receiver))}
    if any(entry.id not in needed for entry in entries):
        journal.change_lines(path, Entry, lambda entry: entry if entry.id in needed else None)
