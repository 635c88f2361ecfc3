"""Where an item can stand, and what people may do with it there.

    new → accepted → in_progress → shipped → verified or not_effective → closed

beside that: declined, snoozed, quiet (nobody says so any more and nobody accepted it) and merged (into another item).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import polars as pl

#: State → what it is: the one list of them, in the order of an item's life. The view ``backlog_states`` says the same
#: to queries, and in words; a test compares them.
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "new": frozenset({"open", "waiting"}),
    "accepted": frozenset({"open"}),
    "in_progress": frozenset({"open"}),
    "shipped": frozenset({"open", "shipped", "ended"}),
    "verified": frozenset({"open", "shipped", "ended"}),
    "not_effective": frozenset({"open", "shipped", "ended"}),
    "closed": frozenset({"ended", "over"}),
    "declined": frozenset({"ended", "over"}),
    "snoozed": frozenset({"waiting"}),
    "quiet": frozenset({"waiting", "over"}),
    "merged": frozenset({"over"}),
}


def _of_kind(kind: str) -> tuple[str, ...]:
    return tuple(state for state, kinds in KINDS.items() if kind in kinds)


STATES: Final = tuple(KINDS)

#: Where somebody still has something to do.
OPEN: Final = _of_kind("open")
#: Where nobody has.
AT_REST: Final = tuple(state for state in STATES if state not in OPEN)
#: Where it waits for somebody to take it on.
WAITING: Final = frozenset(_of_kind("waiting"))
#: Where a fix is with customers.
SHIPPED: Final = frozenset(_of_kind("shipped"))
#: Where people have ended the work on it.
ENDED: Final = frozenset(_of_kind("ended"))

_ALIVE: Final = frozenset(STATES) - {"merged"}
_UNDONE: Final = WAITING | {"accepted", "in_progress", "not_effective"}


class Step(NamedTuple):
    """What a move does."""

    event: str  # what the log calls it
    to: str | None  # the state that follows; None: the state stays
    allowed: frozenset[str]  # the states in which it may be made


#: Move → what it does and where it is allowed: the one table of it. What the nights do by themselves is in write.sql.
STEPS: Final[Mapping[str, Step]] = {
    "accept": Step("accepted", "accepted", WAITING),
    "start": Step("started", "in_progress", _UNDONE - {"in_progress"}),
    "ship": Step("shipped", "shipped", _UNDONE | {"shipped"}),  # once more: the day or the words were wrong
    "decline": Step("declined", "declined", _UNDONE),
    "snooze": Step("snoozed", "snoozed", WAITING | {"accepted"}),
    "close": Step("closed", "closed", frozenset(OPEN) - {"new"}),
    "reopen": Step("reopened", "new", _ALIVE - {"new", "quiet"}),
    "note": Step("noted", None, _ALIVE),
    "assign": Step("assigned", None, _ALIVE - (ENDED - SHIPPED)),
}

#: State → the moves that are allowed there.
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    state: tuple(move for move, step in STEPS.items() if state in step.allowed) for state in STATES
}

#: States that people give an item; all others are the nights'.
GIVEN: Final = tuple(state for state in STATES if any(state == step.to for step in STEPS.values()))


@dataclass(frozen=True)
class Standing:
    """What people have made of an item: columns of the table ``backlog`` that no night computes."""

    state: str
    assigned_to: str | None = None
    due_on: date | None = None
    accepted_on: date | None = None
    started_on: date | None = None
    shipped_on: date | None = None
    shipped_what: str | None = None
    shipped_where: str | None = None
    snoozed_until: date | None = None
    state_since: date | None = None


#: Columns of the table ``backlog`` beside those that `cxnlp.backlog.build` computes: `Standing`, but for ``state``.
STANDING: Final[Mapping[str, pl.DataType]] = {
    "assigned_to": pl.String(),
    "due_on": pl.Date(),
    "accepted_on": pl.Date(),
    "started_on": pl.Date(),
    "shipped_on": pl.Date(),
    "shipped_what": pl.String(),
    "shipped_where": pl.String(),  # terms such as "location=Saltwell"; null: everywhere
    "snoozed_until": pl.Date(),
    "state_since": pl.Date(),
}


def shown(state: str) -> str:
    """Return a state as people read it: "in progress"."""
    return state.replace("_", " ")
